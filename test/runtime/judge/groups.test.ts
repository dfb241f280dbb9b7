import { expect, it } from "vitest";
import type { Requirement, Test } from "../../../compiler/plan/condition.ts";
import type { FairnessMeasure, Measure } from "../../../compiler/plan/measure.ts";
import type { Context } from "../../../runtime/judge/context.ts";
import { judge } from "../../../runtime/judge/judge.ts";
import type { Observation, ScoredRows } from "../../../runtime/judge/observation.ts";
import { differenceOf, wilson } from "../../../runtime/stats/proportion.ts";

const context: Context = {
  task: "binary",
  decidesAt: 0.5,
  champion: true,
  firstModel: "absolute_gates_only",
  policyDigest: "e".repeat(64),
};

/** Rows by group: how many, with what share of yes among rows labelled 1 and 0 (half of each). */
function rows(groups: Readonly<Record<string, readonly [n: number, ofOnes: number, ofZeros: number]>>): ScoredRows {
  const label: number[] = [];
  const decision: number[] = [];
  const group: string[] = [];
  for (const [name, [n, ofOnes, ofZeros]] of Object.entries(groups)) {
    for (let row = 0; row < n; row++) {
      const one = row % 2;
      const rank = Math.floor(row / 2);
      label.push(one);
      decision.push(rank < Math.round((n / 2) * (one === 1 ? ofOnes : ofZeros)) ? 1 : 0);
      group.push(name);
    }
  }
  const decided = Float64Array.from(decision);
  return {
    kind: "rows",
    label: Float64Array.from(label),
    challenger: decided,
    challengerDecision: decided,
    groups: { group, card: group.map((_, row) => `c${Math.floor(row / 4)}`) },
  };
}

function fairness(name: FairnessMeasure["name"], privileged?: string): FairnessMeasure {
  const head = { kind: "fairness", name, unit: "points", better: "lower" } as const;
  return { ...head, columns: ["group"], ...(privileged === undefined ? {} : { privileged }) };
}

function ask(test: Test, observation: Observation, more: Partial<Requirement> = {}) {
  const place = { file: "p.retrain", line: 1, column: 1, endLine: 1, endColumn: 2 };
  return judge(
    { kind: "requirement", id: "gate.g.1", role: "require", text: "", place, test, ...more },
    observation,
    context,
  );
}

const atMost = (measure: Measure, limit: number): Test => ({ kind: "threshold", measure, relation: "<=", limit });
const band = (measure: Measure, low = 0.8, high = 1.25): Test => ({ kind: "range", measure, low, high });

it("passes by the upper bound of the largest difference and fails by the lower one of some pair, at the level of all pairs", () => {
  const near = { a: [4000, 0.3, 0.3], b: [4000, 0.31, 0.31], c: [4000, 0.3, 0.3] } as const;
  const difference = fairness("demographic_parity_difference");
  const good = ask(atMost(difference, 0.05), rows(near));
  expect(good).toMatchObject({ verdict: "pass", n: 12_000 });
  const of = (events: number, level: number) => ({ value: events / 4000, ...wilson(events, 4000, level) });
  expect(good.interval?.high).toBeCloseTo(differenceOf(of(1240, 0.95), of(1200, 0.95)).high, 12);
  const far = ask(atMost(difference, 0.05), rows({ ...near, c: [4000, 0.4, 0.4] }));
  expect(far).toMatchObject({ verdict: "fail" });
  const strict = 1 - 0.05 / 6;
  expect(far.interval?.low).toBeCloseTo(differenceOf(of(1600, strict), of(1200, strict)).low, 12);
  const few = ask(atMost(difference, 0.05), rows({ a: [200, 0.3, 0.3], b: [200, 0.33, 0.33] }));
  expect(few).toMatchObject({ verdict: "inconclusive", reason: "ci_straddles" });
});

it("takes the larger gap of both kinds of rows for equalized odds, and only rows labelled yes for equal opportunity", () => {
  const observed = rows({ a: [4000, 0.8, 0.1], b: [4000, 0.8, 0.3] });
  const odds = ask(atMost(fairness("equalized_odds_difference"), 0.1), observed);
  expect(odds.verdict).toBe("fail");
  expect(odds.estimate).toBeCloseTo(0.2, 12);
  expect(ask(atMost(fairness("equal_opportunity_difference"), 0.1), observed).verdict).toBe("pass");
  const ratio = ask(band(fairness("equalized_odds_ratio")), observed);
  expect(ratio.estimate).toBeCloseTo(1 / 3, 12);
  expect(ratio.verdict).toBe("fail");
});

it("asks both ends of the band of a disparate impact, of every group against the privileged one", () => {
  const impact = fairness("disparate_impact", "a");
  const both = (b: number, c: number) =>
    ask(band(impact), rows({ a: [9000, 0.3, 0.3], b: [9000, b, b], c: [9000, c, c] }));
  expect(both(0.31, 0.29).verdict).toBe("pass");
  expect(both(0.2, 0.3)).toMatchObject({ verdict: "fail" });
  expect(both(0.3, 0.45)).toMatchObject({ verdict: "fail" });
  expect(both(0.3, 0.375).verdict).toBe("inconclusive");
  expect(ask(band(fairness("disparate_impact", "z")), rows({ a: [900, 0.3, 0.3], b: [900, 0.3, 0.3] }))).toMatchObject({
    reason: "no_data",
  });
});

it("has a difference of rates that are all 0, and no ratio of them", () => {
  const none = rows({ a: [900, 0, 0], b: [900, 0, 0] });
  expect(ask(atMost(fairness("demographic_parity_difference"), 0.05), none)).toMatchObject({
    verdict: "pass",
    estimate: 0,
  });
  expect(ask(band(fairness("demographic_parity_ratio")), none)).toMatchObject({ reason: "undefined_value" });
  const one = ask(band(fairness("demographic_parity_ratio")), rows({ a: [900, 0.4, 0.4], b: [900, 0, 0] }));
  expect(one).toMatchObject({ verdict: "fail", estimate: 0 });
});

it("says nothing of a small group until it is pooled or left out", () => {
  const observed = rows({ a: [3000, 0.3, 0.3], b: [3000, 0.3, 0.3], c: [20, 0.9, 0.9], d: [24, 0.1, 0.1] });
  const test = atMost(fairness("demographic_parity_difference"), 0.1);
  expect(ask(test, observed)).toMatchObject({
    reason: "too_few_samples",
    sentence: expect.stringContaining("group c"),
  });
  const pooled = ask(test, observed, { pool: { count: 200, of: "rows" } });
  expect(pooled.method).toContain("3 groups");
  expect(pooled.n).toBe(6044);
  const because = "opened in May, too few customers";
  const exclude = ["c", "d"].map((group) => ({ group, because }));
  expect(ask(test, observed, { exclude })).toMatchObject({ verdict: "pass", n: 6000 });
  expect(ask(test, observed, { exclude, minimum: { count: 5000, of: "rows" } })).toMatchObject({
    reason: "too_few_samples",
  });
});

it("counts pooled positives, not rows, where the policy says so", () => {
  const observed = rows({ a: [1000, 0.3, 0.3], b: [1000, 0.3, 0.3], c: [300, 0.3, 0.3] });
  const recall: Measure = {
    kind: "prediction",
    metric: "recall",
    party: "challenger",
    options: {},
    unit: "ratio",
    better: "higher",
  };
  const test: Test = { kind: "threshold", measure: recall, relation: ">=", limit: 0.1, confidence: 0.95 };
  const names = (pool: Requirement["pool"]) =>
    ask(test, observed, { forEach: "group", ...(pool === undefined ? {} : { pool }) }).slices?.map(
      ({ slice }) => slice,
    );
  expect(names({ count: 200, of: "positives" })).toEqual(["a", "b", "other"]);
  expect(names({ count: 200, of: "rows" })).toEqual(["a", "b", "c"]);
  expect(names(undefined)).toEqual(["a", "b", "c"]);
});

it("widens the bounds where rows of a cluster repeat each other", () => {
  const plain = rows({ a: [2000, 0.3, 0.3], b: [2000, 0.3, 0.3] });
  const width = (more: Partial<Requirement>) =>
    ask(atMost(fairness("demographic_parity_difference"), 0.05), plain, more).interval?.high ?? 0;
  // The rows of one card were decided alike: ranks follow each other.
  expect(width({ clusteredBy: "card" })).toBeGreaterThan(1.5 * width({}));
  const same = ask(atMost(fairness("demographic_parity_difference"), 0.05), {
    ...plain,
    weight: new Float64Array(4000).fill(2),
  });
  expect(same.interval?.high).toBeCloseTo(width({}), 3);
});

it("judges every slice that a source measured by itself", () => {
  const nulls: Measure = {
    kind: "data",
    name: "null_rate",
    dataset: "d",
    columns: ["x"],
    options: {},
    unit: "ratio",
    better: "lower",
  };
  const value = (rate: number) => ({ kind: "value", value: rate, n: 1000, events: rate * 1000 }) as const;
  const slices = (...rates: number[]): Observation => ({
    kind: "slices",
    slices: rates.map((rate, at) => ({ slice: `s${at}`, observation: value(rate) })),
  });
  expect(ask(atMost(nulls, 0.01), slices(0, 0.01, 0.005), { forEach: "group" }).verdict).toBe("pass");
  expect(ask(atMost(nulls, 0.01), slices(0, 0.02, 0.005), { forEach: "group" })).toMatchObject({
    verdict: "fail",
    sentence: expect.stringContaining("s1"),
  });
  const open: Observation = {
    kind: "slices",
    slices: [
      { slice: "", observation: value(0) },
      { slice: "b", observation: { kind: "unanswered", reason: "no_data", detail: "nothing there" } },
    ],
  };
  expect(ask(atMost(nulls, 0.01), open, { forEach: "group" })).toMatchObject({
    verdict: "inconclusive",
    reason: "no_data",
  });
  expect(ask(atMost(nulls, 0.01), { kind: "slices", slices: [] }, { forEach: "group" })).toMatchObject({
    reason: "no_data",
  });
});
