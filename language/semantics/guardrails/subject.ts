import type { Gate, OnInconclusive, Policy, Requirement, Rollout, Stage, TreeNode } from "../../syntax/tree.ts";
import type { CheckedPolicy } from "../checked/policy.ts";
import { every } from "../statements.ts";

/** A policy as guardrails see it: what it says, after its template was filled in. */
export interface Subject {
  readonly node: Policy;
  readonly checked: CheckedPolicy;
  /** Gates that are judged before the rollout. */
  readonly gates: readonly Gate[];
}

export function rolloutOf({ node }: Subject): Rollout | undefined {
  return every(node.items, "Rollout")[0];
}

export function stagesOf(subject: Subject): Stage[] {
  const rollout = rolloutOf(subject);
  return rollout === undefined ? [] : every(rollout.statements, "Stage");
}

/** Requirements of the gates that decide something. */
export function decidingRequirements({ gates }: Subject): Requirement[] {
  return gates.flatMap((gate) => {
    if (every(gate.statements, "ObserveOnly").length > 0) return [];
    return requirementsIn(gate.statements).filter(({ level }) => level.text === "require");
  });
}

function requirementsIn(statements: readonly TreeNode[]): Requirement[] {
  return statements.flatMap((statement) => {
    if (statement.kind === "Requirement") return [statement];
    return statement.kind === "RequirementGroup" ? every(statement.requirements, "Requirement") : [];
  });
}

/** Every `on inconclusive` of gates, stages and the rollout. */
export function inconclusiveStatements(subject: Subject): OnInconclusive[] {
  const rollout = rolloutOf(subject);
  return [...subject.gates, ...stagesOf(subject), ...(rollout === undefined ? [] : [rollout])].flatMap((block) =>
    every(block.statements, "OnInconclusive"),
  );
}

/** Share of live traffic of a stage, 0 to 1; undefined for a stage that mirrors, and where it cannot be read. */
export function liveShare(stage: Stage): number | undefined {
  const { traffic } = stage;
  if (traffic?.mode.text !== "traffic" || traffic.share.kind !== "Quantity") return undefined;
  return Number.isFinite(traffic.share.value) ? traffic.share.value : undefined;
}
