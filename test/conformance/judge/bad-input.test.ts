import { expect, it } from "vitest";
import type { Test } from "../../../compiler/plan/condition.ts";
import type { FairnessMeasure, Measure, PredictionMeasure } from "../../../compiler/plan/measure.ts";
import type { Context } from "../../../runtime/judge/context.ts";
import type { Finding } from "../../../runtime/judge/finding.ts";
import { judge } from "../../../runtime/judge/judge.ts";
import type { ScoredRows } from "../../../runtime/judge/observation.ts";
import cases from "./bad-input.json" with { type: "json" };

type Column = "label" | "challenger" | "champion" | "weight" | "groups";

/** Rows that are in order, with one thing wrong in them. */
function rowsOf(n: number, wrong: Partial<Record<Column, string>>, task: Context["task"]): ScoredRows {
  const column = (name: Column, good: (row: number) => number): Float64Array => {
    const values = Float64Array.from({ length: n }, (_, row) => good(row));
    const how = wrong[name] ?? "";
    if (how === "ones") return values.fill(1);
    if (how === "zeros") return values.fill(0);
    if (how === "29 ones") return values.map((_, row) => (row < 29 ? 1 : 0));
    if (how === "tied") return values.fill(0.5);
    if (how === "nan") return values.fill(Number.NaN);
    if (how === "short") return values.slice(1);
    if (how === "big") return values.map((value, row) => value * 2 ** 54 + row);
    const one = { "one nan": Number.NaN, "one +inf": Infinity, "one -inf": -Infinity, "one negative": -1 }[how];
    if (one !== undefined) values[7] = one;
    return values;
  };
  const noise = (row: number) => ((row * 7919) % 101) / 101;
  const label = column("label", (row) => (task === "regression" ? 10 + noise(row) : row % 3 === 0 ? 1 : 0));
  const near = (row: number) => 0.2 + 0.4 * (row % 3 === 0 ? 1 : 0) + 0.3 * noise(row + 1);
  const group = Array.from({ length: n }, (_, row) => {
    const how = wrong.groups ?? "";
    if (how === "one") return "a";
    if (how === "unique") return `g${row}`;
    return how === "group of one" && row === 0 ? "alone" : (["a", "b"][row % 2] ?? "");
  });
  const query = group.map((_, row) => `q${Math.floor(row / 6)}`);
  const groups = wrong.groups === "absent" ? {} : { query, group: wrong.groups === "short" ? group.slice(1) : group };
  const decision = (scores: Float64Array) => scores.map((score) => (score >= 0.5 ? 1 : 0));
  const challenger = column("challenger", near);
  const champion = column("champion", (row) => near(row + 3));
  return {
    kind: "rows",
    label,
    challenger,
    ...(wrong.champion === "absent" ? {} : { champion }),
    ...(task === "multiclass"
      ? {
          classes: ["no", "yes"],
          challengerDecision: decision(challenger).map((one, row) =>
            Number.isFinite(challenger[row]) ? one : Number.NaN,
          ),
          ...(wrong.champion === "absent" ? {} : { championDecision: decision(champion) }),
        }
      : {}),
    ...(wrong.weight === undefined ? {} : { weight: column("weight", () => 1) }),
    groups,
  };
}

const metric = (name: string, party: PredictionMeasure["party"], options = {}): PredictionMeasure => ({
  kind: "prediction",
  metric: name,
  party,
  options,
  unit: "ratio",
  better: ["log_loss", "brier", "mae", "rmse", "mape", "wape"].includes(name) ? "lower" : "higher",
});

const asked: Readonly<Record<Context["task"], readonly (readonly [string, object?])[]>> = {
  binary: [["auc"], ["accuracy"], ["recall"], ["precision"], ["f1"], ["average_precision"], ["log_loss"], ["brier"]],
  multiclass: [["accuracy"], ["f1", { average: "macro" }], ["recall", { average: "weighted" }]],
  regression: [["mae"], ["rmse"], ["r2"], ["mape"], ["wape"], ["ndcg", { k: 3, group: "query" }]],
};

const fairness = (name: FairnessMeasure["name"]): FairnessMeasure => ({
  kind: "fairness",
  name,
  columns: ["group"],
  unit: "points",
  better: "lower",
});

interface Asked {
  readonly task: Context["task"];
  readonly test: Test;
  readonly compared: boolean;
  readonly grouped: boolean;
  readonly forEach?: string;
}

function questions(): Asked[] {
  const found: Asked[] = [];
  for (const task of ["binary", "multiclass", "regression"] as const) {
    for (const [name, options] of asked[task]) {
      const left: Measure = metric(name, "challenger", options);
      const ranking = name === "ndcg";
      // Holds for rows in order, so that nothing but what is wrong decides.
      const far =
        left.better === "lower" ? ({ relation: "<=", limit: 5 } as const) : ({ relation: ">=", limit: 0.01 } as const);
      const level = { kind: "threshold", measure: left, ...far, confidence: 0.95 } as const;
      const margin = { kind: "absolute", value: 0.05 } as const;
      const right = metric(name, "champion", options);
      const difference = { kind: "comparison", left, claim: "not_worse", right, margin, confidence: 0.95 } as const;
      found.push({ task, test: level, compared: false, grouped: false });
      found.push({ task, test: difference, compared: true, grouped: false });
      if (!ranking) found.push({ task, test: level, compared: false, grouped: true, forEach: "group" });
    }
  }
  for (const name of [
    "demographic_parity_difference",
    "equalized_odds_difference",
    "demographic_parity_ratio",
  ] as const) {
    const test = { kind: "range", measure: fairness(name), low: 0, high: 0.8 } as const;
    found.push({ task: "binary", test, compared: false, grouped: true });
  }
  return found;
}

function judged({ task, test, forEach }: Asked, rows: ScoredRows): Finding {
  const place = { file: "p.retrain", line: 1, column: 1, endLine: 1, endColumn: 2 };
  const head = { kind: "requirement", id: "gate.g.1", role: "require", text: "", place, test } as const;
  const context: Context = {
    task,
    decidesAt: 0.5,
    champion: true,
    firstModel: "absolute_gates_only",
    policyDigest: "d".repeat(64),
  };
  return judge(forEach === undefined ? head : { ...head, forEach }, rows, context);
}

/** Every number of a finding, its slices included, is one. */
function expectNumbers(finding: Finding, name: string): void {
  expect(JSON.parse(JSON.stringify(finding)), name).toEqual(finding);
  const text = [finding.sentence, finding.flip ?? "", ...(finding.slices ?? []).map(({ sentence }) => sentence)].join();
  expect(text, name).not.toMatch(/NaN|undefined|Infinity|null/);
}

it.each(cases)(
  "$name: a verdict with its reason, never a number that is not one",
  ({ name, rows, reason, ...only }) => {
    const reasons = [reason].flat();
    let seen = 0;
    for (const question of questions()) {
      if ("compared" in only && only.compared === true && !question.compared) continue;
      if ("grouped" in only && only.grouped === true && !question.grouped) continue;
      const { n, ...wrong } = rows;
      const finding = judged(question, rowsOf(n, wrong, question.task));
      const told = `${name}: ${JSON.stringify(question.test).slice(0, 90)}: ${finding.sentence}`;
      expectNumbers(finding, told);
      seen += 1;
      if (finding.verdict !== "inconclusive") {
        // Where labels are quantities, one class or large numbers are data like any other; else only a case that says so may decide.
        if (!reasons.includes("number")) expect(question.task, told).toBe("regression");
        continue;
      }
      const allowed = [...reasons, ...(reasons.includes("number") ? ["ci_straddles"] : [])];
      if (question.task !== "regression" || finding.reason !== "ci_straddles")
        expect(allowed, told).toContain(finding.reason);
    }
    expect(seen).toBeGreaterThan(3);
  },
);
