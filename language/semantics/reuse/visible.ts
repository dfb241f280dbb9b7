import { walk } from "../../syntax/child-keys.ts";
import type { Dataset, FileNode, Freeze, Gate, Import, Metric, TreeNode } from "../../syntax/tree.ts";
import type { Collector } from "../collector.ts";
import { every } from "../statements.ts";
import { substitutionsOf } from "../substitution.ts";
import type { LinkedFile } from "./link.ts";
import type { Origin } from "./origins.ts";

/** A gate that stands beside policies or is imported; `home` is the file whose names it uses. */
export interface SharedGate {
  readonly node: Gate;
  /** Absent where the gate uses the names of the policy's own file. */
  readonly home?: LinkedFile;
}

/** What stands beside a policy and can be used in it. */
export interface Visible {
  readonly datasets: readonly Dataset[];
  readonly metrics: readonly Metric[];
  readonly gates: readonly SharedGate[];
  readonly freezes: readonly Freeze[];
  readonly unresolved: ReadonlySet<string>;
  readonly origins: readonly Origin[];
}

/** What the policies of a file can use: what the file declares and what it imports. */
export function visibleIn(file: LinkedFile): Visible {
  const { declarations } = file.parsed.file;
  const imported = file.imported;
  return {
    datasets: [
      ...every(declarations, "Dataset"),
      ...imported.flatMap(({ node }) => (node.kind === "Dataset" ? [node] : [])),
    ],
    metrics: [
      ...every(declarations, "Metric"),
      ...imported.flatMap(({ node }) => (node.kind === "Metric" ? [node] : [])),
    ],
    gates: [
      ...every(declarations, "Gate").map((node) => ({ node })),
      ...imported.flatMap(({ node, home }) => (node.kind === "Gate" ? [{ node, home }] : [])),
    ],
    freezes: every(declarations, "Freeze"),
    unresolved: file.unresolved,
    origins: imported.map(({ node, name }) => ({ span: node.span, label: { span: name.span, text: "imported here" } })),
  };
}

/** What a policy can use that is made from a template of another file: of that file, what the template mentions. */
export function withTemplate(own: Visible, template: TreeNode, home: LinkedFile): Visible {
  const there = visibleIn(home);
  const names = mentions([template]);
  const only = <Node extends { readonly name: { readonly text: string } }>(
    nodes: readonly Node[],
    have: readonly Node[],
  ) => nodes.filter((node) => names.has(node.name.text) && !have.includes(node));
  return {
    datasets: [...own.datasets, ...only(there.datasets, own.datasets)],
    metrics: [...own.metrics, ...only(there.metrics, own.metrics)],
    gates: [
      ...own.gates,
      ...there.gates
        .filter(({ node }) => names.has(node.name.text) && !own.gates.some((other) => other.node === node))
        .map(({ node, home: from }) => ({ node, home: from ?? home })),
    ],
    freezes: own.freezes,
    unresolved: new Set([...own.unresolved, ...there.unresolved]),
    origins: [...own.origins, ...there.origins],
  };
}

/** All names that some nodes may use of what stands beside them. */
export function mentions(nodes: readonly TreeNode[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const root of nodes) {
    walk(root, (node) => {
      if (node.kind === "Operand") for (const name of node.path) names.add(name.text);
      if (node.kind === "Validate" || node.kind === "DataCause") names.add(node.dataset.text);
      if (node.kind === "Use") names.add(node.name.text);
      if (node.kind === "TemplateUse") names.add(node.template.text);
      if (node.kind === "Text" && node.raw.includes("${"))
        for (const { written } of substitutionsOf(node)) names.add(written.split(".")[0] ?? "");
      return undefined;
    });
  }
  return names;
}

/** Reports imported names that nothing in a file uses. A gate is used by every policy beside it, and so is the dataset with the held-out rows. */
export function lintImports(file: LinkedFile, out: Collector): void {
  const declarations = file.parsed.file.declarations;
  if (file.imported.length === 0) return;
  const names = mentions(declarations.filter(({ kind }) => kind !== "Import"));
  const hasPolicies = every(declarations, "Policy").length > 0;
  for (const { name, node } of file.imported) {
    const judged = node.kind === "Dataset" && every(node.statements, "Holdout").length > 0;
    if (names.has(name.text) || (hasPolicies && (node.kind === "Gate" || judged))) continue;
    out.report("import/unused", name.span, { name: name.text }, { fixes: removal(file.parsed.file, name.text) });
  }
}

/** The edit that takes a name out of its import, or the whole import where it is the only one. */
function removal(file: FileNode, name: string) {
  const node: Import | undefined = every(file.declarations, "Import").find((one) =>
    one.names.some((other) => other.text === name),
  );
  if (node === undefined) return [];
  const index = node.names.findIndex((other) => other.text === name);
  const here = node.names[index];
  const before = node.names[index - 1];
  const after = node.names[index + 1];
  if (here === undefined) return [];
  const span =
    before !== undefined
      ? { ...here.span, start: before.span.end }
      : after !== undefined
        ? { ...here.span, end: after.span.start }
        : node.span;
  return [{ label: `remove \`${name}\` from the import`, edits: [{ span, text: "" }] }];
}
