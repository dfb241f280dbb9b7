import type { ComparisonTest } from "../../compiler/plan/condition.ts";
import { normalQuantile } from "../stats/normal.ts";
import { rateDifferenceSequences, together } from "../stats/sequence.ts";
import { type Estimate, isNoAnswer, type NoAnswer } from "./answer.ts";
import type { Context } from "./context.ts";
import type { Change, Rates } from "./observation.ts";

/** Magnitude of the right side below which a relative margin means nothing. */
export const smallest = 1e-12;

/**
 * The improvement of left over right (positive is better) with its interval, and the bound it is compared with: minus the margin for
 * `not worse`, the margin for `better`. A relative margin is part of what is estimated: the interval is that of
 * improvement +- margin x |right|, with right estimated anew, moved back by the estimated margin so that it can be read against the bound.
 */
export interface Difference extends Estimate {
  readonly bound: number;
}

/** How the margin enters: `shift` x |right| is added to the improvement before it is compared with `bound`. */
export interface Claim {
  readonly orient: 1 | -1;
  readonly shift: number;
  readonly bound: number;
}

export function claimOf(test: ComparisonTest): Claim | NoAnswer {
  const { better } = test.left;
  if (better !== "higher" && better !== "lower") {
    return {
      reason: "schema_mismatch",
      detail: "neither direction of this measure is better, so that it cannot be compared",
    };
  }
  const signed = test.claim === "not_worse" ? -test.margin.value : test.margin.value;
  const orient = better === "higher" ? 1 : -1;
  return test.margin.kind === "relative" ? { orient, shift: -signed, bound: 0 } : { orient, shift: 0, bound: signed };
}

/** Moves the interval of improvement + shift x |right| back, and the bound with it. Adding 0 turns -0, which JSON does not keep, into 0. */
export function settled(estimate: Estimate, claim: Claim, right: number): Difference {
  const moved = claim.shift * Math.abs(right);
  return {
    ...estimate,
    low: estimate.low - moved + 0,
    high: estimate.high - moved + 0,
    value: estimate.value - moved + 0,
    bound: claim.bound - moved + 0,
  };
}

/** Two values with standard errors that share no rows: sqrt(se1^2 + se2^2). A missing standard error leaves the interval open. */
export function changeDifference(test: ComparisonTest, { baseline, now }: Change): Difference | NoAnswer {
  const claim = claimOf(test);
  if (isNoAnswer(claim)) return claim;
  if (!Number.isFinite(now.value) || !Number.isFinite(baseline.value)) {
    return { reason: "undefined_value", detail: "one side is not a finite number" };
  }
  if (claim.shift !== 0 && Math.abs(baseline.value) < smallest) {
    return { reason: "baseline_zero", detail: "the value compared with is 0, a relative margin of it means nothing" };
  }
  const scale = claim.shift * Math.sign(baseline.value) - claim.orient;
  const error = Math.hypot(now.standardError, scale * baseline.standardError);
  const half = Number.isFinite(error) ? normalQuantile(test.confidence) * error : Number.POSITIVE_INFINITY;
  const value = claim.orient * (now.value - baseline.value) + claim.shift * Math.abs(baseline.value);
  const sides = { [test.left.kind === "drift" || !("party" in test.left) ? "now" : test.left.party]: now.value };
  const values = { ...sides, ["party" in test.right ? test.right.party : "baseline"]: baseline.value };
  const n = now.n + baseline.n;
  const ends = { value, low: value - half, high: value + half, level: test.confidence };
  return settled({ ...ends, n, noun: "rows", method: "normal, two samples", values }, claim, baseline.value);
}

/** Two live rates, by the confidence sequences of docs/statistics.md: the answer may be looked at as often as one likes. */
export function ratesDifference(
  test: ComparisonTest,
  rates: Rates,
  context: Context,
):
  | (Difference & { readonly exact: readonly [number, number]; readonly asymptotic: readonly [number, number] })
  | NoAnswer {
  const claim = claimOf(test);
  if (isNoAnswer(claim)) return claim;
  if (!("party" in test.left) || !("party" in test.right) || test.left.party === test.right.party) {
    return { reason: "schema_mismatch", detail: "two versions must be compared" };
  }
  const [left, right] =
    test.left.party === "champion" ? [rates.champion, rates.challenger] : [rates.challenger, rates.champion];
  for (const [party, { trials }] of [
    [test.left.party, left],
    [test.right.party, right],
  ] as const) {
    if (trials === 0) return { reason: "no_data", detail: `${party} has answered no request`, n: 0 };
  }
  const l = left.events / left.trials;
  const r = right.events / right.trials;
  if (claim.shift !== 0 && r < smallest) {
    return {
      reason: "baseline_zero",
      detail: `${test.right.party}'s rate is 0, a relative margin of it means nothing`,
    };
  }
  const scale = 1 - claim.orient * claim.shift;
  const sequences = rateDifferenceSequences(left, right, 1 - test.confidence, plannedPairs(context), scale);
  const turned = ({ low, high }: { low: number; high: number }) =>
    claim.orient > 0 ? ([low, high] as const) : ([-high, -low] as const);
  const [low, high] = turned(together(sequences));
  const value = claim.orient * (l - scale * r);
  const asymptotic = Number.isFinite(sequences.asymptotic.low);
  const estimate: Estimate = {
    value,
    low,
    high,
    level: test.confidence,
    n: left.trials + right.trials,
    noun: "requests",
    method: `confidence sequence (${asymptotic ? "beta-binomial and asymptotic" : "beta-binomial"})`,
    values: {
      [test.left.party]: l,
      [test.right.party]: r,
      [`${test.left.party} requests`]: left.trials,
      [`${test.right.party} requests`]: right.trials,
    },
  };
  return { ...settled(estimate, claim, r), exact: turned(sequences.exact), asymptotic: turned(sequences.asymptotic) };
}

/** Effective n at which the comparison is planned: n_c n_s/(n_c + n_s) with n_c planned requests at share s is n_c (1 - s). */
export function plannedPairs({ live }: Context): number {
  const planned = live?.planned ?? 1000;
  return Math.max(1, planned * (1 - (live?.share ?? 0.5)));
}
