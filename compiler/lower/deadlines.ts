import type { CheckedOnInconclusive } from "../../language/semantics/checked/condition.ts";
import type { CheckedStep } from "../../language/semantics/checked/policy.ts";
import type { CheckedStage } from "../../language/semantics/checked/rollout.ts";

/** Time that a verb of the runtime may take which waits for nothing: it reads rows and judges. */
export const verbTimeout = 3_600_000;

/** Whole milliseconds, a tenth more than what was added up. */
function withSlack(milliseconds: number): number {
  return Math.ceil((milliseconds * 11) / 10);
}

/** Longest time of a step with all its attempts: time limit of each, and the waits between, which double from the first to the longest. */
export function stepDeadline(step: CheckedStep): number {
  const { times, first, longest } = step.retry;
  let waits = 0;
  for (let attempt = 0, wait = first; attempt < times; attempt += 1, wait = Math.min(wait * 2, longest)) waits += wait;
  return withSlack(step.timeout * (1 + times) + waits);
}

/** Longest time of a stage: its longest stay (the watch for the last one) and the time it may hold without an answer. */
export function stageDeadline(stage: CheckedStage, ofRollout: CheckedOnInconclusive): number {
  const inconclusive = stage.onInconclusive ?? ofRollout;
  const hold = inconclusive.action === "hold" && stage.kind !== "approval" ? inconclusive.for : 0;
  return withSlack(stage.atMost + hold);
}
