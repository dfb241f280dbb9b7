import type { PredictionMeasure } from "../../compiler/plan/measure.ts";
import { asymptoticRadius, type Count, mixtureScale, rateSequences, together } from "../stats/sequence.ts";
import { type Estimate, isNoAnswer, type NoAnswer } from "./answer.ts";
import type { Context, Qualifiers } from "./context.ts";
import { metricLevel } from "./level.ts";
import type { ScoredRows } from "./observation.ts";
import { count } from "./quantity.ts";
import { prepare } from "./rows.ts";

/** Rows of each version from which the asymptotic sequence of a mean is consulted. */
export const rowsForSequences = 200;

/** A metric of labels while requests are served: its point and what its bounds are made from. */
export interface LivePoint {
  readonly value: number;
  readonly n: number;
  /** Of the point; NaN where it has none. */
  readonly standardError: number;
  /** Hits among the rows that count, where the metric is their quotient. */
  readonly counted?: Count;
}

/** One version's rows, whose scores stand in `challenger`; the party of the measure is not read. */
export function livePoint(
  measure: PredictionMeasure,
  rows: ScoredRows,
  context: Context,
  qualifiers: Qualifiers,
  slice: string,
): LivePoint | NoAnswer {
  const own = { ...measure, party: "challenger" } as const;
  const plain = rows.weight === undefined && qualifiers.clusteredBy === undefined;
  const prepared = prepare(own, ["challenger"], rows, context, qualifiers);
  if (isNoAnswer(prepared)) return prepared;
  const [metric] = prepared.metrics;
  if (plain && metric?.form === "proportion") {
    const trials = metric.counts.reduce((sum, one) => sum + one, 0);
    const events = metric.hits.reduce((sum, one, row) => sum + (metric.counts[row] === 1 ? one : 0), 0);
    if (trials === 0) return { reason: "undefined_value", detail: "it has no value on these rows", n: prepared.n };
    return { value: events / trials, n: trials, standardError: Number.NaN, counted: { events, trials } };
  }
  const { live: _, ...once } = context;
  const level = metricLevel(own, rows, 0.95, once, qualifiers, slice);
  if (isNoAnswer(level)) return level;
  const { value, n, standardError } = level;
  if (n < rowsForSequences) {
    return {
      reason: "too_few_samples",
      detail: `${count(n)} rows are too few while looks are repeated, ${rowsForSequences} are needed`,
      n,
      flip: `${count(rowsForSequences - n)} more rows would allow an answer.`,
    };
  }
  return { value, n, standardError: standardError ?? Number.NaN };
}

/**
 * A metric of labels that is looked at again and again. Rates of rows: as live rates. Everything else is asymptotically a mean of one value a row:
 * the asymptotic sequence with sigma = standard error x sqrt(n), from 200 rows.
 */
export function liveLevel(
  measure: PredictionMeasure,
  rows: ScoredRows,
  confidence: number,
  context: Context,
  qualifiers: Qualifiers,
  slice: string,
): Estimate | NoAnswer {
  const point = livePoint(measure, rows, context, qualifiers, slice);
  if (isNoAnswer(point)) return point;
  const { value, n, standardError, counted } = point;
  const planned = context.live?.planned ?? 1000;
  const shared = { value, level: confidence, n, noun: "rows" };
  if (counted !== undefined) {
    return { ...shared, ...together(rateSequences(counted, 1 - confidence, planned)), method: "confidence sequence" };
  }
  const radius = radiusOf(point, 1 - confidence, planned);
  return {
    ...shared,
    low: value - radius,
    high: value + radius,
    method: "confidence sequence (asymptotic)",
    standardError,
  };
}

/** Half-width of the one-sided asymptotic sequence at `alpha` of a point with a standard error; infinite without one. */
export function radiusOf(
  { n, standardError }: Pick<LivePoint, "n" | "standardError">,
  alpha: number,
  planned: number,
): number {
  if (!(n >= rowsForSequences) || !(standardError >= 0)) return Number.POSITIVE_INFINITY;
  return asymptoticRadius(n, standardError * Math.sqrt(n), mixtureScale(planned, alpha), alpha);
}
