import { expect, it } from "vitest";
import type { Test } from "../../../compiler/plan/condition.ts";
import type { PrometheusMeasure } from "../../../compiler/plan/measure.ts";
import { holds } from "../../../runtime/judge/judge.ts";
import type { BucketCounts, Observation } from "../../../runtime/judge/observation.ts";
import { uniform, xoshiro128 } from "../../../runtime/stats/random.ts";

const base = {
  kind: "prometheus",
  name: "m",
  party: "challenger",
  query: "q",
  freshWithin: 1,
  better: "lower",
} as const;
const p99: PrometheusMeasure = { ...base, unit: "duration", form: { kind: "bucket_quantile", quantile: 0.99 } };
const opaque: PrometheusMeasure = { ...base, unit: "ratio", low: 0, high: 1, form: { kind: "opaque", countedBy: "c" } };
const context = {
  task: "binary",
  decidesAt: 0.5,
  champion: true,
  firstModel: "absolute_gates_only",
  policyDigest: "d",
  live: { planned: 1_000 },
} as const;
const champion = (measure: PrometheusMeasure) => ({ ...measure, party: "champion" as const });
const ask = (test: Test, observation: Observation) => holds(test, observation, context);
const limit = (measure: PrometheusMeasure, relation: "<=" | ">", value: number): Test => ({
  kind: "threshold",
  measure,
  relation,
  limit: value,
});
const counts = (upper: readonly number[], atOrBelow: readonly number[]): BucketCounts => ({
  upper: [...upper, Number.POSITIVE_INFINITY],
  atOrBelow,
});

it("a quantile is at most a limit where enough requests surely lie in the buckets up to it", () => {
  const buckets: Observation = { kind: "buckets", challenger: counts([100, 200], [9_990, 10_000, 10_000]) };
  expect(ask(limit(p99, "<=", 100), buckets)).toMatchObject({ truth: true, n: 10_000 });
  // 150 lies within a bucket: what is surely below it is what is below 100.
  expect(ask(limit(p99, "<=", 150), buckets).truth).toBe(true);
  expect(ask(limit(p99, "<=", 99), buckets).truth).toBe("unknown");
  const slow: Observation = { kind: "buckets", challenger: counts([100, 200], [9_500, 10_000, 10_000]) };
  expect(ask(limit(p99, "<=", 100), slow).truth).toBe(false);
  expect(ask(limit(p99, ">", 100), slow).truth).toBe(true);
});

it("the last bucket has no end, and says nothing about how slow its requests were", () => {
  const tail: Observation = { kind: "buckets", challenger: counts([100], [900, 1_000]) };
  const found = ask(limit(p99, "<=", 5_000), tail);
  expect(found).toMatchObject({ truth: "unknown", reason: "ci_straddles" });
  expect(found.estimate).toBe(100);
});

it("buckets that are no histogram are no answer", () => {
  for (const broken of [
    counts([100], [5, 3]),
    counts([100], [2.5, 3]),
    { upper: [100, 200], atOrBelow: [1, 2] },
    { upper: [], atOrBelow: [] },
  ]) {
    expect(ask(limit(p99, "<=", 100), { kind: "buckets", challenger: broken })).toMatchObject({
      truth: "unknown",
      reason: "schema_mismatch",
    });
  }
});

it("two versions' quantiles are compared by the bounds of both", () => {
  const fast = counts([50, 100], [9_995, 10_000, 10_000]);
  const slow = counts([50, 100], [9_000, 9_999, 10_000]);
  const claim = (challenger: BucketCounts, other: BucketCounts): Observation => ({
    kind: "buckets",
    challenger,
    champion: other,
  });
  const test: Test = {
    kind: "comparison",
    left: p99,
    claim: "not_worse",
    right: champion(p99),
    margin: { kind: "absolute", value: 50 },
    confidence: 0.95,
  };
  expect(ask(test, claim(fast, slow)).truth).toBe(true);
  expect(ask({ ...test, margin: { kind: "absolute", value: 1 } } as Test, claim(slow, fast)).truth).not.toBe(true);
  expect(ask(test, { kind: "buckets", challenger: fast })).toMatchObject({ truth: "unknown", reason: "no_data" });
});

it("looking 48 times, a p99 that is just beyond the limit seldom passes", () => {
  // The limit is the end of the first bucket, and 1.2 % of requests lie above it.
  let wrong = 0;
  const lives = 400;
  const random = xoshiro128([1, 2, 3, 4]);
  for (let life = 0; life < lives; life += 1) {
    let below = 0;
    let passed = false;
    for (let look = 1; look <= 48; look += 1) {
      for (let request = 0; request < 50; request += 1) if (uniform(random) >= 0.012) below += 1;
      const observation: Observation = { kind: "buckets", challenger: counts([100], [below, look * 50]) };
      passed ||= ask(limit(p99, "<=", 100), observation).truth === true;
    }
    if (passed) wrong += 1;
  }
  expect(wrong / lives).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / lives));
});

it("a number that nobody vouches for is compared as it stands, from 100 requests on", () => {
  const value = (amount: number, n: number): Observation => ({ kind: "value", value: amount, n });
  expect(ask(limit(opaque, "<=", 0.01), value(0.009, 99))).toMatchObject({
    truth: "unknown",
    reason: "too_few_samples",
  });
  expect(ask(limit(opaque, "<=", 0.01), value(0.009, 100))).toMatchObject({
    truth: true,
    method: "compared as reported",
  });
  expect(ask(limit(opaque, "<=", 0.01), value(0.011, 100)).truth).toBe(false);
});

it("a value beyond the metric's range is no value, however well it compares", () => {
  const higher: PrometheusMeasure = { ...opaque, better: "higher" };
  const percent: Observation = { kind: "value", value: 92, n: 5_000 };
  expect(ask({ kind: "threshold", measure: higher, relation: ">=", limit: 0.9 } as Test, percent)).toMatchObject({
    truth: "unknown",
    reason: "schema_mismatch",
  });
  const reported = {
    kind: "evaluation",
    key: "auc",
    party: "challenger",
    unit: "ratio",
    better: "higher",
    low: 0,
    high: 1,
  } as const;
  expect(ask({ kind: "threshold", measure: reported, relation: ">=", limit: 0.9 } as Test, percent)).toMatchObject({
    truth: "unknown",
    reason: "schema_mismatch",
  });
});
