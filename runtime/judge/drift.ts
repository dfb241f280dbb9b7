import type { ThresholdTest } from "../../compiler/plan/condition.ts";
import type { DriftMeasure } from "../../compiler/plan/measure.ts";
import { type DriftName, drift } from "../stats/drift.ts";
import { type Evaluation, unknown } from "./answer.ts";
import type { Observation } from "./observation.ts";
import { count, nameOf, styleOf } from "./quantity.ts";
import { relationWords } from "./verdict.ts";

/** Rows of each side below which drift says nothing. */
const fewestRows = 200;

const binned: readonly string[] = [
  "psi",
  "js_distance",
  "js_divergence",
  "hellinger",
  "tvd",
  "l_infinity",
  "chi_square",
];

/**
 * `psi(x) > 0.1` (a trigger's condition) and `psi(x) <= 0.1` (a requirement), which are each other's opposite. Drifted means: the value is
 * beyond the limit and above what sampling alone explains. Where sampling alone reaches the limit the answer is unresolvable_at_n.
 * `chi_square` is Cramer's V and drifts where it is beyond the limit with p <= 0.05.
 */
export function drifted(
  test: Omit<ThresholdTest, "measure"> & { measure: DriftMeasure },
  observation: Observation,
): Evaluation {
  const { measure, relation, limit } = test;
  const name = nameOf(measure);
  if (observation.kind === "unanswered") return unknown(name, observation);
  if (observation.kind !== "bins") {
    return unknown(name, {
      reason: "schema_mismatch",
      detail: `an observation of kind "${observation.kind}" does not answer it`,
    });
  }
  if (!binned.includes(measure.name)) {
    return unknown(name, {
      reason: "source_rejected",
      detail: "it needs the values themselves, and only counts of bins are here",
    });
  }
  if (relation === "==" || relation === "!=") {
    return unknown(name, { reason: "schema_mismatch", detail: "a distance can only be more or less than a limit" });
  }
  const { reference, current, labels } = observation;
  if (reference.length !== current.length || reference.length !== labels.length) {
    return unknown(name, { reason: "schema_mismatch", detail: "the two sides have different bins" });
  }
  const counts = [...reference, ...current];
  if (!counts.every((one) => Number.isFinite(one)) || !Number.isFinite(limit)) {
    return unknown(name, { reason: "undefined_value", detail: "a bin's count is not a finite number" });
  }
  if (counts.some((one) => one < 0)) {
    return unknown(name, { reason: "schema_mismatch", detail: "a bin's count is negative" });
  }
  const before = reference.reduce((sum, one) => sum + one, 0);
  const now = current.reduce((sum, one) => sum + one, 0);
  const n = Math.min(before, now);
  if (before === 0) return unknown(name, { reason: "no_reference", detail: "the reference window has no rows", n: 0 });
  if (now === 0) return unknown(name, { reason: "no_data", detail: "the current window has no rows", n: 0 });
  if (n < fewestRows) {
    const detail = `${count(before)} reference and ${count(now)} current rows are too few, ${fewestRows} of each are needed`;
    return unknown(name, { reason: "too_few_samples", detail, n });
  }
  const { value, noiseBound, p } = drift(measure.name as DriftName, reference, current);
  const style = styleOf(measure);
  const beyond = relation === ">" || relation === "<=" ? value > limit : value >= limit;
  const noisy = p === undefined && noiseBound >= limit;
  const moved = noisy ? undefined : beyond && (p === undefined ? value > noiseBound : p <= 0.05);
  const truth = moved === undefined ? undefined : relation === ">" || relation === ">=" ? moved : !moved;
  const needed = Math.ceil((n * noiseBound) / Math.max(limit, Number.MIN_VALUE));
  const note = observation.note === undefined ? "" : `; ${observation.note}`;
  const noise = `sampling alone explains up to ${style.value(noiseBound)}`;
  return {
    truth,
    ...(truth === undefined ? { reason: "unresolvable_at_n" as const } : {}),
    sentence: `${name} is ${style.value(value)} (${noise}, ${count(before)} reference and ${count(now)} current rows${note}): ${relationWords[relation]} ${style.value(limit)} is asked`,
    estimate: value,
    unit: measure.unit,
    bound: limit,
    noiseBound,
    n,
    method: measure.name,
    values: { reference: before, current: now, ...(p === undefined ? {} : { p }) },
    bins: labels.map((label, bin) => ({ label, reference: reference[bin] ?? 0, current: current[bin] ?? 0 })),
    flip:
      truth === undefined
        ? `About ${count(needed)} rows on the smaller side or more would make the limit visible.`
        : `A value ${style.change(Math.abs(value - limit))} ${value > limit ? "lower" : "higher"} would reach the limit.`,
  };
}
