import type { Place } from "../../../compiler/plan/common.ts";
import type { PipelinePlan } from "../../../compiler/plan/plan.ts";
import type { Code } from "../../../language/diagnostics/catalog/catalog.ts";
import type { Diagnostic } from "../../../language/diagnostics/diagnostic.ts";
import { diagnostic } from "../../../language/diagnostics/report.ts";
import type { Span } from "../../../language/text/source.ts";

/** Turns a place of the plan back into a span of the source it came from. */
export type Locate = (place: Place) => Span;

/** Where a plan has a construct. `detail` is what the diagnostic says of it beside its name. */
export interface Occurrence {
  readonly place: Place;
  readonly detail?: Readonly<Record<string, string | number>>;
}

/** Where a construct stands that is about to be refused. */
export interface Refusal {
  readonly target: string;
  readonly plan: PipelinePlan;
  readonly occurrence: Occurrence;
  readonly span: Span;
  /** Why, as the table has it. */
  readonly how: string;
  /** The option of the environment that makes it so. */
  readonly option: string | undefined;
}

/** Something that a policy or an environment can ask of an engine: a row of the capability table. */
export interface Construct {
  /** As the table and the diagnostics name it. */
  readonly name: string;
  readonly chapter: "trigger" | "steps" | "conditions" | "rollout" | "environment";
  /** Everywhere that a plan has it. `target`: the engine whose options are meant. */
  find(plan: PipelinePlan, target: string): readonly Occurrence[];
  /** Code of the diagnostic that refuses it. */
  readonly code: Code;
  refuse(refusal: Refusal): Diagnostic;
}

type Find = Construct["find"];

/** A construct that is refused as `target/unsupported`: the language allows it, and the engine has nothing that does it. */
export function construct(chapter: Construct["chapter"], name: string, find: Find): Construct {
  return {
    name,
    chapter,
    find,
    code: "target/unsupported",
    refuse: ({ target, occurrence, span, how, option }) => {
      const where = option === undefined ? "" : ` with \`${option}\``;
      return diagnostic("target/unsupported", span, { target, construct: named(name, occurrence) + where, how });
    },
  };
}

/** What a diagnostic calls a construct: the row's name, or more closely what stands in the policy. */
export function named(name: string, { detail }: Occurrence): string {
  return String(detail?.["construct"] ?? name);
}

/** A construct whose refusal has a code, and so a page, of its own. */
export function constructOf(
  chapter: Construct["chapter"],
  name: string,
  find: Find,
  code: Code,
  refuse: Construct["refuse"],
): Construct {
  return { name, chapter, find, code, refuse };
}

/** Where to show what concerns the whole policy. */
export function policyPlace(plan: PipelinePlan): Place {
  const [first] = plan.retrain.nodes;
  if (first === undefined) throw new Error("a plan without nodes");
  return first.place;
}

/** The whole policy, where a condition on it holds. */
export const wholePolicy =
  (holds: (plan: PipelinePlan, target: string) => boolean): Find =>
  (plan, target) =>
    holds(plan, target) ? [{ place: policyPlace(plan) }] : [];

export const places = (found: readonly { readonly place: Place }[]): Occurrence[] =>
  found.map(({ place }) => ({ place }));
