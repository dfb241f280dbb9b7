import type { ThresholdTest } from "../../compiler/plan/condition.ts";
import type { DriftMeasure, ScoreDriftMeasure } from "../../compiler/plan/measure.ts";
import { type Evaluation, isNoAnswer, type NoAnswer, unknown } from "./answer.ts";
import type { Context, Qualifiers } from "./context.ts";
import { type Distance, distanceOf } from "./distance.ts";
import type { Observation } from "./observation.ts";
import { count, nameOf, styleOf } from "./quantity.ts";
import { seedOf } from "./seed.ts";
import { relationWords } from "./verdict.ts";

type DriftTest = Omit<ThresholdTest, "measure"> & { readonly measure: DriftMeasure };

/** Probability of a false alarm that is allowed. */
export const driftAlpha = 0.05;

/**
 * `psi(x) > 0.1` (a trigger's condition) and `psi(x) <= 0.1` (a requirement), which are each other's opposite. Drifted means: the value is
 * beyond the limit and above what sampling alone explains. Where sampling alone reaches the limit the answer is unresolvable_at_n.
 * `ks` (D), `chi_square` (Cramer's V) and `mmd` drift where they are beyond the limit with p <= 0.05.
 */
export function drifted(
  test: DriftTest,
  observation: Observation,
  context: Context,
  qualifiers: Qualifiers,
  slice: string,
): Evaluation {
  const name = nameOf(test.measure);
  const distance = columnDistance(test.measure, observation, context, qualifiers, slice);
  return isNoAnswer(distance) ? unknown(name, distance) : driftEvaluation(test, distance, driftAlpha);
}

/** Distance of a column's two windows, or why there is none. */
export function columnDistance(
  measure: Pick<DriftMeasure, "name" | "options">,
  observation: Observation,
  context: Context,
  qualifiers: Qualifiers,
  slice: string,
): Distance | NoAnswer {
  switch (observation.kind) {
    case "unanswered":
      return observation;
    case "bins":
    case "gap":
    case "samples": {
      const options = { level: 1 - driftAlpha, seed: seedOf(context, qualifiers, slice) };
      return distanceOf(measure, observation, options);
    }
    default:
      return { reason: "schema_mismatch", detail: `an observation of kind "${observation.kind}" does not answer it` };
  }
}

/** The verdict on a distance; `alpha` is what p is compared with. */
export function driftEvaluation(
  {
    measure,
    relation,
    limit,
  }: Pick<ThresholdTest, "relation" | "limit"> & {
    readonly measure: DriftMeasure | ScoreDriftMeasure;
  },
  distance: Distance,
  alpha: number,
): Evaluation {
  const name = nameOf(measure);
  if (relation === "==" || relation === "!=") {
    return unknown(name, { reason: "schema_mismatch", detail: "a distance can only be more or less than a limit" });
  }
  const { value, noiseBound, p, before, now } = distance;
  if (!Number.isFinite(value) || !Number.isFinite(limit)) {
    return unknown(name, { reason: "undefined_value", detail: "it is not a finite number" });
  }
  const style = styleOf(measure);
  const n = Math.min(before, now);
  const moved = movedBeyond(distance, relation === ">" || relation === "<=", limit, alpha);
  const truth = moved === undefined ? undefined : relation === ">" || relation === ">=" ? moved : !moved;
  const needed = Math.ceil((n * (noiseBound ?? 0)) / Math.max(limit, Number.MIN_VALUE));
  const note = distance.note === undefined ? "" : `; ${distance.note}`;
  const noise = [
    ...(noiseBound === undefined ? [] : [`sampling alone explains up to ${style.value(noiseBound)}`]),
    ...(p === undefined ? [] : [`p = ${Number(p.toPrecision(2))}`]),
  ].join(", ");
  return {
    truth,
    ...(truth === undefined ? { reason: "unresolvable_at_n" as const } : {}),
    sentence: `${name} is ${style.value(value)} (${noise}, ${count(before)} reference and ${count(now)} current rows${note}): ${relationWords[relation]} ${style.value(limit)} is asked`,
    estimate: value,
    unit: measure.unit,
    bound: limit,
    ...(noiseBound === undefined ? {} : { noiseBound }),
    n,
    method: distance.method,
    values: { reference: before, current: now, ...(p === undefined ? {} : { p }) },
    ...(distance.bins === undefined ? {} : { bins: distance.bins }),
    flip:
      truth === undefined
        ? `About ${count(needed)} rows on the smaller side or more would make the limit visible.`
        : `A value ${style.change(Math.abs(value - limit))} ${value > limit ? "lower" : "higher"} would reach the limit.`,
  };
}

/** Whether a distance is beyond a limit by more than chance; undefined where chance alone reaches the limit. */
export function movedBeyond(
  { value, noiseBound, p }: Distance,
  strictly: boolean,
  limit: number,
  alpha: number,
): boolean | undefined {
  const beyond = strictly ? value > limit : value >= limit;
  if (p !== undefined) return beyond && p <= alpha;
  if (noiseBound === undefined || noiseBound >= limit) return undefined;
  return beyond && value > noiseBound;
}
