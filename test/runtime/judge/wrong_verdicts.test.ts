import { expect, it } from "vitest";
import type { Requirement, Test } from "../../../compiler/plan/condition.ts";
import type { PredictionMeasure } from "../../../compiler/plan/measure.ts";
import type { Context } from "../../../runtime/judge/context.ts";
import { judge } from "../../../runtime/judge/judge.ts";
import type { ScoredRows } from "../../../runtime/judge/observation.ts";
import { binomialUpper } from "../../../runtime/stats/binomial.ts";
import { normalQuantile } from "../../../runtime/stats/normal.ts";
import { type Generator, uniform, xoshiro128 } from "../../../runtime/stats/random.ts";

const alpha = 0.05;

/** What a rate of wrong verdicts of alpha may look like in `rounds` rehearsals. */
function allowance(rounds: number): number {
  return alpha + 3 * Math.sqrt((alpha * (1 - alpha)) / rounds);
}

const context: Context = {
  task: "binary",
  decidesAt: 0.5,
  champion: true,
  firstModel: "absolute_gates_only",
  policyDigest: "c".repeat(64),
};

function metric(
  name: string,
  party: PredictionMeasure["party"],
  better: "higher" | "lower" = "higher",
): PredictionMeasure {
  return { kind: "prediction", metric: name, party, options: {}, unit: "ratio", better };
}

function requirement(test: Test, forEach?: string): Requirement {
  const place = { file: "p.retrain", line: 1, column: 1, endLine: 1, endColumn: 2 };
  const slices = forEach === undefined ? {} : { forEach };
  return { kind: "requirement", id: "gate.g.1", role: "require", text: "", place, test, ...slices };
}

function comparison(
  name: string,
  claim: "not_worse" | "better",
  margin: number,
  better: "higher" | "lower" = "higher",
): Test {
  const sides = { left: metric(name, "challenger", better), right: metric(name, "champion", better) };
  return { kind: "comparison", ...sides, claim, margin: { kind: "absolute", value: margin }, confidence: 1 - alpha };
}

const normal = (next: Generator) => normalQuantile((next() + 0.5) / 4294967296);

/** Shares of rehearsals that pass and that fail, of a test whose truth lies exactly on its border: both are wrong. */
function rates(seed: number, rounds: number, test: Requirement, sample: (next: Generator) => ScoredRows) {
  const next = xoshiro128([seed, 6, 7, 8]);
  let pass = 0;
  let fail = 0;
  for (let round = 0; round < rounds; round++) {
    const { verdict } = judge(test, sample(next), context);
    if (verdict === "pass") pass++;
    if (verdict === "fail") fail++;
  }
  return { pass: pass / rounds, fail: fail / rounds };
}

function columns(
  n: number,
  draw: () => readonly [label: number, challenger: number, champion: number],
  groups = {},
): ScoredRows {
  const label = new Float64Array(n);
  const challenger = new Float64Array(n);
  const champion = new Float64Array(n);
  for (let row = 0; row < n; row++) [label[row], challenger[row], champion[row]] = draw();
  return { kind: "rows", label, challenger, champion, groups };
}

/** The challenger is exactly two points less accurate: right alone on 5 % of rows, wrong alone on 7 %. */
const accuracyAtMargin = (next: Generator) =>
  columns(1000, () => {
    const u = uniform(next);
    const label = uniform(next) < 0.5 ? 1 : 0;
    const [left, right] = u < 0.05 ? [true, false] : u < 0.12 ? [false, true] : u < 0.9 ? [true, true] : [false, false];
    return [label, left === (label === 1) ? 0.9 : 0.1, right === (label === 1) ? 0.9 : 0.1];
  });

/** Two equally good, correlated scores of unequal classes. */
const equalScores = (n: number) => (next: Generator) =>
  columns(n, () => {
    const label = uniform(next) < 0.2 ? 1 : 0;
    const shared = normal(next) + 0.8 * label;
    return [label, shared + 0.7 * normal(next), shared + 0.7 * normal(next)];
  });

it("passes or fails a challenger exactly at the margin of accuracy in at most alpha of rehearsals", () => {
  const rounds = 800;
  const test = requirement(comparison("accuracy", "not_worse", 0.02));
  const { pass, fail } = rates(1, rounds, test, accuracyAtMargin);
  expect(pass).toBeLessThanOrEqual(allowance(rounds));
  expect(fail).toBeLessThanOrEqual(allowance(rounds));
  expect(pass + fail).toBeGreaterThan(alpha);
});

it("calls one of two equal models better by AUC, or surely not better, in at most alpha of rehearsals each", () => {
  const rounds = 800;
  const { pass, fail } = rates(2, rounds, requirement(comparison("auc", "better", 0)), equalScores(400));
  expect(pass).toBeLessThanOrEqual(allowance(rounds));
  expect(fail).toBeLessThanOrEqual(allowance(rounds));
  expect(pass + fail).toBeGreaterThan(alpha);
});

it("does the same with the mean of a loss", () => {
  const rounds = 800;
  const test = requirement(comparison("brier", "better", 0, "lower"));
  const equal = (next: Generator) =>
    columns(300, () => {
      const label = uniform(next) < 0.3 ? 1 : 0;
      const score = () => Math.min(1, Math.max(0, 0.3 + 0.2 * label + 0.3 * (uniform(next) - 0.5)));
      return [label, score(), score()];
    });
  const { pass, fail } = rates(3, rounds, test, equal);
  expect(pass).toBeLessThanOrEqual(allowance(rounds));
  expect(fail).toBeLessThanOrEqual(allowance(rounds));
});

it("does the same with the bootstrap of a metric that has no closed form", () => {
  const rounds = 100;
  const test = requirement(comparison("f1", "better", 0));
  const equal = (next: Generator) =>
    columns(250, () => {
      const label = uniform(next) < 0.4 ? 1 : 0;
      const score = () => (uniform(next) < (label === 1 ? 0.7 : 0.25) ? 0.9 : 0.1);
      return [label, score(), score()];
    });
  const { pass, fail } = rates(4, rounds, test, equal);
  expect(pass).toBeLessThanOrEqual(allowance(rounds));
  expect(fail).toBeLessThanOrEqual(allowance(rounds));
});

it("fails some slice of a model exactly at its floor in at most alpha of rehearsals, Holm over all slices", () => {
  const rounds = 400;
  const floor: Test = {
    kind: "threshold",
    measure: metric("accuracy", "challenger"),
    relation: ">=",
    limit: 0.8,
    confidence: 1 - alpha,
  };
  const slices = Array.from({ length: 1500 }, (_, row) => `s${row % 10}`);
  const atFloor = (next: Generator) =>
    columns(
      1500,
      () => {
        const label = uniform(next) < 0.5 ? 1 : 0;
        const right = uniform(next) < 0.8;
        return [label, right === (label === 1) ? 0.9 : 0.1, 0.5];
      },
      { slice: slices },
    );
  const { pass, fail } = rates(5, rounds, requirement(floor, "slice"), atFloor);
  expect(pass).toBe(0);
  expect(fail).toBeLessThanOrEqual(allowance(rounds));
});

it("passes a challenger exactly at the margin within 8 nightly runs in a third of lives, as the record's attempt warns", () => {
  const lives = 150;
  const next = xoshiro128([6, 6, 7, 8]);
  const test = requirement(comparison("accuracy", "not_worse", 0.02));
  let passed = 0;
  for (let life = 0; life < lives; life++) {
    for (let night = 0; night < 8; night++) {
      if (judge(test, accuracyAtMargin(next), context).verdict !== "pass") continue;
      passed++;
      break;
    }
  }
  expect(passed / lives).toBeGreaterThan(0.2);
  expect(passed / lives).toBeLessThan(0.5);
});

it("shows why a margin is mandatory: equal models under `>= champion` pass 54 % of the time at 100 disagreements", () => {
  expect(binomialUpper(50, 100, 0.5)).toBeCloseTo(0.54, 2);
});
