import type { FileNode, NodeKind, TreeNode } from "../../syntax/tree.ts";

/** The stretch of a text that one statement takes: all of a simple statement; of a block what stands before its first statement. */
export interface Region {
  readonly start: number;
  readonly end: number;
  /** The policy around it, or the policy itself; nothing for what stands beside policies. */
  readonly policy: string | undefined;
}

/** Kinds that hold statements, and the key under which they do. */
const bodies: Partial<Record<NodeKind, string>> = {
  File: "declarations",
  Policy: "items",
  Template: "items",
  Override: "items",
  Model: "statements",
  Dataset: "statements",
  Columns: "columns",
  Metric: "statements",
  Trigger: "statements",
  CauseGroup: "causes",
  Validate: "statements",
  Step: "statements",
  Gate: "statements",
  RequirementGroup: "requirements",
  Rollout: "statements",
  Stage: "statements",
  Notify: "statements",
  Guardrail: "statements",
  Scenario: "statements",
  Environment: "variables",
  Resources: "entries",
};

/** All regions of a file by their starts. They do not overlap. */
export function regionsOf(file: FileNode): readonly Region[] {
  const regions: Region[] = [];
  const visit = (node: TreeNode, policy: string | undefined): void => {
    const inner = statementsIn(node);
    const own = node.kind === "Policy" ? node.name.text : policy;
    if (node.kind !== "File") {
      regions.push({ start: node.span.start, end: inner[0]?.span.start ?? node.span.end, policy: own });
    }
    for (const child of inner) visit(child, own);
  };
  visit(file, undefined);
  return regions.sort((left, right) => left.start - right.start);
}

function statementsIn(node: TreeNode): readonly TreeNode[] {
  const key = bodies[node.kind];
  const fields = node as unknown as Readonly<Record<string, readonly TreeNode[] | undefined>>;
  return key === undefined ? [] : (fields[key] ?? []);
}

/** The last region that starts at or before an offset; it need not reach as far. Takes logarithmic time. */
export function regionAt(regions: readonly Region[], offset: number): Region | undefined {
  const index = firstAfter(regions, offset) - 1;
  return regions[index];
}

/** The first region that starts at or after an offset. Takes logarithmic time. */
export function regionFrom(regions: readonly Region[], offset: number): Region | undefined {
  return regions[firstAfter(regions, offset - 1)];
}

function firstAfter(regions: readonly Region[], offset: number): number {
  let low = 0;
  let high = regions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((regions[middle]?.start ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
