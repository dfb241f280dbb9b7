import type { PredictionMeasure } from "../../compiler/plan/measure.ts";
import { isNoAnswer } from "./answer.ts";
import type { Context } from "./context.ts";
import { metricLevel } from "./level.ts";
import type { Change, ScoredRows, Unanswered } from "./observation.ts";

/**
 * A metric of one version's rows with its standard error, to be kept as a baseline or compared with one (`Change`): DeLong's for the area, the
 * binomial's for proportions, Student's for means, else the bootstrap's.
 * @param rows of one version, whose scores stand in `challenger`; the party of the measure is not read
 * @param id part of the bootstrap's seed: the condition's
 */
export function measured(
  measure: PredictionMeasure,
  rows: ScoredRows,
  context: Context,
  id = "",
): Change["now"] | Unanswered {
  const level = metricLevel({ ...measure, party: "challenger" }, rows, 0.95, context, { id });
  if (isNoAnswer(level)) return { kind: "unanswered", reason: level.reason, detail: level.detail };
  return { value: level.value, standardError: level.standardError ?? Number.NaN, n: level.n };
}
