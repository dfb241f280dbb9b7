import { array, assert, constantFrom, double, integer, property, record } from "fast-check";
import { expect, it } from "vitest";
import type { Requirement, Test } from "../../compiler/plan/condition.ts";
import type { Measure, PredictionMeasure } from "../../compiler/plan/measure.ts";
import type { Context } from "../../runtime/judge/context.ts";
import type { Reason, Verdict } from "../../runtime/judge/finding.ts";
import { holds, judge } from "../../runtime/judge/judge.ts";
import type { Observation, ScoredRows } from "../../runtime/judge/observation.ts";

const context: Context = {
  task: "binary",
  decidesAt: 0.5,
  champion: true,
  firstModel: "absolute_gates_only",
  policyDigest: "d".repeat(64),
};

function requirement(test: Test): Requirement {
  const place = { file: "p.retrain", line: 1, column: 1, endLine: 1, endColumn: 2 };
  return { kind: "requirement", id: "gate.g.1", role: "require", text: "", place, test };
}

const metricNames = [
  "auc",
  "accuracy",
  "precision",
  "recall",
  "specificity",
  "f1",
  "brier",
  "log_loss",
  "positive_rate",
  "average_precision",
] as const;

function metric(name: string, party: PredictionMeasure["party"] = "challenger"): PredictionMeasure {
  const better = name === "brier" || name === "log_loss" ? "lower" : "higher";
  return { kind: "prediction", metric: name, party, options: {}, unit: "ratio", better };
}

const liveRate: Measure = {
  kind: "live_rate",
  name: "error_rate",
  party: "challenger",
  unit: "ratio",
  better: "lower",
};
const latency: Measure = {
  kind: "quantile",
  column: "latency",
  party: "challenger",
  quantile: 0.9,
  unit: "duration",
  better: "lower",
};
const coverage: Measure = { kind: "pairs", name: "match_coverage", options: {}, unit: "ratio", better: "higher" };
const nulls: Measure = {
  kind: "data",
  name: "null_rate",
  dataset: "d",
  columns: ["c"],
  options: {},
  unit: "ratio",
  better: "lower",
};
const psi: Measure = {
  kind: "drift",
  name: "psi",
  dataset: "d",
  column: "c",
  options: {},
  unit: "number",
  better: "lower",
};

const relations = constantFrom(">=", "<=", ">", "<", "==", "!=");
const limits = double({ min: -1, max: 2, noNaN: true });
const confidences = constantFrom(undefined, 0.6, 0.95, 0.999);

const measures = constantFrom<Measure[]>(
  ...metricNames.map((name) => metric(name)),
  liveRate,
  latency,
  coverage,
  nulls,
  psi,
);

const tests = record({
  measure: measures,
  relation: relations,
  limit: limits,
  confidence: confidences,
  shape: constantFrom("threshold", "range", "comparison", "change"),
}).map(({ measure, relation, limit, confidence, shape }): Test => {
  const sure = confidence === undefined ? {} : { confidence };
  const margin = { kind: limit > 0.5 ? ("relative" as const) : ("absolute" as const), value: Math.abs(limit) };
  if (shape === "threshold") return { kind: "threshold", measure, relation, limit, ...sure };
  if (shape === "range") return { kind: "range", measure, low: limit - 1, high: limit + 1, ...sure };
  if (shape === "change")
    return { kind: "change", measure, direction: "drops", margin, confidence: confidence ?? 0.95 };
  const right = "party" in measure ? { ...measure, party: "champion" as const } : measure;
  return {
    kind: "comparison",
    left: measure,
    right,
    claim: limit > 0 ? "better" : "not_worse",
    margin,
    confidence: confidence ?? 0.95,
  };
});

const notNumbers = constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
const reasons = constantFrom<Reason[]>("no_data", "stale", "source_unavailable", "rows_mismatch", "cancelled");

function pattern(n: number): ScoredRows {
  const column = (value: (row: number) => number) => Float64Array.from({ length: n }, (_, row) => value(row));
  return {
    kind: "rows",
    label: column((row) => (row % 3 === 0 ? 1 : 0)),
    challenger: column((row) => ((row * 7) % 11) / 11),
    champion: column((row) => ((row * 5) % 13) / 13),
    groups: {},
  };
}

/** Every kind of observation with one number of it broken. */
const broken = record({
  bad: notNumbers,
  where: integer({ min: 0, max: 399 }),
  column: constantFrom("label", "challenger"),
  kind: integer({ min: 0, max: 5 }),
}).map(({ bad, where, column, kind }): Observation => {
  const rows = pattern(400);
  rows[column as "label"][where] = bad;
  const every: Observation[] = [
    rows,
    { kind: "rates", challenger: { events: bad, trials: 100 }, champion: { events: 1, trials: 100 } },
    { kind: "sample", values: Float64Array.from({ length: 400 }, (_, index) => (index === where ? bad : index)) },
    { kind: "bins", labels: ["a", "b"], reference: [500, 500], current: [400, bad] },
    { kind: "value", value: bad, n: 400 },
    {
      kind: "change",
      baseline: { value: bad, standardError: 0.01, n: 400 },
      now: { value: 0.5, standardError: 0.01, n: 400 },
    },
  ];
  return every[kind] ?? rows;
});

it("never passes and never fails on an unanswered observation", () => {
  assert(
    property(tests, reasons, (test, reason) => {
      const observation = { kind: "unanswered", reason, detail: "no answer" } as const;
      const finding = judge(requirement(test), observation, context);
      expect([finding.verdict, finding.reason]).toEqual(["inconclusive", reason]);
      expect(holds(test, observation, context)).toMatchObject({ truth: "unknown", reason });
    }),
  );
});

it("never passes on a number that is not finite, or on an empty observation", () => {
  assert(
    property(tests, broken, (test, observation) => {
      const finding = judge(requirement(test), observation, context);
      expect(finding.verdict).toBe("inconclusive");
      expect(JSON.parse(JSON.stringify(finding))).toEqual(finding);
    }),
    { numRuns: 500 },
  );
  assert(
    property(tests, (test) => {
      expect(judge(requirement(test), pattern(0), context).verdict).toBe("inconclusive");
      expect(judge(requirement(test), { kind: "sample", values: new Float64Array() }, context).verdict).toBe(
        "inconclusive",
      );
    }),
  );
});

const generatedRows = integer({ min: 120, max: 200 }).chain((n) =>
  record({
    label: array(constantFrom(0, 1), { minLength: n, maxLength: n }),
    challenger: array(integer({ min: 0, max: 20 }), { minLength: n, maxLength: n }),
    champion: array(integer({ min: 0, max: 20 }), { minLength: n, maxLength: n }),
  }),
);

function scored(given: { label: number[]; challenger: number[]; champion: number[] }): ScoredRows {
  return {
    kind: "rows",
    label: Float64Array.from(given.label),
    challenger: Float64Array.from(given.challenger, (one) => one / 20),
    champion: Float64Array.from(given.champion, (one) => one / 20),
    groups: {},
  };
}

const rank: Record<Verdict | "skipped", number> = { fail: 0, inconclusive: 1, pass: 2, skipped: Number.NaN };

it("never turns a fail into a pass, or an inconclusive into a pass, when a floor is raised", () => {
  const closed = constantFrom("auc", "accuracy", "recall", "specificity", "positive_rate", "brier");
  assert(
    property(generatedRows, closed, limits, limits, confidences, (given, name, one, other, confidence) => {
      const verdict = (limit: number, relation: ">=" | "<=") => {
        const sure = confidence === undefined ? {} : { confidence };
        const test: Test = { kind: "threshold", measure: metric(name), relation, limit, ...sure };
        return rank[judge(requirement(test), scored(given), context).verdict];
      };
      const [low, high] = one < other ? [one, other] : [other, one];
      expect(verdict(high, ">=")).toBeLessThanOrEqual(verdict(low, ">="));
      expect(verdict(low, "<=")).toBeLessThanOrEqual(verdict(high, "<="));
    }),
  );
});

it("never turns a fail into a pass when the margin is made narrower, the level stricter, or the challenger errs more", () => {
  const counts = record({
    events: integer({ min: 0, max: 400 }),
    more: integer({ min: 1, max: 100 }),
    own: integer({ min: 501, max: 3000 }),
    champion: integer({ min: 0, max: 300 }),
  });
  const margins = double({ min: 0, max: 0.2, noNaN: true });
  assert(
    property(counts, margins, margins, ({ events, more, own, champion }, one, other) => {
      const right: Measure = { ...liveRate, party: "champion" };
      const verdict = (errors: number, margin: number, confidence = 0.95) => {
        const test: Test = {
          kind: "comparison",
          left: liveRate,
          right,
          claim: "not_worse",
          margin: { kind: "absolute", value: margin },
          confidence,
        };
        const rates = {
          kind: "rates",
          challenger: { events: errors, trials: own },
          champion: { events: champion, trials: 5000 },
        } as const;
        return judge(requirement(test), rates, context).verdict;
      };
      const [narrow, wide] = one < other ? [one, other] : [other, one];
      expect(rank[verdict(events, narrow)]).toBeLessThanOrEqual(rank[verdict(events, wide)]);
      const strict = verdict(events, narrow, 0.99);
      if (strict !== "inconclusive") expect(verdict(events, narrow)).toBe(strict);
      if (verdict(events, narrow) === "fail") expect(verdict(events + more, narrow)).not.toBe("pass");
    }),
  );
});

it("gives the same AUC verdict for every increasing transform of the scores", () => {
  assert(
    property(generatedRows, (given) => {
      const sides = { left: metric("auc"), right: metric("auc", "champion") };
      const test: Test = {
        kind: "comparison",
        ...sides,
        claim: "not_worse",
        margin: { kind: "absolute", value: 0.02 },
        confidence: 0.95,
      };
      const rows = scored(given);
      const bent = { ...rows, challenger: rows.challenger.map((one) => Math.exp(3 * one) - 7) };
      const { estimate, interval, verdict } = judge(requirement(test), rows, context);
      expect(judge(requirement(test), bent, context)).toMatchObject(
        estimate === undefined ? { verdict } : { verdict, estimate, interval },
      );
    }),
  );
});

it("does not depend on the order of rows, bootstrap included", () => {
  assert(
    property(generatedRows, constantFrom(...metricNames), integer({ min: 1, max: 100 }), (given, name, turn) => {
      const test: Test = {
        kind: "comparison",
        left: metric(name),
        right: metric(name, "champion"),
        claim: "not_worse",
        margin: { kind: "absolute", value: 0.02 },
        confidence: 0.95,
      };
      const turned = <T>(values: readonly T[]) => [...values.slice(turn), ...values.slice(0, turn)].reverse();
      const other = {
        label: turned(given.label),
        challenger: turned(given.challenger),
        champion: turned(given.champion),
      };
      const one = judge(requirement(test), scored(given), context);
      const two = judge(requirement(test), scored(other), context);
      expect(two.verdict).toBe(one.verdict);
      expect(two.interval?.low ?? 0).toBeCloseTo(one.interval?.low ?? 0, 9);
      expect(two.interval?.high ?? 0).toBeCloseTo(one.interval?.high ?? 0, 9);
    }),
    { numRuns: 30 },
  );
});

it("answers psi as a requirement and as a trigger's condition with opposite truths, or neither", () => {
  const counts = array(integer({ min: 0, max: 300 }), { minLength: 5, maxLength: 5 });
  assert(
    property(counts, counts, double({ min: 0.001, max: 0.5, noNaN: true }), (reference, current, limit) => {
      const observation = { kind: "bins", labels: ["a", "b", "c", "d", "e"], reference, current } as const;
      const truth = (relation: ">" | "<=") =>
        holds({ kind: "threshold", measure: psi, relation, limit }, observation, context).truth;
      const drifted = truth(">");
      expect(truth("<=")).toBe(drifted === "unknown" ? "unknown" : !drifted);
    }),
  );
});
