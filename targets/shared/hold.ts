import type { PipelinePlan } from "../../compiler/plan/plan.ts";

/** How long a gate or a validation without an answer goes on looking, milliseconds; that of a stage is part of its time limit. */
export function holdOf(plan: PipelinePlan, node: string): number {
  const { validate, gates } = plan.programs;
  const found = [...validate, ...gates].find(({ id }) => id === node)?.onInconclusive;
  return found?.action === "hold" ? found.for : 0;
}
