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
});

it.each([
  ["prometheus-quantile", "a metric from Prometheus | require challenger.p99 <= 120ms"],
  ["registry-metric", "a metric from a registry | require challenger.size_on_disk <= 500Mi"],
  ["fairness-of-every-kind", "fairness between groups | require demographic_parity_ratio(country) in 0.8..1.25"],
  ["ranking-metrics", "a ranking metric | require challenger.map(group: plan) >= 20%"],
  ["several-classes", "a metric of several classes | require challenger.accuracy >= 60%"],
  ["share-drifted", "`share_drifted` | drift    share_drifted(customers, psi > 0.25) >= 50%"],
  ["drift-options", "drift by `mmd` | drift    mmd(customers.spend) > 0.05"],
  ["drift-options", "drift by `ks` | drift    ks(customers.age) > 0.1"],
  ["score-drift", "drift between the scores of two versions | require psi(challenger.score, champion.score) <= 0.1"],
  ["slices-in-validate", "`for each` in `validate` | require for each country: null_rate(spend) <= 1%"],
  [
    "slices-in-stage",
    "a metric of labels in a stage | require for each country: challenger.recall >= 60%, at least 50 positives",
  ],
  [
    "baseline-in-live-stage",
    "a comparison with `baseline` | require challenger.recall not worse than baseline.recall by 5pp",
  ],
  [
    "change-of-error-rate",
    "a change of a live metric from the baseline | rollback when challenger.error_rate rises 1pp above baseline over 1h",
  ],
])("refuses at the line of %s what its runtime cannot judge", (name, expected) => {
  expect(refused(name)).toContain(expected);
});

it("refuses options, groups, clearing counts and tables, each by its name", () => {
  const options = refused("drift-options");
  expect(options.filter((line) => line.startsWith("an option of `psi`"))).toHaveLength(1);
  expect(options.filter((line) => line.startsWith("`clears ... after N checks`"))).toHaveLength(1);
  const groups = refused("pool-and-exclude").map((line) => line.split(" | ")[0]);
  expect(groups).toEqual(expect.arrayContaining(["`pool groups`", "`exclude`", "fairness between groups"]));
  const table = refused("plain", (text) => text.replace('parquet "data/customers.parquet"', 'table "warehouse.churn"'));
  expect(table).toEqual(['a dataset that is a table | source    table "warehouse.churn"']);
});
