import type { Measure } from "../../language/semantics/checked/measure.ts";
import type { CheckedDataset, CheckedPolicy } from "../../language/semantics/checked/policy.ts";
import type { Item, NodeKind, NodeOfKind, Policy } from "../../language/syntax/tree.ts";
import { positionAt, type Span } from "../../language/text/source.ts";
import { driftWords, metricWords } from "./metric-words.ts";
import { rate } from "./quantities.ts";
import type { Explanation } from "./sentence.ts";

/** What every chapter reads from: the checked policy, the places of its statements, and which values nobody wrote. */
export class Reader {
  readonly policy: CheckedPolicy;
  /** The policy as it is written, or as a template and what fills it in are merged; places of statements and texts that decide nothing come from it. */
  readonly node: Policy | undefined;
  readonly #assumed: ReadonlySet<string>;
  readonly #words = new Map<string, string>();

  constructor(policy: CheckedPolicy, node: Policy | undefined) {
    this.policy = policy;
    this.node = node;
    this.#assumed = new Set(policy.defaults.map(({ path }) => path));
  }

  line(span: Span): number {
    return span.path === this.policy.source.path ? positionAt(this.policy.source, span.start).line : this.firstLine;
  }

  get firstLine(): number {
    return positionAt(this.policy.source, this.policy.span.start).line;
  }

  /** Items of one kind, as they are written. */
  items<Kind extends Item["kind"]>(kind: Kind): Extract<Item, { kind: Kind }>[] {
    return (this.node?.items ?? []).filter((item): item is Extract<Item, { kind: Kind }> => item.kind === kind);
  }

  /** The line of a block's first statement of a kind; of the block, or of the policy, where it is not written. */
  at<Kind extends NodeKind>(
    block:
      | { readonly span: Span; readonly statements: readonly { readonly kind: NodeKind; readonly span: Span }[] }
      | undefined,
    kind: Kind,
    fits: (node: NodeOfKind<Kind>) => boolean = () => true,
  ): number {
    const found = block?.statements.find(
      (one): one is NodeOfKind<Kind> => one.kind === kind && fits(one as NodeOfKind<Kind>),
    );
    const span = found?.span ?? block?.span;
    return span === undefined ? this.firstLine : this.line(span);
  }

  /** The rates that a block expects, as they are written: `about 60 requests a second`. */
  expected(block: { readonly statements: readonly { readonly kind: NodeKind }[] } | undefined): readonly string[] {
    return (block?.statements ?? []).flatMap((one) => {
      if (one.kind !== "Expect") return [];
      const { count, per, noun } = one as NodeOfKind<"Expect">;
      if (count.kind !== "Quantity" || per.kind !== "Quantity" || count.unit === "bad" || per.unit === "bad") return [];
      return [rate(count.value, noun.text.slice(0, -1), per.value)];
    });
  }

  isDefault(path: string): boolean {
    return this.#assumed.has(path);
  }

  /** ` (default)` behind a value that nobody wrote. */
  mark(path: string): string {
    return this.isDefault(path) ? " (default)" : "";
  }

  dataset(name: string): CheckedDataset | undefined {
    return this.policy.datasets.find((dataset) => dataset.name === name);
  }

  /** The dataset whose holdout the gates judge. */
  get judged(): CheckedDataset | undefined {
    return this.policy.datasets.find((dataset) => dataset.holdout !== undefined);
  }

  explain(word: string, meaning: string): void {
    this.#words.set(word, meaning);
  }

  /** Notes the metric or distance of a measure, so that its meaning is told once, at the end. */
  explainMeasure(measure: Measure): void {
    const words =
      measure.kind === "prediction"
        ? metricWords[measure.metric]
        : measure.kind === "drift" || measure.kind === "score_drift"
          ? driftWords[measure.name]
          : measure.kind === "share_drifted"
            ? driftWords[measure.by]
            : undefined;
    if (words !== undefined) this.explain(words.name, words.meaning);
  }

  get words(): readonly Explanation[] {
    return [...this.#words].map(([word, meaning]) => ({ word, meaning }));
  }
}
