import { expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import type { PipelinePlan } from "../../../compiler/plan/plan.ts";
import { check } from "../../../targets/kfp/check.ts";
import { emit } from "../../../targets/kfp/emit.ts";
import { sixFieldCron } from "../../../targets/shared/cron.ts";
import { kfpBindings, kfpPlan } from "../../support/engine-plan.ts";
import { fixturePlan } from "../../support/fixture-plan.ts";

const locate = () => ({ path: "policy.retrain", start: 0, end: 0 });
const errors = (plan: PipelinePlan) => check(plan, locate).filter(({ severity }) => severity === "error");
const codes = (plan: PipelinePlan) => errors(plan).map(({ code }) => code);
const messages = (plan: PipelinePlan) => errors(plan).map(({ message }) => message);

/** The plan with another train step. */
function withTrain(
  change: Partial<Extract<PipelinePlan["retrain"]["nodes"][number], { kind: "step" }>["step"]>,
  plan = kfpPlan(),
) {
  const nodes = plan.retrain.nodes.map((node) =>
    node.kind === "step" && node.name === "train" ? { ...node, step: { ...node.step, ...change } } : node,
  );
  return { ...plan, retrain: { ...plan.retrain, nodes } };
}

function container(plan: PipelinePlan, name: string) {
  const text = emit(plan)[0]?.text ?? "";
  const [spec, platform] = parseAllDocuments(text).map((one) => one.toJS());
  return {
    ...spec.deploymentSpec.executors[name].container,
    platform: platform?.platforms.kubernetes.deploymentSpec.executors[name],
  };
}

it("three files come out, named after the policy, the same bytes each time", () => {
  const files = emit(kfpPlan());
  expect(files.map(({ path }) => path)).toEqual([
    "kfp/flight-delays-retrain.yaml",
    "kfp/flight-delays-tick.yaml",
    "kfp/flight-delays-tick.recurring-run.yaml",
  ]);
  expect(emit(kfpPlan())).toEqual(files);
});

it("what follows a deciding task stands in groups that run on its word alone", () => {
  const [spec] = parseAllDocuments(emit(kfpPlan())[0]?.text ?? "").map((one) => one.toJS());
  const conditions = JSON.stringify(spec).match(/"condition":"[^"]*"/g);
  expect(conditions).toEqual([
    `"condition":"inputs.parameter_values['snapshot-word'] == 'ready'"`,
    `"condition":"inputs.parameter_values['validate-flights-word'] == 'pass'"`,
    `"condition":"inputs.parameter_values['gate-offline-word'] == 'pass'"`,
  ]);
  expect(Object.keys(spec.components["comp-if-gate-offline-pass"].dag.tasks)).toEqual([
    "register",
    "stage-shadow",
    "stage-canary",
    "stage-full",
  ]);
});

it("a step's line in the policy is known for the first line of its component and of its container", () => {
  const [file] = emit(kfpPlan());
  const lines = file?.text.split("\n") ?? [];
  const train = kfpPlan().retrain.nodes.find(({ id }) => id === "train")?.place.line;
  const mapped = file?.mapped?.filter(({ place }) => place.line === train).map(({ line }) => lines[line - 1]?.trim());
  expect(mapped).toEqual(["train:", "comp-train:", "exec-train:", "exec-train:"]);
});

it("values of the run reach variables through `env`, fixed ones stand in the container, `$` is kept from Kubernetes", () => {
  const plan = withTrain({
    command: ["python", "$(HOME)", "$$x", "${run.id}"],
    env: { SEED: "$(1)", WHERE: "${flights.uri}" },
  });
  const train = container(plan, "exec-train");
  expect(train.command).toEqual(["env"]);
  expect(train.args).toContain("RETRAIN_RUN_ID={{$.inputs.parameters['run']}}");
  expect(train.args).toContain("WHERE=/work/.retrain/runs/{{$.inputs.parameters['run']}}/data/flights/training");
  expect(train.args.slice(-4)).toEqual(["python", "$$(HOME)", "$$$x", "{{$.inputs.parameters['run']}}"]);
  expect(train.env).toEqual([{ name: "SEED", value: "$$(1)" }]);
});

it("resources, retries, secrets and deadlines are the engine's own", () => {
  const plan = withTrain({
    resources: { cpu: 0.25, memory: 32 * 1024 ** 3, gpu: 2 },
    retry: { times: 2, first: 1500, longest: 60_000 },
    secrets: { TOKEN: "hub/api.token" },
    timeout: 90_500,
  });
  const train = container(plan, "exec-train");
  expect(train.resources).toEqual({
    resourceCpuRequest: "250m",
    resourceMemoryRequest: "32Gi",
    resourceCpuLimit: "250m",
    resourceMemoryLimit: "32Gi",
    accelerator: { resourceType: "nvidia.com/gpu", resourceCount: "2" },
  });
  expect(train.platform.activeDeadlineSeconds).toBe(91);
  expect(train.platform.secretAsEnv).toEqual([
    {
      secretName: "hub",
      secretNameParameter: { runtimeValue: { constant: "hub" } },
      keyToEnv: [{ secretKey: "api.token", envVar: "TOKEN" }],
      optional: false,
    },
  ]);
  const text = emit(plan)[0]?.text ?? "";
  expect(text).toContain('backoffDuration: "1.5s"');
});

it("an author's step gets no address of ours, and a release before 2.17 no deadline of the pipeline", () => {
  expect(container(kfpPlan(), "exec-train").platform.secretAsEnv).toBeUndefined();
  expect(container(kfpPlan(), "exec-gate-offline").platform.secretAsEnv).toHaveLength(1);
  const { kfp } = kfpBindings.engines ?? {};
  if (kfp === undefined) throw new Error("no kfp");
  const older = emit(kfpPlan({ engines: { kfp: { ...kfp, version: "2.16" } } }))[0]?.text ?? "";
  expect(emit(kfpPlan())[0]?.text).toContain("pipelineConfig:");
  expect(older).not.toContain("pipelineConfig:");
});

it("the tick's cron has six fields, seconds first, and is never rarer than asked", () => {
  const minutes = (count: number) => count * 60_000;
  expect(
    [10_000, 45_000, minutes(1), minutes(10), minutes(7), minutes(60), minutes(300), minutes(2880)].map(sixFieldCron),
  ).toEqual([
    "*/10 * * * * *",
    "*/30 * * * * *",
    "0 */1 * * * *",
    "0 */10 * * * *",
    "0 */6 * * * *",
    "0 0 */1 * * *",
    "0 0 */4 * * *",
    "0 0 0 * * *",
  ]);
});

it("what Kubeflow cannot hold is refused by name before anything is written", () => {
  expect(codes(kfpPlan())).toEqual([]);
  const { kfp } = kfpBindings.engines ?? {};
  if (kfp === undefined) throw new Error("no kfp");
  const { volume: _, ...noVolume } = kfp;
  const bare = fixturePlan({ engines: { kfp: noVolume } });
  expect(codes(bare).sort()).toEqual([
    "config/ledger-not-shared",
    "target/needs-image",
    "target/needs-image",
    "target/needs-runtime-image",
    "target/needs-shared-disk",
  ]);
  expect(messages(withTrain({ spot: true, workers: 2, resources: { disk: 1, gpu: 0.5 } }))).toEqual([
    "target `kfp` cannot hold a part of a gpu",
    "target `kfp` cannot hold a step on spot instances",
    "target `kfp` cannot hold a step with several workers",
  ]);
  for (const command of [["{{$.inputs}}"], ["a{{b"], ["{${run.id}"], ["a{"]]) {
    expect(codes(withTrain({ command })), command[0]).toEqual(["target/unsafe-text"]);
  }
  expect(codes(withTrain({ env: { A: "{{x}}" } }))).toEqual(["target/unsafe-text"]);
  expect(codes(kfpPlan({ clock: { pace: "work", start: "data", participants: [] } }))).toEqual(["target/unsupported"]);
  expect(codes({ ...kfpPlan(), policy: { ...kfpPlan().policy, description: "x".repeat(100_000) } })).toEqual([
    "target/plan-too-large",
  ]);
});

it("Vertex AI gets no platform document, and what only that could say is refused", () => {
  const { kfp } = kfpBindings.engines ?? {};
  if (kfp === undefined) throw new Error("no kfp");
  const { volume, ...rest } = kfp;
  const engines = { kfp: { ...rest, platform: "vertex" as const } };
  const plan = kfpPlan({ work: "/gcs/models/runs", engines });
  expect(codes(plan)).toEqual([]);
  const files = emit(plan);
  expect(files.map(({ path }) => path)).toEqual(["kfp/flight-delays-retrain.yaml", "kfp/flight-delays-tick.yaml"]);
  expect(files[0]?.text).not.toMatch(/^---$|platforms:|secret/m);
  expect(container(plan, "exec-train").args).toContain(
    "RETRAIN_CHALLENGER_URI=/gcs/models/runs/{{$.inputs.parameters['run']}}/model",
  );
  expect(messages(withTrain({ secrets: { T: "a/b" }, resources: { gpu: 1 }, command: ["$(X)"] }, plan))).toEqual([
    "target `kfp` cannot hold `secret` of a step with `platform: vertex`",
    "target `kfp` cannot hold `gpu` of a step with `platform: vertex`",
    "`kfp` would take `$(` in `command` for something of its own",
  ]);
  expect(codes(kfpPlan({ engines }))).toEqual(["target/needs-shared-disk"]);
  expect(codes(kfpPlan({ work: "/gcs/models/runs", engines: { kfp: { ...engines.kfp, volume } } as never }))).toEqual([
    "target/unsupported",
  ]);
});
