import { expect, it } from "vitest";
import type { Requirement, Test } from "../../../compiler/plan/condition.ts";
import type { LiveRateMeasure, PredictionMeasure } from "../../../compiler/plan/measure.ts";
import type { Context } from "../../../runtime/judge/context.ts";
import { holds, judge } from "../../../runtime/judge/judge.ts";
import { measured } from "../../../runtime/judge/measured.ts";
import { needs } from "../../../runtime/judge/needs.ts";
import type { ScoredRows } from "../../../runtime/judge/observation.ts";
import { quantileBounds } from "../../../runtime/stats/quantile.ts";
import { uniform, xoshiro128 } from "../../../runtime/stats/random.ts";

const context: Context = {
  task: "binary",
  decidesAt: 0.5,
  champion: true,
  firstModel: "absolute_gates_only",
  policyDigest: "a".repeat(64),
  rowSet: "b",
};

function metric(name: string, party: PredictionMeasure["party"] = "challenger"): PredictionMeasure {
  return { kind: "prediction", metric: name, party, options: {}, unit: "ratio", better: "higher" };
}

function atLeastTest(name: string, limit: number, confidence?: number): Test {
  return {
    kind: "threshold",
    measure: metric(name),
    relation: ">=",
    limit,
    ...(confidence === undefined ? {} : { confidence }),
  };
}

function notWorse(name: string, margin: number): Test {
  const sides = { left: metric(name), right: metric(name, "champion") };
  return {
    kind: "comparison",
    ...sides,
    claim: "not_worse",
    margin: { kind: "absolute", value: margin },
    confidence: 0.95,
  };
}

function require(test: Test, more: Partial<Requirement> = {}): Requirement {
  const place = { file: "p.retrain", line: 1, column: 1, endLine: 1, endColumn: 2 };
  return { kind: "requirement", id: "gate.offline.1", role: "require", text: "as written", place, test, ...more };
}

/** Rows with a champion that separates the classes by `gain` and a challenger that does so by `gain + more`, in each slice. */
function rows(n: number, more: number, slices: readonly string[] = ["a"], seed = 1): ScoredRows {
  const next = xoshiro128([seed, 2, 3, 4]);
  const label = new Float64Array(n);
  const challenger = new Float64Array(n);
  const champion = new Float64Array(n);
  const region: string[] = [];
  const card: string[] = [];
  for (let row = 0; row < n; row++) {
    const positive = uniform(next) < 0.4 ? 1 : 0;
    const noise = uniform(next) + uniform(next);
    label[row] = positive;
    champion[row] = Math.min(1, Math.max(0, (noise + 0.3 * positive) / 2.6));
    challenger[row] = Math.min(1, Math.max(0, (noise + (0.3 + more) * positive + 0.1 * uniform(next)) / 2.6));
    region.push(slices[row % slices.length] ?? "");
    card.push(`card ${Math.floor(row / 4)}`);
  }
  return { kind: "rows", label, challenger, champion, groups: { region, card } };
}

it("skips what needs a champion where there is none, and calls it inconclusive under refuse", () => {
  const first = { ...context, champion: false };
  const observation = { kind: "unanswered", reason: "no_champion", detail: "there is none" } as const;
  expect(judge(require(notWorse("auc", 0.01)), observation, first)).toMatchObject({
    verdict: "skipped",
    reason: "no_champion",
  });
  expect(judge(require(notWorse("auc", 0.01)), observation, { ...first, firstModel: "refuse" }).verdict).toBe(
    "inconclusive",
  );
  expect(judge(require(atLeastTest("auc", 0.5)), rows(400, 0.2), first).verdict).toBe("pass");
  const coverage = { kind: "pairs", name: "match_coverage", options: {}, unit: "ratio", better: "higher" } as const;
  const matched: Test = { kind: "threshold", measure: coverage, relation: ">=", limit: 0.95 };
  expect(judge(require(matched), observation, first).verdict).toBe("skipped");
});

it("states value, bound, number of rows and what is asked in one sentence", () => {
  const finding = judge(require(atLeastTest("auc", 0.6, 0.95)), rows(2000, 0.2), context);
  expect(finding.sentence).toMatch(
    /^challenger\.auc is 0\.\d{3} \(95 % lower bound 0\.\d{3}, n = 2,000\): at least 0\.600 is asked$/,
  );
  expect(finding).toMatchObject({ verdict: "pass", method: "delong", unit: "ratio", n: 2000, bound: 0.6 });
  expect(finding.flip).toMatch(/pp lower would reach the limit/);
});

it("names how many rows would decide where the interval straddles", () => {
  const observation = rows(400, 0.02);
  const value = judge(require(atLeastTest("auc", 0.5)), observation, context).estimate ?? 0;
  const finding = judge(require(atLeastTest("auc", value - 0.01, 0.95)), observation, context);
  expect(finding).toMatchObject({ verdict: "inconclusive", reason: "ci_straddles" });
  const needed = Number(finding.flip?.match(/About ([\d,]+) rows/)?.[1]?.replaceAll(",", ""));
  const half = value - (finding.interval?.low ?? 0);
  expect(needed).toBe(Math.ceil(400 * (half / 0.01) ** 2));
});

it("replaces the usual minimum of rows by the requirement's own", () => {
  const observation = rows(400, 0.2);
  const minimum = (count: number, of: "rows" | "positives" | "negatives") =>
    judge(require(atLeastTest("auc", 0.5), { minimum: { count, of } }), observation, context);
  const positives = observation.label.reduce((sum, one) => sum + one, 0);
  expect(minimum(400, "rows").verdict).toBe("pass");
  expect(minimum(401, "rows")).toMatchObject({ verdict: "inconclusive", reason: "too_few_samples" });
  expect(minimum(positives, "positives").verdict).toBe("pass");
  expect(minimum(positives + 1, "positives").verdict).toBe("inconclusive");
  expect(minimum(400 - positives + 1, "negatives").verdict).toBe("inconclusive");
  expect(
    judge(require(atLeastTest("auc", 0.5), { minimum: { count: 60, of: "rows" } }), rows(90, 0.2), context).verdict,
  ).toBe("pass");
});

it("passes slices where all pass, fails them by a point, and never leaves a small one out", () => {
  const observation = rows(1200, 0.3, ["north", "south", "west"]);
  const forEach = { forEach: "region", minimum: { count: 300, of: "rows" as const } };
  const passed = judge(require(atLeastTest("auc", 0.55), forEach), observation, context);
  expect(passed.verdict).toBe("pass");
  expect(passed.slices?.map((one) => one.slice)).toEqual(["north", "south", "west"]);
  expect(judge(require(atLeastTest("auc", 0.99), forEach), observation, context).verdict).toBe("fail");
  const small = judge(
    require(atLeastTest("auc", 0.55), { ...forEach, minimum: { count: 401, of: "rows" } }),
    observation,
    context,
  );
  expect(small).toMatchObject({ verdict: "inconclusive", reason: "too_few_samples" });
  expect(judge(require(atLeastTest("auc", 0.55), { forEach: "country" }), observation, context).reason).toBe(
    "schema_mismatch",
  );
  const many = rows(
    6000,
    0.3,
    Array.from({ length: 51 }, (_, index) => `r${index}`),
  );
  expect(judge(require(atLeastTest("auc", 0.55), { forEach: "region" }), many, context).reason).toBe("schema_mismatch");
});

it("fails slices with confidence only at Holm's level", () => {
  const slices = Array.from({ length: 10 }, (_, index) => `r${index}`);
  const observation = rows(4000, 0.3, slices, 3);
  const worst = Math.min(
    ...(judge(require(atLeastTest("auc", 0.5), { forEach: "region" }), observation, context).slices ?? []).map(
      (one) => one.estimate ?? 1,
    ),
  );
  const verdicts = [0.02, 0.045, 0.12].map((above) => {
    const finding = judge(
      require(atLeastTest("auc", worst + above, 0.95), { forEach: "region" }),
      observation,
      context,
    );
    return finding.verdict;
  });
  expect(verdicts).toEqual(["inconclusive", "inconclusive", "fail"]);
  const alone = rows(4000, 0.3, slices, 3);
  const kept = alone.groups["region"] ?? [];
  const single = { ...alone, groups: { region: kept.map((one) => (one === "r0" ? "r0" : "rest")) } };
  expect(judge(require(atLeastTest("auc", 0.99, 0.95), { forEach: "region" }), single, context).verdict).toBe("fail");
});

it("resamples clusters, counts them, and asks for 30 of them", () => {
  const observation = rows(1600, 0.2);
  const test = notWorse("auc", 0.02);
  const plain = judge(require(test), observation, context);
  const clustered = judge(require(test, { clusteredBy: "card" }), observation, context);
  expect(clustered).toMatchObject({ verdict: "pass", n: 400, method: "cluster bootstrap (BCa, 2,000) by card" });
  expect(clustered.interval?.low).toBeCloseTo(plain.interval?.low ?? 0, 2);
  const few = { ...observation, groups: { card: observation.groups["card"]?.map((_, row) => `c${row % 29}`) ?? [] } };
  expect(judge(require(test, { clusteredBy: "card" }), few, context)).toMatchObject({ reason: "too_few_samples" });
});

it("agrees between bootstrap and closed forms, and gives the same bytes again", () => {
  const observation = rows(1500, 0.1);
  for (const name of ["auc", "accuracy"]) {
    const closed = judge(require(notWorse(name, 0.02)), observation, context);
    const weighted = { ...observation, weight: new Float64Array(1500).fill(1) };
    const sampled = judge(require(notWorse(name, 0.02)), weighted, context);
    expect(sampled.method).toContain("bootstrap");
    expect(sampled.estimate).toBeCloseTo(closed.estimate ?? 0, 12);
    expect(sampled.interval?.low).toBeCloseTo(closed.interval?.low ?? 0, 2);
    expect(JSON.stringify(judge(require(notWorse(name, 0.02)), weighted, context))).toBe(JSON.stringify(sampled));
  }
});

it("tests a relative margin together with the champion's own uncertainty", () => {
  const observation = rows(1500, 0.1);
  const test = notWorse("auc", 0.05);
  if (test.kind !== "comparison") throw new Error("a comparison is expected");
  const relative = judge(require({ ...test, margin: { kind: "relative", value: 0.05 } }), observation, context);
  const absolute = judge(require(test), observation, context);
  const champion = absolute.values?.["champion"] ?? 0;
  expect(relative.estimate).toBeCloseTo(absolute.estimate ?? 0, 12);
  expect(relative.bound).toBeCloseTo(-0.05 * champion, 12);
  expect(relative.interval?.low).not.toBe(absolute.interval?.low);
  expect(relative.interval?.low).toBeCloseTo(absolute.interval?.low ?? 0, 2);
});

const errorRate = (party: LiveRateMeasure["party"]): LiveRateMeasure => ({
  kind: "live_rate",
  name: "error_rate",
  party,
  unit: "ratio",
  better: "lower",
});

it("lets a rollback condition hold only when the anytime lower bound is beyond the limit", () => {
  const test: Test = { kind: "threshold", measure: errorRate("challenger"), relation: ">", limit: 0.05 };
  const seen = (events: number, trials: number) =>
    holds(test, { kind: "rates", challenger: { events, trials }, champion: { events: 0, trials: 0 } }, context);
  expect(seen(3, 20).truth).toBe("unknown");
  expect(seen(30, 200)).toMatchObject({ truth: true });
  expect(seen(2, 500).truth).toBe(false);
  expect(seen(0, 0)).toMatchObject({ truth: "unknown", reason: "no_data" });
  expect(seen(30, 200).sentence).toMatch(
    /15 % \(95 % lower bound [\d.]+ %, 200 requests\): more than 5 % is the condition/,
  );
});

it("does not switch a rollback condition off when the split is broken, but does so with requirements", () => {
  const live = { ...context, live: { planned: 1000, share: 0.1 } };
  const observation = {
    kind: "rates",
    challenger: { events: 900, trials: 3000 },
    champion: { events: 0, trials: 3000 },
  } as const;
  const test: Test = { kind: "threshold", measure: errorRate("challenger"), relation: ">", limit: 0.05 };
  expect(holds(test, observation, live).truth).toBe(true);
  const asked: Test = { kind: "threshold", measure: errorRate("challenger"), relation: "<=", limit: 0.05 };
  expect(judge(require(asked), observation, live).reason).toBe("sample_ratio_mismatch");
});

it("counts a live comparison's minimum in the challenger's requests", () => {
  const sides = { left: errorRate("challenger"), right: errorRate("champion") };
  const test: Test = {
    kind: "comparison",
    ...sides,
    claim: "not_worse",
    margin: { kind: "absolute", value: 0.01 },
    confidence: 0.95,
  };
  const observation = {
    kind: "rates",
    challenger: { events: 0, trials: 1200 },
    champion: { events: 0, trials: 20_000 },
  } as const;
  const minimum = (count: number) => judge(require(test, { minimum: { count, of: "requests" } }), observation, context);
  expect(minimum(1200).verdict).toBe("pass");
  expect(minimum(1201)).toMatchObject({ verdict: "inconclusive", reason: "too_few_samples" });
});

it("says what to ask a source for", () => {
  expect(needs(require(notWorse("auc", 0.01), { forEach: "region", clusteredBy: "card" }))).toMatchObject({
    kind: "rows",
    champion: true,
    groups: ["region", "card"],
  });
  expect(needs(require(atLeastTest("auc", 0.6)))).toMatchObject({ kind: "rows", champion: false, groups: [] });
  expect(needs(require({ kind: "schema", dataset: "flights" }))).toEqual({ kind: "schema", dataset: "flights" });
  const decay: Test = {
    kind: "change",
    measure: metric("auc", "baseline"),
    direction: "drops",
    margin: { kind: "absolute", value: 0.02 },
    confidence: 0.95,
  };
  expect(needs(require(decay)).kind).toBe("change");
});

it("measures a metric with its standard error for a baseline", () => {
  const observation = rows(2000, 0.2);
  const auc = measured(metric("auc", "baseline"), observation, context);
  const finding = judge(require(atLeastTest("auc", 0.5, 0.95)), observation, context);
  if ("kind" in auc) throw new Error(auc.detail);
  expect(auc.value).toBe(finding.estimate);
  expect(auc.value - 1.6448536269514722 * auc.standardError).toBeCloseTo(finding.interval?.low ?? 0, 12);
  expect(measured(metric("auc"), rows(50, 0.2), context)).toMatchObject({
    kind: "unanswered",
    reason: "too_few_samples",
  });
});

it("counts flips of decisions in rows, and of numbers by the champion's magnitude", () => {
  const flips = { kind: "pairs", name: "flip_rate", options: {}, unit: "ratio", better: "lower" } as const;
  const test: Test = { kind: "threshold", measure: flips, relation: "<=", limit: 0.03 };
  const observation = rows(2000, 0.1);
  const differ = observation.challenger.reduce(
    (sum, one, row) => sum + (one >= 0.5 !== (observation.champion?.[row] ?? 0) >= 0.5 ? 1 : 0),
    0,
  );
  expect(differ).toBeGreaterThan(60);
  expect(judge(require(test), observation, context)).toMatchObject({ verdict: "fail", estimate: differ / 2000 });
  const { champion: _, ...alone } = observation;
  expect(judge(require(test), alone, context)).toMatchObject({ verdict: "inconclusive", reason: "no_champion" });
  const numbers = {
    kind: "rows" as const,
    label: new Float64Array(4),
    champion: Float64Array.from([100, 100, 1, 1000]),
    challenger: Float64Array.from([110, 111, 10, 1101]),
    groups: {},
  };
  const regression = { ...context, task: "regression" as const };
  expect(judge(require(test), numbers, regression).values).toMatchObject({ flips: 2, matched: 4 });
  const wide: Test = { ...test, measure: { ...flips, options: { relative: 0.2 } } };
  expect(judge(require(wide), numbers, regression).values).toMatchObject({ flips: 0 });
});

it("shows the bound that faces the limit", () => {
  const test: Test = { kind: "threshold", measure: errorRate("challenger"), relation: ">", limit: 0.05 };
  const calm = { kind: "rates", challenger: { events: 2, trials: 500 }, champion: { events: 0, trials: 0 } } as const;
  expect(holds(test, calm, context).sentence).toMatch(
    /0\.4 % \(95 % upper bound [\d.]+ %, 500 requests\): more than 5 % is the condition/,
  );
});

it("reads a quantile looked at repeatedly at doubling sizes, each look at its own level", () => {
  const measure = {
    kind: "quantile",
    column: "latency",
    party: "challenger",
    quantile: 0.99,
    unit: "duration",
    better: "lower",
  } as const;
  const test: Test = { kind: "threshold", measure, relation: "<=", limit: 5000 };
  const values = Float64Array.from({ length: 2000 }, (_, index) => (index * 7919) % 2003);
  const live = { ...context, live: { planned: 1000 } };
  const finding = judge(require(test), { kind: "sample", values }, live);
  const expected = quantileBounds(values.slice(0, 1472).sort(), 0.99, 1 - 0.05 / 12);
  expect(finding).toMatchObject({ n: 1472, method: "order statistics, look 3" });
  expect(finding.interval).toMatchObject({ low: expected.low, high: expected.high });
  const once = judge(require(test), { kind: "sample", values }, context);
  expect(once.interval).toMatchObject({ high: quantileBounds(values.slice().sort(), 0.99, 0.95).high });
});
