import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { lower } from "../../../compiler/lower/lower.ts";
import type { Place } from "../../../compiler/plan/common.ts";
import { check } from "../../../targets/local/check.ts";
import { checkText } from "../../support/check-text.ts";
import { localBindings } from "../../support/local-bindings.ts";

const corpus = join(import.meta.dirname, "../../corpus/semantics");

/** What this machine refuses of a policy that is in order, by line. */
function refused(name: string, change: (text: string) => string = (text) => text): string[] {
  const text = change(readFileSync(join(corpus, name, "policy.retrain"), "utf8"));
  const { policies, diagnostics, source } = checkText(text);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const [policy] = policies;
  if (policy === undefined) throw new Error("no policy");
  const { plan } = lower(policy, localBindings("churn"));
  if (plan === undefined) throw new Error("no plan");
  const places: Place[] = [];
  const locate = (place: Place) => {
    places.push(place);
    return { path: source.path, start: 0, end: 0 };
  };
  const lines = text.split("\n");
  return check(plan, locate).map(({ code, message }, index) => {
    expect(code).toBe("target/unsupported");
    const line = lines[(places[index]?.line ?? 0) - 1]?.trim() ?? "";
    return `${message.replace("target `local` cannot hold ", "")} | ${line}`;
  });
}

it("takes a policy that it can judge", () => {
  expect(refused("plain")).toEqual([]);
  expect(refused("prometheus-quantile")).toEqual([]);
});

it.each([["registry-metric", "a metric from a registry | require challenger.size_on_disk <= 500Mi"]])(
  "refuses at the line of %s what its runtime cannot judge",
  (name, expected) => {
    expect(refused(name)).toContain(expected);
  },
);

it.each([
  "fairness-of-every-kind",
  "ranking-metrics",
  "several-classes",
  "share-drifted",
  "drift-options",
  "score-drift",
  "slices-in-validate",
  "slices-in-stage",
  "baseline-in-live-stage",
  "change-of-error-rate",
  "pool-and-exclude",
])("takes %s, which its runtime judges", (name) => {
  expect(refused(name)).toEqual([]);
});

it("refuses in stages what the prediction log does not hold, and tables, each by its name", () => {
  const inStage = (metric: string) => (text: string) =>
    text
      .replace("matures after 2d", "matures after 1h")
      .replace(/( +)require challenger.error_rate not worse.*/, `$&\n$1require challenger.${metric} >= 1%`);
  expect(refused("ranking-metrics", inStage("map(group: plan)"))).toEqual([
    "a ranking metric in a stage | require challenger.map(group: plan) >= 1%",
  ]);
  expect(refused("several-classes", inStage("accuracy"))).toEqual([
    "a metric of several classes in a stage | require challenger.accuracy >= 1%",
  ]);
  const table = refused("plain", (text) => text.replace('parquet "data/customers.parquet"', 'table "warehouse.churn"'));
  expect(table).toEqual(['a dataset that is a table | source    table "warehouse.churn"']);
});
