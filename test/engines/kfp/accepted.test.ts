import { expect, it } from "vitest";
import { kfp } from "../../../targets/kfp/kfp.ts";
import { kfpBindings, kfpPlan } from "../../support/engine-plan.ts";
import { enginePlans } from "../../support/engine-policies.ts";
import { environmentOf } from "../setup/python.ts";
import { accept } from "./accept.ts";

/** Generated policies beside those of the corpus; 1,000 by `npm run engines:accepted`. */
const GENERATED = Number(process.env["RETRAIN_GENERATED"] ?? 200);
const locate = () => ({ path: "policy.retrain", start: 0, end: 0 });
const environment = await environmentOf("kfp");

it("Kubeflow's protos, SDK and platform configuration take what every policy becomes", async () => {
  if (environment === undefined) return;
  const plans = enginePlans(kfpBindings, GENERATED);
  expect(plans.length).toBeGreaterThan(GENERATED + 100);
  const refused = plans.filter(({ plan }) => kfp.check(plan, locate).some(({ severity }) => severity === "error"));
  const files = plans
    .filter((one) => !refused.includes(one))
    .flatMap(({ name, plan }) => kfp.emit(plan).map(({ path, text }) => ({ id: `${name} ${path}`, text })))
    .filter(({ id }) => !id.endsWith("recurring-run.yaml"));
  const answers = await accept(environment, files);
  expect(answers.filter(({ error }) => error !== undefined)).toEqual([]);
  expect(answers).toHaveLength(files.length);
  expect(refused).toEqual([]);
});

it("the same readers refuse a field that is not there, a word that is none, and an executor of nobody", async () => {
  if (environment === undefined) return;
  const text = kfp.emit(kfpPlan())[0]?.text ?? "";
  const wrong = [
    { id: "field", text: text.replace("cachingOptions: {}", "cachingOption: {}") },
    { id: "word", text: text.replace("ALL_UPSTREAM_TASKS_COMPLETED", "ALL_UPSTREAM_TASKS_DONE") },
    { id: "container", text: text.replace("resourceCpuRequest:", "resourceCpuWish:") },
    { id: "platform", text: text.replace("runAsNonRoot:", "runAsRoot:") },
    { id: "executor", text: text.replace(/^ {8}exec-train:/m, "        exec-ghost:") },
    {
      id: "pipeline",
      text: text.replace(/^ {4}pipelineConfig:\n {6}activeDeadlineSeconds/m, "    pipelineConfig:\n      deadline"),
    },
    { id: "none", text },
  ];
  const answers = await accept(environment, wrong);
  expect(answers.flatMap(({ id, error }) => (error === undefined ? [id] : []))).toEqual(["none"]);
});
