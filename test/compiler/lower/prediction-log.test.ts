import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { lower } from "../../../compiler/lower/lower.ts";
import type { Bindings } from "../../../compiler/plan/bindings.ts";
import { checkText } from "../../support/check-text.ts";
import { examplePolicy } from "../../support/example-policy.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { fittingBindings, localBindings } from "../../support/local-bindings.ts";
import { retrain } from "../../support/retrain.ts";

const served = (kind: string) =>
  `model { registry local "example" serving ${kind} "example" first_model absolute_gates_only expect 60 requests per 1s }`;

const everyNeed = `
  trigger { schedule "0 3 * * MON" in "UTC" decay auc drops 3pp below baseline over 7d }
  rollout {
    stage shadow { mirror 100% for 24h..48h at least 5_000 pairs require match_coverage >= 95% require flip_rate <= 3% }
    stage canary { traffic 5% for 24h..48h at least 1_000 requests require challenger.error_rate <= 1% }
    stage full { traffic 100% watch 24h keep champion 120h }
    rollback when auc drops 3pp below baseline
    rollback when challenger.error_rate > 1%
  }`;

function linesRefused(parts: string, bindings: Bindings): string[] {
  const { policies, diagnostics } = checkText(examplePolicy(parts));
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const [policy] = policies;
  if (policy === undefined) throw new Error("no policy");
  return lower(policy, bindings)
    .diagnostics.filter(({ code }) => code === "config/no-prediction-log")
    .map(({ message }) => /^`([^`]*)`/.exec(message)?.[1] ?? "");
}

const kserve = {
  ...localBindings("example"),
  serving: { kind: "kserve", name: "example", namespace: "models" },
} as const;

it("refuses decay, live pairs and rollback by labels without a log, and nothing that needs none", () => {
  expect(linesRefused(served("kserve") + everyNeed, kserve)).toEqual([
    "decay auc drops 3pp below baseline over 7d",
    "match_coverage >= 95%",
    "flip_rate <= 3%",
    "auc drops 3pp below baseline",
  ]);
});

it("takes them where the environment has a log, where `local` writes its own, and where batches are the log", () => {
  const [policy] = checkText(examplePolicy(served("kserve") + everyNeed)).policies;
  expect(linesRefused(served("kserve") + everyNeed, fittingBindings(policy?.body?.model))).toEqual([]);
  expect(linesRefused(served("local") + everyNeed, localBindings("example"))).toEqual([]);
  const batch = { ...localBindings("example"), serving: { kind: "batch", name: "example" } } as const;
  const stages = `rollout { stage full { traffic 100% watch 24h keep champion 120h } rollback when auc drops 3pp below baseline }`;
  expect(linesRefused(`${served("batch")} ${stages}`, batch)).toEqual([]);
});

it("says so when `retrain compile` is asked, until the configuration names the log", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "example.retrain"), examplePolicy(served("kserve") + everyNeed));
  const config = (logs: string) =>
    writeFileSync(
      join(folder, "retrain.config.yaml"),
      `environments: { local: { serving: { kserve: { namespace: models${logs} } } } }\n`,
    );
  config("");
  const without = retrain(folder, "compile");
  expect(without.code).toBe(1);
  expect(without.err.match(/error.*config\/no-prediction-log/g)).toHaveLength(4);
  expect(without.err).toContain("environments.local.serving.kserve.logs");
  config(`, logs: { uri: "s3://lake/\${serving.name}/*.parquet" }`);
  expect(retrain(folder, "compile").err).not.toContain("config/no-prediction-log");
});
