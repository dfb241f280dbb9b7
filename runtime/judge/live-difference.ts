import type { ComparisonTest } from "../../compiler/plan/condition.ts";
import type { PredictionMeasure, QuantileMeasure } from "../../compiler/plan/measure.ts";
import { normalQuantile } from "../stats/normal.ts";
import { asymptoticRadius, mixtureScale } from "../stats/sequence.ts";
import { isNoAnswer, type NoAnswer } from "./answer.ts";
import { type Claim, claimOf, type Difference, plannedPairs, ratesDifference, settled, smallest } from "./claim.ts";
import type { Context, Qualifiers } from "./context.ts";
import { type LivePoint, livePoint, radiusOf } from "./live.ts";
import type { Arms, Change, TwoSamples } from "./observation.ts";
import { sampleLevel } from "./sample.ts";

/**
 * A metric of labels of two versions on rows of their own, looked at again and again. Rates of rows: as live rates. Everything else: the asymptotic
 * sequence of the difference, from 200 rows of each, with n = n1 n2/(n1 + n2) and sigma^2 = n (se1^2 + scale^2 se2^2). Where requests are mirrored both
 * versions answer the same ones; their errors go together and the bounds are wider than they need be.
 */
export function armsDifference(
  test: ComparisonTest,
  measure: PredictionMeasure,
  arms: Arms,
  context: Context,
  qualifiers: Qualifiers,
  slice: string,
): Difference | NoAnswer {
  const claim = claimOf(test);
  if (isNoAnswer(claim)) return claim;
  const points: LivePoint[] = [];
  for (const side of [test.left, test.right]) {
    const party = "party" in side && side.party === "champion" ? "champion" : "challenger";
    const rows = arms[party];
    if (rows.kind === "unanswered") return rows;
    const point = livePoint(measure, rows, context, qualifiers, slice);
    if (isNoAnswer(point)) return { ...point, detail: `${party}: ${point.detail}` };
    points.push(point);
  }
  const [left, right] = points;
  if (left === undefined || right === undefined) return { reason: "no_data", detail: "there are no rows" };
  if (left.counted !== undefined && right.counted !== undefined) {
    const [challenger, champion] =
      "party" in test.left && test.left.party === "champion" ? [right, left] : [left, right];
    const none = { events: 0, trials: 0 };
    const counts = { challenger: challenger.counted ?? none, champion: champion.counted ?? none };
    const found = ratesDifference(test, { kind: "rates", ...counts }, context);
    return isNoAnswer(found) ? found : { ...found, noun: "rows" };
  }
  if (claim.shift !== 0 && Math.abs(right.value) < smallest) {
    return { reason: "baseline_zero", detail: "the value compared with is 0, a relative margin of it means nothing" };
  }
  const scale = claim.shift * Math.sign(right.value) - claim.orient;
  const n = (left.n * right.n) / (left.n + right.n);
  const sigma = Math.sqrt(n * (left.standardError ** 2 + (scale * right.standardError) ** 2));
  const alpha = 1 - test.confidence;
  const half = asymptoticRadius(n, sigma, mixtureScale(plannedPairs(context), alpha), alpha);
  return between(test, claim, left, right, Number.isFinite(half) ? half : Number.POSITIVE_INFINITY, left.n + right.n);
}

/**
 * A metric of labels now against a baseline that stands still, looked at again and again: the sequence of the present at alpha/2 beside the normal
 * bound of the baseline at alpha/2 (the two together are wrong in at most alpha).
 */
export function heldAgainst(test: ComparisonTest, { baseline, now }: Change, context: Context): Difference | NoAnswer {
  const claim = claimOf(test);
  if (isNoAnswer(claim)) return claim;
  if (!Number.isFinite(now.value) || !Number.isFinite(baseline.value)) {
    return { reason: "undefined_value", detail: "one side is not a finite number" };
  }
  if (claim.shift !== 0 && Math.abs(baseline.value) < smallest) {
    return { reason: "baseline_zero", detail: "the value compared with is 0, a relative margin of it means nothing" };
  }
  const scale = Math.abs(claim.shift * Math.sign(baseline.value) - claim.orient);
  const half = movingHalf(now, baseline, scale, 1 - test.confidence, context);
  return between(test, claim, now, baseline, half, now.n);
}

/** Half-width of present minus scale x baseline, of which only the present is looked at again and again. */
export function movingHalf(
  now: Change["now"],
  baseline: Change["baseline"],
  scale: number,
  alpha: number,
  { live }: Context,
): number {
  const fixed = normalQuantile(1 - alpha / 2) * scale * baseline.standardError;
  const half = radiusOf(now, alpha / 2, live?.planned ?? 1000) + fixed;
  return Number.isFinite(half) ? half : Number.POSITIVE_INFINITY;
}

/** Quantiles of two samples, each bounded at alpha/2: the lower end of one minus the upper end of the other. */
export function quantilesDifference(
  test: ComparisonTest,
  measure: QuantileMeasure,
  { reference, current }: TwoSamples,
  context: Context,
): Difference | NoAnswer {
  const claim = claimOf(test);
  if (isNoAnswer(claim)) return claim;
  const level = 1 - (1 - test.confidence) / 2;
  const now = sampleLevel(current, measure.quantile, level, context.live);
  if (isNoAnswer(now)) return now;
  const other = sampleLevel(reference, measure.quantile, level, context.live);
  if (isNoAnswer(other)) return { ...other, detail: `the other side: ${other.detail}` };
  if (claim.shift !== 0 && other.low < smallest) {
    return {
      reason: "baseline_zero",
      detail: "the value compared with may be 0, a relative margin of it means nothing",
    };
  }
  const scale = 1 - claim.orient * claim.shift;
  const low = now.low - scale * (scale > 0 ? other.high : other.low);
  const high = now.high - scale * (scale > 0 ? other.low : other.high);
  const ends = claim.orient > 0 ? { low, high } : { low: -high, high: -low };
  return settled(
    {
      value: claim.orient * (now.value - scale * other.value),
      ...ends,
      level: test.confidence,
      n: now.n + other.n,
      noun: "values",
      method: "order statistics of each",
      values: sidesOf(test, now.value, other.value),
    },
    claim,
    other.value,
  );
}

function between(
  test: ComparisonTest,
  claim: Claim,
  left: { readonly value: number },
  right: { readonly value: number },
  half: number,
  n: number,
): Difference {
  const value = claim.orient * (left.value - right.value) + claim.shift * Math.abs(right.value);
  const ends = { value, low: value - half, high: value + half, level: test.confidence };
  const method = "confidence sequence (asymptotic)";
  return settled(
    { ...ends, n, noun: "rows", method, values: sidesOf(test, left.value, right.value) },
    claim,
    right.value,
  );
}

function sidesOf(test: ComparisonTest, left: number, right: number): Record<string, number> {
  const name = (side: ComparisonTest["left"], otherwise: string) => ("party" in side ? side.party : otherwise);
  return { [name(test.left, "now")]: left, [name(test.right, "baseline")]: right };
}
