import type { PipelinePlan } from "../../compiler/plan/plan.ts";

const HOUR = 3_600_000;

function stepsOf(plan: PipelinePlan) {
  return plan.retrain.nodes.flatMap((node) => (node.kind === "step" ? [{ id: node.id, step: node.step }] : []));
}

/** GPU hours that a run has used: declared gpus times the real time of each step. @param measured milliseconds by node */
export function gpuHoursUsed(plan: PipelinePlan, measured: Readonly<Record<string, number>>): number {
  return stepsOf(plan).reduce(
    (sum, { id, step }) => sum + ((step.resources["gpu"] ?? 0) * (measured[id] ?? 0)) / HOUR,
    0,
  );
}

/** GPU hours of the next run at worst: every step and every retry to its time limit. */
export function gpuHoursAtWorst(plan: PipelinePlan): number {
  return stepsOf(plan).reduce(
    (sum, { step }) => sum + ((step.resources["gpu"] ?? 0) * step.timeout * (1 + step.retry.times)) / HOUR,
    0,
  );
}
