import { expect, it } from "vitest";
import type { Requirement, Test } from "../../../compiler/plan/condition.ts";
import type { DriftMeasure, Measure } from "../../../compiler/plan/measure.ts";
import type { Context } from "../../../runtime/judge/context.ts";
import { judge } from "../../../runtime/judge/judge.ts";
import type { DriftObservation, Observation } from "../../../runtime/judge/observation.ts";
import { gapOf } from "../../../runtime/stats/gap.ts";
import { normalQuantile } from "../../../runtime/stats/normal.ts";
import { uniform, xoshiro128 } from "../../../runtime/stats/random.ts";

const context: Context = {
  task: "binary",
  decidesAt: 0.5,
  champion: true,
  firstModel: "absolute_gates_only",
  policyDigest: "f".repeat(64),
};

function ask(test: Test, observation: Observation, live?: Context["live"]) {
  const place = { file: "p.retrain", line: 1, column: 1, endLine: 1, endColumn: 2 };
  const requirement: Requirement = { kind: "requirement", id: "v.1", role: "require", text: "", place, test };
  return judge(requirement, observation, live === undefined ? context : { ...context, live });
}

const drift = (name: DriftMeasure["name"], options: DriftMeasure["options"] = {}): DriftMeasure => ({
  kind: "drift",
  name,
  dataset: "d",
  column: "x",
  options,
  unit: "number",
  better: "lower",
});
const atMost = (measure: Measure, limit: number): Test => ({ kind: "threshold", measure, relation: "<=", limit });

const next = xoshiro128([7, 7, 7, 7]);
// The first numbers after so plain a seed are small.
for (let draw = 0; draw < 100; draw++) next();
const normal = (n: number, shift = 0) =>
  Float64Array.from({ length: n }, () => shift + normalQuantile((Math.floor(uniform(next) * 1e9) + 0.5) / 1e9));

function gap(reference: Float64Array, current: Float64Array, missing = { reference: 0, current: 0 }): Observation {
  return { kind: "gap", gap: gapOf(reference, current, missing) };
}

it("drifts by ks only beyond the limit and with an unlikely chance, and says which p it is", () => {
  const moved = ask(atMost(drift("ks"), 0.1), gap(normal(800), normal(700, 0.5)));
  expect(moved).toMatchObject({ verdict: "fail", method: "ks (exact p)" });
  expect(moved.values?.["p"]).toBeLessThan(1e-6);
  expect(ask(atMost(drift("ks"), 0.1), gap(normal(800), normal(700))).verdict).toBe("pass");
  // Beyond 0.02, but no more than chance explains.
  const chance = gap(normal(250), normal(250));
  const small = ask(atMost(drift("ks"), 0.02), chance);
  expect(small.estimate).toBeGreaterThan(0.02);
  expect(small.verdict).toBe("pass");
  const tied = ask(atMost(drift("ks"), 0.1), gap(normal(800).map(Math.round), normal(700, 0.5).map(Math.round)));
  expect(tied.method).toBe("ks (p of the limit)");
});

it("sees a column that empties by ks, and has no distance to rows without a value by wasserstein and mmd", () => {
  const same = normal(500);
  const emptied = gap(same, same.slice(0, 250), { reference: 0, current: 2250 });
  expect(ask(atMost(drift("ks"), 0.1), emptied)).toMatchObject({ verdict: "fail" });
  expect(ask(atMost(drift("wasserstein"), 0.1), emptied)).toMatchObject({
    reason: "undefined_value",
    sentence: expect.stringContaining("2,250 current rows have no value"),
  });
});

it("measures wasserstein in standard deviations of the reference and says when so few rows cannot tell", () => {
  const moved = ask(atMost(drift("wasserstein"), 0.2), gap(normal(4000), normal(4000, 0.5)));
  expect(moved.verdict).toBe("fail");
  expect(moved.estimate).toBeCloseTo(0.5, 1);
  const few = ask(atMost(drift("wasserstein"), 0.1), gap(normal(300), normal(300)));
  expect(few).toMatchObject({ verdict: "inconclusive", reason: "unresolvable_at_n" });
  expect(few.noiseBound).toBeGreaterThan(0.1);
  const constant = gap(new Float64Array(300).fill(1), new Float64Array(300).fill(2));
  expect(ask(atMost(drift("wasserstein"), 0.1), constant)).toMatchObject({ reason: "undefined_value" });
});

it("drifts by mmd with its permutations' p", () => {
  const samples = (shift: number): Observation => ({
    kind: "samples",
    reference: normal(300),
    current: normal(300, shift),
    rows: { reference: 9000, current: 300 },
    missing: { reference: 0, current: 0 },
  });
  const moved = ask(atMost(drift("mmd"), 0.01), samples(0.7));
  expect(moved).toMatchObject({ verdict: "fail", values: { p: 0.001 } });
  expect(moved.method).toContain("300 and 300 rows drawn");
  expect(ask(atMost(drift("mmd"), 0.01), samples(0)).verdict).toBe("pass");
});

it("hands the option epsilon to psi", () => {
  const bins = { kind: "bins", labels: ["a", "b"], reference: [1000, 0], current: [900, 100] } as const;
  const value = (options: DriftMeasure["options"]) => ask(atMost(drift("psi", options), 0.25), bins).estimate ?? 0;
  expect(value({ epsilon: 0.0001 })).toBeGreaterThan(value({ epsilon: 0.01 }));
  expect(value({ epsilon: 0.0001 })).not.toBeCloseTo(value({}), 3);
});

const share = (by: DriftMeasure["name"], limit: number): Measure => ({
  kind: "share_drifted",
  dataset: "d",
  columns: ["a", "b", "c", "e"],
  by,
  relation: ">",
  limit,
  unit: "ratio",
  better: "lower",
});
const half = (by: DriftMeasure["name"], limit: number): Test => ({
  kind: "threshold",
  measure: share(by, limit),
  relation: ">=",
  limit: 0.5,
});
const columns = (...observations: DriftObservation[]): Observation => ({
  kind: "columns",
  columns: observations.map((observation, at) => ({ column: "abce"[at] ?? "", observation })),
});
const still = { kind: "bins", labels: ["a", "b"], reference: [5000, 5000], current: [5000, 5000] } as const;
const moved = { ...still, current: [8000, 2000] };
const none = { kind: "unanswered", reason: "stale", detail: "too old" } as const;

it("counts columns without an answer as drifted and as not drifted", () => {
  const test = half("psi", 0.25);
  expect(ask(test, columns(moved, moved, still, still))).toMatchObject({ verdict: "pass", estimate: 0.5 });
  expect(ask(test, columns(moved, still, still, still))).toMatchObject({ verdict: "fail", estimate: 0.25 });
  expect(ask(test, columns(moved, none, still, still))).toMatchObject({ verdict: "inconclusive", reason: "stale" });
  expect(ask(test, columns(moved, moved, none, none)).verdict).toBe("pass");
  expect(ask(test, columns(none, still, still, still)).verdict).toBe("fail");
});

it("adjusts p-values over all columns, so that one unlikely column of many is chance", () => {
  const at = (p: "weak" | "none"): DriftObservation => {
    // 0.0496 of p by itself: 4 columns of which only one is so.
    const counts = p === "weak" ? [5000 + 98, 5000 - 98] : [5000, 5000];
    return { kind: "bins", labels: ["a", "b"], reference: [10_000, 10_000], current: counts };
  };
  const test: Test = { kind: "threshold", measure: share("chi_square", 0.005), relation: ">=", limit: 0.25 };
  const alone = ask(atMost(drift("chi_square"), 0.005), at("weak"));
  expect(alone).toMatchObject({ verdict: "pass" });
  const strong = { kind: "bins", labels: ["a", "b"], reference: [10_000, 10_000], current: [5130, 4870] } as const;
  expect(ask(atMost(drift("chi_square"), 0.005), strong).verdict).toBe("fail");
  expect(ask(test, columns(strong, at("none"), at("none"), at("none"))).verdict).toBe("fail");
  expect(ask(test, columns(strong, strong, strong, strong)).verdict).toBe("pass");
});

const scores: Test = {
  kind: "threshold",
  measure: { kind: "score_drift", name: "psi", options: {}, unit: "number", better: "lower" },
  relation: "<=",
  limit: 0.1,
};

it("compares the scores of two versions on the same rows, in the deciles of the champion's", () => {
  const champion = normal(2000);
  const rows = (challenger: Float64Array): Observation => ({
    kind: "rows",
    label: champion,
    challenger,
    champion,
    groups: {},
  });
  const same = ask(scores, rows(champion.map((score) => score + 1e-6)));
  expect(same).toMatchObject({ verdict: "pass" });
  expect(same.bins).toHaveLength(10);
  expect(ask(scores, rows(champion.map((score) => 0.4 + score))).verdict).toBe("fail");
  const by = (name: DriftMeasure["name"]): Test =>
    ({
      ...scores,
      measure: { ...(scores as { measure: object }).measure, name },
      limit: name === "mmd" ? 0.01 : 0.1,
    }) as Test;
  for (const name of ["ks", "wasserstein", "mmd"] as const) {
    expect(ask(by(name), rows(champion.map((score) => 0.6 + score))).verdict, name).toBe("fail");
  }
});

it("looks at live scores at doubling numbers of the smaller side, each time more strictly", () => {
  const samples = (n: number, m: number): Observation => ({
    kind: "samples",
    reference: normal(n),
    current: normal(m),
    rows: { reference: n, current: m },
    missing: { reference: 0, current: 0 },
  });
  const bound = (n: number, m: number, live?: Context["live"]) => ask(scores, samples(n, m), live).noiseBound ?? 0;
  const live = { planned: 1000 };
  expect(bound(5000, 900, live)).toBe(bound(800, 1599, live));
  expect(bound(800, 800, live)).toBeGreaterThan(bound(800, 800));
  expect(ask(scores, samples(5000, 199), live)).toMatchObject({ reason: "too_few_samples" });
});
