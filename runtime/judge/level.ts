import type { PredictionMeasure } from "../../compiler/plan/measure.ts";
import { aucVariance, placements } from "../stats/auc.ts";
import type { Metric } from "../stats/metric.ts";
import { normalQuantile } from "../stats/normal.ts";
import { meanInterval } from "../stats/paired.ts";
import { wilson } from "../stats/proportion.ts";
import { type Estimate, isNoAnswer, type NoAnswer } from "./answer.ts";
import type { Context, Qualifiers } from "./context.ts";
import type { ScoredRows } from "./observation.ts";
import type { Prepared } from "./prepared.ts";
import { ordered, resample } from "./resample.ts";
import { prepare } from "./rows.ts";
import { seedOf } from "./seed.ts";

/** Rows from which the mean of one value a row is taken as normal; the bootstrap below. */
export const rowsForMeans = 200;
/** Rows of each class from which DeLong's variance is used; the bootstrap below. */
export const classForDeLong = 10;

/**
 * One prediction metric of one version. Without a level it is the point estimate. With one, the interval is Wilson's for proportions of the
 * rows that count, DeLong's for the area, Student's for means from 200 rows, else the BCa bootstrap; with weights or clusters always the bootstrap.
 */
export function metricLevel(
  measure: PredictionMeasure,
  given: ScoredRows,
  level: number | undefined,
  context: Context,
  qualifiers: Qualifiers,
  slice = "",
): Estimate | NoAnswer {
  const prepared = prepare(measure, [measure.party], given, context, qualifiers);
  if (isNoAnswer(prepared)) return prepared;
  const { metrics, rows, n } = prepared;
  const [metric] = metrics;
  const value = metric?.statistic(rows.weight);
  if (metric === undefined || value === undefined || !Number.isFinite(value)) {
    return { reason: "undefined_value", detail: "it has no value on these rows", n };
  }
  if (level === undefined) return { value, low: value, high: value, n, noun: "rows", method: "point estimate" };
  if (rows.weight === undefined && qualifiers.clusteredBy === undefined) {
    const closed = closedForm(measure, prepared, metric, value, level);
    if (closed !== undefined) return { ...closed, noun: metric.form === "queries" ? "queries" : "rows" };
  }
  const cluster = qualifiers.clusteredBy ?? prepared.together;
  const again = prepare(measure, [measure.party], ordered(rows, cluster), context, qualifiers);
  if (isNoAnswer(again)) return again;
  const seed = seedOf(context, qualifiers, slice);
  const sampled = resample(again.rows, cluster, level, seed, (weight) =>
    (again.metrics[0] ?? metric).statistic(weight),
  );
  if (isNoAnswer(sampled)) return { ...sampled, n };
  const { low, high, standardError, method, units } = sampled;
  const noun = cluster === undefined ? "rows" : "clusters";
  return { value, low, high, level, n: units, noun, method, standardError };
}

function closedForm(
  measure: PredictionMeasure,
  { rows, n, positives, negatives }: Prepared,
  metric: Metric,
  value: number,
  level: number,
): Omit<Estimate, "noun"> | undefined {
  if (metric.form === "proportion") {
    const trials = metric.counts.reduce((sum, one) => sum + one, 0);
    const events = Math.round(value * trials);
    const rate = (events + 0.5) / (trials + 1);
    const standardError = Math.sqrt((rate * (1 - rate)) / trials);
    return { value, ...wilson(events, trials, level), level, n: trials, method: "wilson", standardError };
  }
  if (metric.form === "mean" && n >= rowsForMeans) {
    const { low, high, standardError } = meanInterval(metric.values, level);
    return { value, low, high, level, n, method: "student", standardError };
  }
  if (metric.form === "queries" && metric.values.length >= rowsForMeans) {
    const { low, high, standardError } = meanInterval(metric.values, level);
    return { value, low, high, level, n: metric.values.length, method: "student (queries)", standardError };
  }
  if (metric.form === "area" && Math.min(positives, negatives) >= classForDeLong) {
    const score = measure.party === "champion" ? (rows.champion ?? rows.challenger) : rows.challenger;
    const standardError = Math.sqrt(aucVariance(placements(rows.label, score)));
    const half = normalQuantile(level) * standardError;
    const ends = { low: Math.max(0, value - half), high: Math.min(1, value + half) };
    return { value, ...ends, level, n, method: "delong", standardError };
  }
  return undefined;
}
