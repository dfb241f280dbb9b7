import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { retrainName } from "../../../compiler/plan/engine-name.ts";
import { argo } from "../../../targets/argo/argo.ts";
import { argoBindings, argoPlan } from "../../support/engine-plan.ts";
import { enginePlans } from "../../support/engine-policies.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { argoLinter } from "./linter.ts";

/** Generated policies beside those of the corpus; 1,000 by `npm run engines:accepted`. */
const GENERATED = Number(process.env["RETRAIN_GENERATED"] ?? 200);
const locate = () => ({ path: "policy.retrain", start: 0, end: 0 });
const lint = await argoLinter();

/** A run as the tick starts one (runtime/starters/argo.ts): only beside it does the linter see parameters that nobody gives. */
function workflow(policy: string): string {
  const document = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Workflow",
    metadata: { name: `${retrainName(policy)}-1`, namespace: "models" },
    spec: {
      workflowTemplateRef: { name: retrainName(policy) },
      arguments: { parameters: [{ name: "run", value: "run-1" }] },
    },
  };
  return JSON.stringify(document);
}

it("Argo's linter takes what every policy becomes, together with a run of it", async () => {
  if (lint === undefined) return;
  const plans = enginePlans(argoBindings, GENERATED);
  expect(plans.length).toBeGreaterThan(GENERATED + 100);
  const folder = temporaryFolder();
  const files: string[] = [];
  const refused: string[] = [];
  for (const [index, { name, plan: given }] of plans.entries()) {
    // All of them stand in one namespace, where no two may have one name.
    const plan = { ...given, policy: { ...given.policy, name: `${given.policy.name}_${index}` } };
    if (argo.check(plan, locate).some(({ severity }) => severity === "error")) refused.push(name);
    else {
      const out = join(folder, String(index));
      mkdirSync(join(out, "argo"), { recursive: true });
      for (const { path, text } of argo.emit(plan)) {
        writeFileSync(join(out, path), text);
        files.push(join(out, path));
      }
      writeFileSync(join(out, "run.yaml"), workflow(plan.policy.name));
      files.push(join(out, "run.yaml"));
    }
  }
  expect(await lint(files)).toEqual({ accepted: true, said: expect.stringContaining("no linting errors") });
  expect(files).toHaveLength(4 * (plans.length - refused.length));
  expect(refused).toEqual([]);
});

it("the same linter refuses each of the ways in which such a file could be wrong", async () => {
  if (lint === undefined) return;
  const files = argo.emit(argoPlan());
  const text = (part: string) => files.find(({ path }) => path.endsWith(`-${part}.yaml`))?.text ?? "";
  const wrong: readonly (readonly [what: string, part: "retrain" | "tick", from: string | RegExp, to: string])[] = [
    ["a field that is none", "retrain", "activeDeadlineSeconds:", "activeDeadlineSecond:"],
    ["a template that is not there", "retrain", "template: evaluate", "template: evaluation"],
    ["a parameter that nobody gives", "retrain", "{{workflow.parameters.run}}", "{{workflow.parameters.runs}}"],
    [
      "a circle",
      "retrain",
      "- name: snapshot\n            template",
      "- name: snapshot\n            depends: build\n            template",
    ],
    ["an argument that is missing", "retrain", '                - name: verb\n                  value: "gate"\n', ""],
    ["a result that is none", "retrain", "train.Succeeded", "train.Succeded"],
    ["a task that is not there", "retrain", "depends: evaluate.Succeeded", "depends: score.Succeeded"],
    ["an output that is not there", "retrain", "outputs.parameters.champion-uri", "outputs.parameters.champion"],
    ["an exit task that is not there", "retrain", "onExit: finish", "onExit: end"],
    ["a cron that is none", "tick", '"*/10 * * * *"', '"*/10 25 * * * *"'],
    ["a zone that is none", "tick", "timezone: UTC", "timezone: Europe/Berlinn"],
    ["a policy of overlaps that is none", "tick", "concurrencyPolicy: Forbid", "concurrencyPolicy: Forbidden"],
  ];
  const folder = temporaryFolder();
  const run = join(folder, "run.yaml");
  writeFileSync(run, workflow("flight_delays"));
  for (const [index, [what, part, from, to]] of wrong.entries()) {
    const changed = text(part).replace(from, to);
    expect(changed, what).not.toBe(text(part));
    const file = join(folder, `${index}.yaml`);
    writeFileSync(file, changed);
    const { accepted } = await lint(part === "retrain" ? [file, run] : [file]);
    expect(accepted, what).toBe(false);
  }
});
