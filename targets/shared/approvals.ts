import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import type { Stage } from "../../compiler/plan/rollout.ts";

/** Approvals, by the id of their node, that an engine may wait for itself: no stage before them gives the challenger live traffic, so that nobody is exposed and no look is due. Their answer reaches the stage's verb by `--engine-answer` and `--engine-identity`. */
export function quietApprovals(plan: PipelinePlan): ReadonlyMap<string, Stage> {
  const stages = plan.programs.rollout?.stages ?? [];
  const live = stages.findIndex(({ kind }) => kind === "live");
  const quiet = stages.slice(0, live < 0 ? stages.length : live).filter(({ kind }) => kind === "approval");
  return new Map(quiet.map((stage) => [`stage.${stage.name}`, stage]));
}
