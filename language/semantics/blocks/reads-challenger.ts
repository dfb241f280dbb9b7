import type { CheckedTest } from "../checked/condition.ts";

/** Whether a condition looks at the challenger: a decision about it that does not is about something else. */
export function readsChallenger(test: CheckedTest): boolean {
  if (test.kind === "schema") return false;
  const measure = test.kind === "comparison" ? test.left : test.measure;
  if (measure.kind === "pairs" || measure.kind === "score_drift" || measure.kind === "fairness") return true;
  return "party" in measure && measure.party === "challenger";
}
