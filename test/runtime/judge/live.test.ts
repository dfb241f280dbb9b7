import { expect, it } from "vitest";
import type { ChangeTest, ComparisonTest, Requirement, Test } from "../../../compiler/plan/condition.ts";
import type { Measure, PredictionMeasure } from "../../../compiler/plan/measure.ts";
import type { Context } from "../../../runtime/judge/context.ts";
import { holds, judge } from "../../../runtime/judge/judge.ts";
import { columnsOf, needs } from "../../../runtime/judge/needs.ts";
import type { Arms, Observation, ScoredRows } from "../../../runtime/judge/observation.ts";
import { normalQuantile } from "../../../runtime/stats/normal.ts";
import { quantileBounds } from "../../../runtime/stats/quantile.ts";
import { uniform, xoshiro128 } from "../../../runtime/stats/random.ts";
import {
  asymptoticRadius,
  mixtureScale,
  rateDifferenceSequences,
  rateSequences,
  together,
} from "../../../runtime/stats/sequence.ts";

const context: Context = {
  task: "binary",
  decidesAt: 0.5,
  champion: true,
  firstModel: "absolute_gates_only",
  policyDigest: "1".repeat(64),
  live: { planned: 1000, share: 0.5 },
};
const { live: _, ...once } = context;

const metric = (name: string, party: PredictionMeasure["party"] = "challenger"): PredictionMeasure => ({
  kind: "prediction",
  metric: name,
  party,
  options: {},
  unit: "ratio",
  better: "higher",
});

function requirement(test: Test, more: Partial<Requirement> = {}): Requirement {
  const place = { file: "p.retrain", line: 1, column: 1, endLine: 1, endColumn: 2 };
  return { kind: "requirement", id: "stage.canary.1", role: "require", text: "", place, test, ...more };
}

const next = xoshiro128([9, 8, 7, 6]);
for (let draw = 0; draw < 100; draw++) next();

/** One version's answers: right on the first `right` of every hundred rows. */
function answers(n: number, right: number, group: (row: number) => string = () => ""): ScoredRows {
  const label = Float64Array.from({ length: n }, (_, row) => row % 2);
  const challenger = label.map((value, row) => {
    const score = (row * 37) % 100 < right ? value : 1 - value;
    return 0.25 + 0.5 * score + 0.2 * uniform(next);
  });
  return { kind: "rows", label, challenger, groups: { region: Array.from(label, (_, row) => group(row)) } };
}

const atLeast = (limit: number, name = "accuracy"): Test => ({
  kind: "threshold",
  measure: metric(name),
  relation: ">=",
  limit,
});

it("bounds a metric of labels that is looked at again and again by a sequence, also where the policy names no level", () => {
  const rows = answers(2000, 80);
  const { low, high } = together(rateSequences({ events: 1600, trials: 2000 }, 0.05, 1000));
  const found = judge(requirement(atLeast(0.75)), rows, context);
  expect(found).toMatchObject({ verdict: "pass", method: "confidence sequence" });
  expect(found.interval).toEqual({ low, high, level: 0.95 });
  expect(judge(requirement(atLeast(0.785)), rows, context)).toMatchObject({ reason: "ci_straddles" });
  expect(judge(requirement(atLeast(0.785)), rows, once).verdict).toBe("pass");
});

it("takes the asymptotic sequence for what is no rate of rows, from 200 rows on", () => {
  const rows = answers(3000, 80);
  const fixed = judge(requirement({ ...atLeast(0.5, "auc"), confidence: 0.95 } as Test), rows, once);
  const found = judge(requirement(atLeast(0.5, "auc")), rows, context);
  const half = (fixed.estimate ?? 0) - (fixed.interval?.low ?? 0);
  const radius = asymptoticRadius(
    3000,
    (half / normalQuantile(0.95)) * Math.sqrt(3000),
    mixtureScale(1000, 0.05),
    0.05,
  );
  expect(found.verdict).toBe("pass");
  expect((found.estimate ?? 0) - (found.interval?.low ?? 0)).toBeCloseTo(radius, 12);
  expect(judge(requirement(atLeast(0.5, "auc")), answers(150, 80), context)).toMatchObject({
    reason: "too_few_samples",
    sentence: expect.stringContaining("200 are needed"),
  });
});

const compared = (name: string, margin = 0.05, right: "champion" | "baseline" = "champion"): ComparisonTest => ({
  kind: "comparison",
  left: metric(name),
  claim: "not_worse",
  right: metric(name, right),
  margin: { kind: "absolute", value: margin },
  confidence: 0.95,
});

const arms = (challenger: ScoredRows, champion: ScoredRows): Arms => ({ kind: "arms", challenger, champion });

it("compares two versions on rows of their own", () => {
  const found = judge(requirement(compared("accuracy")), arms(answers(4000, 80), answers(4000, 80)), context);
  const count = { events: 3200, trials: 4000 };
  const { low } = together(rateDifferenceSequences(count, count, 0.05, 500));
  expect(found).toMatchObject({ verdict: "pass", estimate: 0 });
  expect(found.interval?.low).toBeCloseTo(low, 12);
  const worse = judge(requirement(compared("accuracy")), arms(answers(4000, 65), answers(4000, 80)), context);
  expect(worse.verdict).toBe("fail");
  expect(worse.values).toMatchObject({ challenger: 0.65, champion: 0.8 });
  expect(judge(requirement(compared("auc")), arms(answers(4000, 80), answers(4000, 80)), context).verdict).toBe("pass");
  expect(judge(requirement(compared("auc")), arms(answers(4000, 60), answers(4000, 80)), context).verdict).toBe("fail");
  const gone = { kind: "unanswered", reason: "labels_immature", detail: "none yet" } as const;
  expect(
    judge(requirement(compared("auc")), { kind: "arms", challenger: gone, champion: answers(400, 80) }, context),
  ).toMatchObject({
    reason: "labels_immature",
  });
});

it("compares slice by slice, and a slice that one version lacks has no rows there", () => {
  const region = (row: number) => ["eu", "us"][Math.floor(row / 2) % 2] ?? "";
  const test = requirement(compared("accuracy", 0.2), { forEach: "region", minimum: { count: 0, of: "positives" } });
  const both = judge(test, arms(answers(4000, 80, region), answers(4000, 80, region)), context);
  expect(both.slices?.map(({ slice }) => slice)).toEqual(["eu", "us"]);
  const lacking = judge(
    test,
    arms(
      answers(4000, 80, region),
      answers(4000, 80, () => "eu"),
    ),
    context,
  );
  expect(lacking.slices?.[1]).toMatchObject({ slice: "us", verdict: "inconclusive", reason: "no_data" });
});

const point = (value: number, standardError = 0.005, n = 5000) => ({ value, standardError, n });

it("never reads the challenger's rows as the baseline's", () => {
  const test = requirement(compared("auc", 0.05, "baseline"));
  expect(judge(test, { ...answers(400, 80), champion: new Float64Array(400) }, once)).toMatchObject({
    reason: "schema_mismatch",
  });
  const change: Observation = { kind: "change", baseline: point(0.8), now: point(0.79) };
  expect(judge(test, change, once).verdict).toBe("pass");
  expect(judge(test, { ...change, now: point(0.7) }, context).verdict).toBe("fail");
  const width = (seen: Context) => {
    const found = judge(test, change, seen);
    return (found.estimate ?? 0) - (found.interval?.low ?? 0);
  };
  const bound = asymptoticRadius(5000, 0.005 * Math.sqrt(5000), mixtureScale(1000, 0.025), 0.025);
  expect(width(context)).toBeCloseTo(bound + normalQuantile(0.975) * 0.005, 12);
  expect(width(once)).toBeCloseTo(normalQuantile(0.95) * Math.hypot(0.005, 0.005), 12);
});

const changed = (
  measure: Measure,
  direction: ChangeTest["direction"],
  value: number,
  kind: "absolute" | "relative" = "absolute",
): ChangeTest => ({
  kind: "change",
  measure,
  direction,
  margin: { kind, value },
  confidence: 0.95,
});
const errors: Measure = { kind: "live_rate", name: "error_rate", party: "challenger", unit: "ratio", better: "lower" };
const latency: Measure = {
  kind: "quantile",
  column: "latency",
  party: "challenger",
  quantile: 0.9,
  unit: "duration",
  better: "lower",
};
const rates = (now: [number, number], before: [number, number]): Observation => ({
  kind: "rates",
  challenger: { events: now[0], trials: now[1] },
  champion: { events: before[0], trials: before[1] },
});

it("holds a live rate against the champion's requests before the rollout", () => {
  const test = changed(errors, "rises", 0.01);
  expect(holds(test, rates([500, 10_000], [100, 10_000]), context).truth).toBe(true);
  expect(holds(test, rates([110, 10_000], [100, 10_000]), context).truth).toBe(false);
  expect(holds(test, rates([13, 500], [100, 10_000]), context)).toMatchObject({
    truth: "unknown",
    reason: "ci_straddles",
  });
  expect(holds(test, rates([1, 50], [0, 0]), context)).toMatchObject({ truth: "unknown", reason: "no_reference" });
  const { low } = together(
    rateDifferenceSequences({ events: 500, trials: 10_000 }, { events: 100, trials: 10_000 }, 0.05, 500),
  );
  expect(holds(test, rates([500, 10_000], [100, 10_000]), context).interval?.low).toBeCloseTo(low, 12);
  const relative = changed(errors, "rises", 1, "relative");
  expect(holds(relative, rates([500, 10_000], [100, 10_000]), context).truth).toBe(true);
  expect(holds(relative, rates([150, 10_000], [100, 10_000]), context).truth).toBe(false);
  expect(holds(relative, rates([1, 10_000], [0, 10_000]), context)).toMatchObject({ reason: "baseline_zero" });
  const availability = { ...errors, better: "higher" } as const;
  expect(holds(changed(availability, "drops", 0.01), rates([9000, 10_000], [9900, 10_000]), context).truth).toBe(true);
});

function samples(current: Float64Array, reference: Float64Array): Observation {
  const rows = { reference: reference.length, current: current.length };
  return { kind: "samples", reference, current, rows, missing: { reference: 0, current: 0 } };
}
const spread = (n: number, shift: number) => Float64Array.from({ length: n }, (_, at) => shift + ((at * 7919) % n) / n);

it("holds a quantile against the champion's answers before the rollout, each bounded at half of alpha", () => {
  const test = changed(latency, "rises", 0.5);
  const now = spread(1600, 2);
  const before = spread(1000, 1);
  const found = holds(test, samples(now, before), once);
  const ends = [now, before].map((values) => quantileBounds(values.slice().sort(), 0.9, 0.975));
  expect(found.truth).toBe(true);
  expect(found.interval?.low).toBeCloseTo((ends[0]?.low ?? 0) - (ends[1]?.high ?? 0), 12);
  expect(holds(test, samples(spread(1600, 1.2), before), once).truth).toBe(false);
  expect(holds(test, samples(spread(20, 2), before), once)).toMatchObject({ reason: "too_few_samples" });
  expect(holds(test, samples(now, spread(10, 1)), once)).toMatchObject({ reason: "too_few_samples" });
});

const quantiles = (margin: number): ComparisonTest => ({
  kind: "comparison",
  left: latency,
  claim: "not_worse",
  right: { ...latency, party: "champion" },
  margin: { kind: "absolute", value: margin },
  confidence: 0.95,
});

it("compares latencies of two versions, of live answers and of the pairs of a file", () => {
  expect(judge(requirement(quantiles(0.3)), samples(spread(5000, 1), spread(5000, 1)), context).verdict).toBe("pass");
  expect(judge(requirement(quantiles(0.3)), samples(spread(5000, 2), spread(5000, 1)), context).verdict).toBe("fail");
  const pairs = (shift: number): ScoredRows => ({
    ...answers(1500, 80),
    challengerLatency: spread(1500, 1 + shift),
    championLatency: spread(1500, 1),
  });
  const same = judge(requirement(quantiles(0.1)), pairs(0.05), once);
  expect(same).toMatchObject({ verdict: "pass", method: "bootstrap (BCa, 2,000)" });
  expect(same.estimate).toBeCloseTo(-0.05, 9);
  expect(judge(requirement(quantiles(0.1)), pairs(0.3), once).verdict).toBe("fail");
  expect(judge(requirement(quantiles(0.1)), answers(1500, 80), once)).toMatchObject({ reason: "no_data" });
});

it("asks for the columns that slices, clusters, fairness and rankings need", () => {
  const ranking = { ...metric("ndcg"), options: { k: 5, group: "query" } };
  const test: Test = { kind: "threshold", measure: ranking, relation: ">=", limit: 0.1 };
  expect(columnsOf(requirement(test, { forEach: "region", clusteredBy: "card" }))).toEqual(["region", "card", "query"]);
  expect(needs(requirement(test))).toMatchObject({ kind: "rows", groups: ["query"] });
  expect(needs(requirement(quantiles(1)))).toMatchObject({ kind: "sample", both: true });
  expect(needs(requirement(compared("auc", 0.1, "baseline")))).toMatchObject({ kind: "change" });
});
