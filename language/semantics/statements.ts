import type { NodeKind, NodeOfKind, TreeNode } from "../syntax/tree.ts";
import type { Collector } from "./collector.ts";

/** All statements of one kind, in the order of the text. */
export function every<Kind extends NodeKind>(statements: readonly TreeNode[], kind: Kind): NodeOfKind<Kind>[] {
  return statements.filter((statement): statement is NodeOfKind<Kind> => statement.kind === kind);
}

/** The one statement of a kind that may stand once; a second one is reported, and the first one counts. */
export function single<Kind extends NodeKind>(
  statements: readonly TreeNode[],
  kind: Kind,
  what: string,
  where: string,
  out: Collector,
): NodeOfKind<Kind> | undefined {
  const [first, ...others] = every(statements, kind);
  for (const other of others) repeated(first, other, what, where, out);
  return first;
}

/** Reports a statement that is there a second time. */
export function repeated(
  first: TreeNode | undefined,
  again: TreeNode,
  what: string,
  where: string,
  out: Collector,
): void {
  const labels = first === undefined ? [] : [{ span: first.span, text: "said here first" }];
  out.report("policy/repeated", again.span, { what, where }, { labels });
}

/** Whether some statements did not parse: what seems to be missing may be in them. */
export function isIncomplete(statements: readonly TreeNode[]): boolean {
  return statements.some((statement) => statement.kind === "Broken");
}
