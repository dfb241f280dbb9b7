import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import type { OutputFile } from "../target.ts";

/** The plan itself, as JSON that a person can read. */
export function emit(plan: PipelinePlan): readonly OutputFile[] {
  return [{ path: `local/${plan.policy.name}.plan.json`, text: `${JSON.stringify(plan, null, 2)}\n` }];
}
