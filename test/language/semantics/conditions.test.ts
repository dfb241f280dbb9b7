import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { CheckedTest } from "../../../language/semantics/checked/condition.ts";
import { checkText } from "../../support/check-text.ts";

const plain = readFileSync(join(import.meta.dirname, "../../corpus/semantics/plain/policy.retrain"), "utf8");

/** Puts a line in the place of another and returns what is checked of it: the test of the requirement with that id. */
function testOf(from: string, to: string, id: string): CheckedTest | undefined {
  const text = plain.replace(from, to);
  expect(text, from).not.toBe(plain);
  const { policies, diagnostics } = checkText(text);
  expect(diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message)).toEqual([]);
  const [policy] = policies;
  const programs = [...(policy?.validate ?? []), ...(policy?.gates ?? []), ...(policy?.rollout?.stages ?? [])];
  const items = programs.flatMap(({ requirements }) =>
    requirements.flatMap((item) => (item.kind === "group" ? item.members : [item])),
  );
  return items.find((item) => item.id === id)?.test;
}

const gate = (condition: string) => testOf("challenger.auc >= 0.80 at 95% confidence", condition, "gate.offline.1");
const data = (condition: string) => testOf("rows >= 10_000", condition, "validate.customers.1");
const canary = (condition: string) =>
  testOf("challenger.error_rate not worse than champion.error_rate by 0.5pp", condition, "stage.canary.1");

it("reads limits in the unit of the metric", () => {
  expect(gate("challenger.auc >= 80%")).toMatchObject({ kind: "threshold", relation: ">=", limit: 0.8 });
  expect(gate("challenger.auc > 0.8 at 90% confidence")).toMatchObject({ limit: 0.8, relation: ">", confidence: 0.9 });
  expect(gate("challenger.calibration_error <= 5pp")).toMatchObject({
    limit: 0.05,
    measure: { unit: "points", better: "lower" },
  });
  expect(gate("challenger.log_loss <= 0.4")).toMatchObject({
    limit: 0.4,
    measure: { unit: "number", better: "lower" },
  });
  expect(data("freshness <= 6h")).toMatchObject({ limit: 21_600_000, measure: { unit: "duration" } });
  expect(data("null_rate(age) <= 0.1%")).toMatchObject({
    limit: 0.001,
    measure: { columns: ["age"], dataset: "customers" },
  });
  expect(data("mean(spend) in 10..2_000")).toMatchObject({ kind: "range", low: 10, high: 2000 });
  expect(data("quantile(spend, 99%) <= 5_000")).toMatchObject({ measure: { name: "quantile", options: { q: 0.99 } } });
  expect(data("duplicate_rate(customer_id, seen_at) <= 0.01%")).toMatchObject({
    measure: { columns: ["customer_id", "seen_at"] },
  });
  expect(data("psi(country) <= 0.1")).toMatchObject({ measure: { kind: "drift", column: "country", better: "lower" } });
  expect(data("psi(customers.country) <= 0.1")).toMatchObject({ measure: { kind: "drift", column: "country" } });
});

it("reads margins in points, in the metric's own unit, and relative", () => {
  expect(gate("challenger.auc not worse than champion.auc by 0.5pp")).toMatchObject({
    kind: "comparison",
    claim: "not_worse",
    margin: { kind: "absolute", value: 0.005 },
    confidence: 0.95,
    left: { party: "challenger" },
    right: { party: "champion" },
  });
  expect(gate("challenger.auc better than champion.auc by relative 2% at 99% confidence")).toMatchObject({
    claim: "better",
    margin: { kind: "relative", value: 0.02 },
    confidence: 0.99,
  });
  expect(gate("challenger.log_loss not worse than champion.log_loss by 0.01")).toMatchObject({
    margin: { kind: "absolute", value: 0.01 },
  });
  expect(
    gate("quantile(challenger.latency, 99%) not worse than quantile(champion.latency, 99%) by 20ms"),
  ).toMatchObject({
    margin: { kind: "absolute", value: 20 },
    left: { kind: "quantile", column: "latency", quantile: 0.99, party: "challenger" },
  });
});

it("knows what is measured live", () => {
  expect(canary("challenger.error_rate <= 1%")).toMatchObject({
    measure: { kind: "live_rate", name: "error_rate", party: "challenger" },
  });
  expect(canary("quantile(challenger.latency, 95%) <= 120ms")).toMatchObject({
    limit: 120,
    measure: { quantile: 0.95 },
  });
  expect(canary("flip_rate <= 3%")).toMatchObject({
    limit: 0.03,
    measure: { kind: "pairs", name: "flip_rate", options: {} },
  });
});

it("takes declared metrics, which hide built-in ones of their name", () => {
  const declared = (statement: string, condition: string) => {
    const text = plain.replace(
      "  dataset customers {",
      `  metric auc {\n    ${statement}\n  }\n\n  dataset customers {`,
    );
    const { policies, diagnostics } = checkText(
      text
        .replace("challenger.auc >= 0.80 at 95% confidence", condition)
        .replace(/^ *(?:decay|require challenger.auc not).*$/gmu, ""),
    );
    expect(diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message)).toEqual([]);
    const [item] = policies[0]?.gates[0]?.requirements ?? [];
    return item?.kind === "requirement" ? item.test : undefined;
  };
  expect(declared('type duration better lower from evaluation as "slow"', "challenger.auc <= 5s")).toMatchObject({
    limit: 5_000,
    measure: { kind: "evaluation", key: "slow", unit: "duration", better: "lower" },
  });
  expect(declared("from predictions using average_precision", "challenger.auc >= 40%")).toMatchObject({
    measure: { kind: "prediction", metric: "average_precision", unit: "ratio", better: "higher" },
  });
});

it("keeps the ids of lines when another line is wrong", () => {
  const { policies } = checkText(plain.replace("challenger.auc >= 0.80", "challenger.acu >= 0.80"));
  const ids = policies[0]?.gates[0]?.requirements.map(({ id }) => id);
  expect(ids).toEqual(["gate.offline.2", "gate.offline.3"]);
});

it("repeats the requirements of an earlier stage under ids of the stage that uses it", () => {
  const half =
    "    stage half {\n      traffic 50% for 2h..12h\n      use canary\n      require flip_rate <= 9%\n    }\n    stage full {";
  const { policies } = checkText(plain.replace("    stage full {", half));
  const stage = policies[0]?.rollout?.stages.find(({ name }) => name === "half");
  expect(stage?.requirements.map((item) => `${item.id} ${item.kind === "requirement" ? item.text : ""}`)).toEqual([
    "stage.half.1 flip_rate <= 9%",
    "stage.half.2 challenger.error_rate not worse than champion.error_rate by 0.5pp",
  ]);
});

it("checks a used gate again for the stage, and refuses what the stage cannot know", () => {
  const health =
    "  gate health {\n    require flip_rate <= 9%\n    any of { require challenger.auc >= 0.5  advisory flip_rate <= 8% }\n  }\n\n  rollout {";
  const half = "    stage half {\n      traffic 50% for 2h..12h\n      use health\n    }\n    stage full {";
  const text = plain.replace("  rollout {", health).replace("    stage full {", half);
  const { diagnostics } = checkText(text);
  expect(diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code)).toEqual([
    "rollout/not-observable-live",
  ]);
  const { policies } = checkText(text.replace("require challenger.auc >= 0.5 ", "require flip_rate <= 7% "));
  const stage = policies[0]?.rollout?.stages.find(({ name }) => name === "half");
  expect(stage?.requirements.map(({ id, kind }) => `${id} ${kind}`)).toEqual([
    "stage.half.1 requirement",
    "stage.half.2 group",
  ]);
});
