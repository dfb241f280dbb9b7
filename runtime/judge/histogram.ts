import type { ComparisonTest } from "../../compiler/plan/condition.ts";
import type { PrometheusMeasure } from "../../compiler/plan/measure.ts";
import { rateSequences, together } from "../stats/sequence.ts";
import { type Estimate, isNoAnswer, type NoAnswer } from "./answer.ts";
import { claimOf, type Difference, settled } from "./claim.ts";
import type { Context } from "./context.ts";
import type { BucketCounts, Buckets, Values } from "./observation.ts";

/**
 * A quantile from a histogram's buckets. The share of values at or below each upper end is a rate with an anytime interval; the quantile lies above every
 * end whose share is surely below `quantile`, and at or below the first end whose share surely reaches it. The counts never fall from one end to the next,
 * nor do their bounds: against one limit only one bucket decides, so no end costs another its level.
 * The estimate is what Prometheus itself reports: a straight line through the bucket.
 */
export function bucketLevel(
  counts: BucketCounts,
  quantile: number,
  confidence: number,
  { live }: Context,
): Estimate | NoAnswer {
  const broken = brokenBuckets(counts);
  if (broken !== undefined) return broken;
  const { upper, atOrBelow } = counts;
  const trials = atOrBelow.at(-1) ?? 0;
  if (trials === 0) return { reason: "no_data", detail: "the histogram has counted nothing", n: 0 };
  const shares = atOrBelow.map((events) =>
    together(rateSequences({ events, trials }, 1 - confidence, live?.planned ?? 1000)),
  );
  const reached = shares.findIndex(({ low }) => low >= quantile);
  const below = shares.findLastIndex(({ high }) => high < quantile);
  return {
    value: interpolated(counts, quantile * trials),
    low: above(upper[below]),
    high: reached < 0 ? Number.POSITIVE_INFINITY : (upper[reached] ?? Number.POSITIVE_INFINITY),
    level: confidence,
    n: trials,
    noun: "requests",
    method: "confidence sequence of the buckets' shares",
  };
}

/** The least number above an end: what surely lies beyond a bucket lies above its end, not at it. */
function above(end: number | undefined): number {
  if (end === undefined) return Number.NEGATIVE_INFINITY;
  return end === 0 ? Number.MIN_VALUE : end + Math.abs(end) * Number.EPSILON;
}

function brokenBuckets({ upper, atOrBelow }: BucketCounts): NoAnswer | undefined {
  const rises = (ends: readonly number[], strictly: boolean) =>
    ends.every((end, index) => {
      const before = ends[index - 1];
      return before === undefined || (strictly ? end > before : end >= before);
    });
  const isWhole = atOrBelow.every((count) => Number.isInteger(count) && count >= 0);
  const fits = upper.length === atOrBelow.length && upper.length > 0 && upper.at(-1) === Number.POSITIVE_INFINITY;
  if (fits && isWhole && rises(upper, true) && rises(atOrBelow, false)) return undefined;
  return { reason: "schema_mismatch", detail: "the buckets are not those of one histogram" };
}

/** The value at a rank, on a straight line through its bucket; in the last bucket, which has no end, the last end there is. */
function interpolated({ upper, atOrBelow }: BucketCounts, rank: number): number {
  const bucket = atOrBelow.findIndex((count) => count >= rank);
  const end = upper[bucket] ?? Number.POSITIVE_INFINITY;
  const before = bucket > 0 ? (upper[bucket - 1] ?? 0) : 0;
  if (!Number.isFinite(end)) return bucket > 0 ? before : 0;
  const start = bucket === 0 && end <= 0 ? end : before;
  const fewer = bucket > 0 ? (atOrBelow[bucket - 1] ?? 0) : 0;
  const inside = (atOrBelow[bucket] ?? 0) - fewer;
  return inside === 0 ? end : start + (end - start) * ((rank - fewer) / inside);
}

/** Two versions' quantiles, each bounded at half the level: the ends of the difference are those of one less the other's. */
export function bucketsDifference(
  test: ComparisonTest,
  measure: PrometheusMeasure,
  observation: Buckets,
  context: Context,
): Difference | NoAnswer {
  const claim = claimOf(test);
  if (isNoAnswer(claim)) return claim;
  if (measure.form.kind !== "bucket_quantile") return { reason: "schema_mismatch", detail: "no quantile is asked" };
  const { quantile } = measure.form;
  const sides =
    measure.party === "champion" ? (["champion", "challenger"] as const) : (["challenger", "champion"] as const);
  const [left, right] = sides.map((party): Estimate | NoAnswer => {
    const counts = observation[party];
    if (counts === undefined) return { reason: "no_data", detail: `${party} was not asked for` };
    return bucketLevel(counts, quantile, 1 - (1 - test.confidence) / 2, context);
  });
  if (left === undefined || right === undefined) return { reason: "no_data", detail: "two versions must be compared" };
  if (isNoAnswer(left)) return left;
  if (isNoAnswer(right)) return right;
  if (claim.shift !== 0 && Math.abs(right.value) < 1e-12)
    return { reason: "baseline_zero", detail: "the value compared with is 0, a relative margin of it means nothing" };
  // improvement + shift x |right|, with right from its own interval; a quantile below 0 does not occur where a relative margin stands.
  const scale = claim.shift - claim.orient;
  const ends = [scale * right.low, scale * right.high].map((end) => (Number.isNaN(end) ? 0 : end));
  const own = [claim.orient * left.low, claim.orient * left.high];
  const values = { [sides[0]]: left.value, [sides[1]]: right.value };
  const n = Math.min(left.n, right.n);
  return settled(
    {
      value: claim.orient * left.value + scale * right.value,
      low: Math.min(...own) + Math.min(...ends),
      high: Math.max(...own) + Math.max(...ends),
      level: test.confidence,
      n,
      noun: "requests",
      method: "confidence sequences of the buckets' shares",
      values,
    },
    claim,
    right.value,
  );
}

/** Two numbers of which nobody says how sure they are: compared as they stand, as the policy was told when it was checked. */
export function valuesDifference(test: ComparisonTest, party: string, observation: Values): Difference | NoAnswer {
  const claim = claimOf(test);
  if (isNoAnswer(claim)) return claim;
  const [one, other] =
    party === "champion" ? (["champion", "challenger"] as const) : (["challenger", "champion"] as const);
  const left = observation[one];
  const right = observation[other];
  for (const [name, { n }] of [
    [one, left],
    [other, right],
  ] as const) {
    if (n < FEWEST) return fewFor(name, n);
  }
  if (!Number.isFinite(left.value) || !Number.isFinite(right.value))
    return { reason: "undefined_value", detail: "one side is not a finite number" };
  if (claim.shift !== 0 && Math.abs(right.value) < 1e-12)
    return { reason: "baseline_zero", detail: "the value compared with is 0, a relative margin of it means nothing" };
  const value = claim.orient * (left.value - right.value) + claim.shift * Math.abs(right.value);
  const values = { [one]: left.value, [other]: right.value };
  const n = Math.min(left.n, right.n);
  return settled(
    {
      value,
      low: value,
      high: value,
      level: test.confidence,
      n,
      noun: "requests",
      method: "compared as reported",
      values,
    },
    claim,
    right.value,
  );
}

/** Requests that must stand behind a number whose certainty nobody knows. */
export const FEWEST = 100;

export function fewFor(party: string, n: number): NoAnswer {
  return {
    reason: "too_few_samples",
    detail: `${n} requests of ${party} stand behind the number, and ${FEWEST} are needed`,
    n,
  };
}
