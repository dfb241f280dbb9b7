import { expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import type { PipelinePlan } from "../../../compiler/plan/plan.ts";
import { PipelinePlan as PlanSchema } from "../../../compiler/plan/plan.ts";
import { check } from "../../../targets/argo/check.ts";
import { emit } from "../../../targets/argo/emit.ts";
import { fiveFieldCron } from "../../../targets/shared/cron.ts";
import { argoBindings, argoPlan } from "../../support/engine-plan.ts";
import { fixturePlan } from "../../support/fixture-plan.ts";

const locate = () => ({ path: "policy.retrain", start: 0, end: 0 });
const errors = (plan: PipelinePlan) => check(plan, locate).filter(({ severity }) => severity === "error");
const codes = (plan: PipelinePlan) => errors(plan).map(({ code }) => code);
const messages = (plan: PipelinePlan) => errors(plan).map(({ message }) => message);
type StepNode = Extract<PipelinePlan["retrain"]["nodes"][number], { kind: "step" }>;

/** The plan with another train step. */
function withTrain(change: Partial<StepNode["step"]>, plan = argoPlan()): PipelinePlan {
  const nodes = plan.retrain.nodes.map((node) =>
    node.kind === "step" && node.name === "train" ? { ...node, step: { ...node.step, ...change } } : node,
  );
  return { ...plan, retrain: { ...plan.retrain, nodes } };
}

function documents(plan: PipelinePlan, part: string, version: "1.1" | "1.2" = "1.2") {
  const text = emit(plan).find(({ path }) => path.endsWith(`-${part}.yaml`))?.text ?? "";
  return parseAllDocuments(text, { version, uniqueKeys: true }).map((one) => {
    expect(one.errors).toEqual([]);
    return one.toJS();
  });
}

function template(plan: PipelinePlan, name: string) {
  const [document] = documents(plan, "retrain");
  return document.spec.templates.find((one: { name: string }) => one.name === name);
}

it("three files come out, named after the policy, the same bytes each time, the same to readers of YAML 1.1 and 1.2", () => {
  const files = emit(argoPlan());
  expect(files.map(({ path }) => path)).toEqual([
    "argo/flight-delays-retrain.yaml",
    "argo/flight-delays-tick.yaml",
    "argo/flight-delays-access.yaml",
  ]);
  expect(emit(argoPlan())).toEqual(files);
  for (const part of ["retrain", "tick", "access"])
    expect(documents(argoPlan(), part, "1.1")).toEqual(documents(argoPlan(), part, "1.2"));
});

it("a run is three nested groups, whose tasks go on on one word each", () => {
  const rows = ["run", "build", "release"].map((group) =>
    template(argoPlan(), group).dag.tasks.map(
      (task: { name: string; depends?: string; when?: string }) =>
        `${task.name} < ${task.depends ?? "-"} ${task.when?.match(/'(\w+)' }}$/)?.[1] ?? "-"}`,
    ),
  );
  expect(rows).toEqual([
    ["snapshot < - -", "validate-flights < snapshot.Succeeded ready", "build < validate-flights.Succeeded pass"],
    [
      "train < - -",
      "evaluate < train.Succeeded -",
      "gate-offline < evaluate.Succeeded -",
      "release < gate-offline.Succeeded pass",
    ],
    [
      "register < - -",
      "stage-shadow < register.Succeeded done",
      "stage-canary < stage-shadow.Succeeded advance",
      "stage-full < stage-canary.Succeeded advance",
    ],
  ]);
});

it("without gates or a rollout the groups still hang together", () => {
  const plan = argoPlan();
  const nodes = plan.retrain.nodes.filter(({ id }) => !id.startsWith("gate.") && !id.startsWith("stage."));
  const edges = plan.retrain.edges.filter(
    ({ from, to }) => nodes.some(({ id }) => id === from) && !to.startsWith("stage."),
  );
  edges.splice(0, edges.length, ...edges.filter(({ to }) => !to.startsWith("gate.")), {
    from: "evaluate",
    word: "done",
    to: "register",
  });
  const bare = { ...plan, retrain: { nodes, edges } };
  expect(template(bare, "build").dag.tasks.at(-1)).toEqual({
    name: "release",
    depends: "evaluate.Succeeded",
    template: "release",
  });
});

it("every pod runs without privileges, on a root that nobody writes, with room in /tmp and the shared disk", () => {
  const [retrain] = documents(argoPlan(), "retrain");
  const [cron] = documents(argoPlan(), "tick");
  for (const spec of [retrain.spec, cron.spec.workflowSpec]) {
    expect(spec.securityContext).toEqual({
      runAsNonRoot: true,
      runAsUser: 8737,
      runAsGroup: 8737,
      fsGroup: 8737,
      seccompProfile: { type: "RuntimeDefault" },
    });
    const containers = spec.templates.flatMap((one: { container?: unknown }) => one.container ?? []);
    expect(containers.length).toBeGreaterThan(0);
    for (const container of containers) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      expect(container.volumeMounts.slice(0, 2)).toEqual([
        { name: "work", mountPath: "/work" },
        { name: "tmp", mountPath: "/tmp" },
      ]);
    }
  }
});

it("the author's step is its image, an argument array, its own secrets, resources, retry and time limit, and nothing of ours", () => {
  const plan = withTrain({
    command: ["python", "$(HOME)", "$$x", "${run.id}", "${champion.uri}", "on"],
    env: { SEED: "$(1)", WHERE: "${flights.uri}" },
    resources: { cpu: 0.25, memory: 32 * 1024 ** 3, gpu: 2, disk: 1024 ** 3 },
    retry: { times: 2, first: 1500, longest: 60_000 },
    secrets: { TOKEN: "hub/api.token" },
    timeout: 90_500,
    spot: true,
  });
  const train = template(plan, "train");
  expect(train.container.command).toEqual(["python"]);
  expect(train.container.args).toEqual([
    "$$(HOME)",
    "$$$x",
    "{{workflow.parameters.run}}",
    "{{inputs.parameters.champion-uri}}",
    "on",
  ]);
  expect(train.container.env.slice(-3)).toEqual([
    { name: "SEED", value: "$$(1)" },
    { name: "WHERE", value: "/work/.retrain/runs/{{workflow.parameters.run}}/data/flights/training" },
    { name: "TOKEN", valueFrom: { secretKeyRef: { name: "hub", key: "api.token" } } },
  ]);
  const amounts = { cpu: "250m", memory: "32Gi", "ephemeral-storage": "1Gi", "nvidia.com/gpu": "2" };
  expect(train.container.resources).toEqual({ requests: amounts, limits: amounts });
  expect(train.retryStrategy).toEqual({
    limit: "2",
    retryPolicy: "Always",
    backoff: { duration: "2s", factor: "2", cap: "60s" },
  });
  expect(train.activeDeadlineSeconds).toBe(91);
  expect(train.nodeSelector).toEqual({ "retrain.dev/capacity": "spot" });
  expect(train.tolerations).toEqual([
    { key: "retrain.dev/capacity", operator: "Equal", value: "spot", effect: "NoSchedule" },
  ]);
  expect(JSON.stringify(train)).not.toContain("RETRAIN_LEDGER_URL");
  expect(template(plan, "evaluate").retryStrategy).toBeUndefined();
});

it("a value of the snapshot goes from its file through every group to the step that reads it", () => {
  const plan = argoPlan();
  const snapshot = template(plan, "snapshot");
  const values = snapshot.outputs.parameters
    .map(({ name }: { name: string }) => name)
    .filter((name: string) => name !== "word");
  expect(values).toContain("flights-training-start");
  for (const name of values) {
    const value = `{{tasks.snapshot.outputs.parameters.${name}}}`;
    expect(template(plan, "run").dag.tasks.at(-1).arguments.parameters).toContainEqual({ name, value });
    expect(template(plan, "build").inputs.parameters).toContainEqual({ name });
  }
  for (const step of ["train", "evaluate"]) {
    const read = JSON.stringify(template(plan, step).container).match(/(?<=\{\{inputs\.parameters\.)[a-z-]+/g) ?? [];
    const given = template(plan, step).inputs.parameters.map(({ name }: { name: string }) => name);
    expect([...new Set(read)].sort()).toEqual(given);
  }
});

it("the runtime's steps are tried again by their exit code, and the run's deadline covers every stage with its retries", () => {
  const plan = argoPlan();
  for (const name of ["snapshot", "decide", "finish"]) {
    expect(template(plan, name).retryStrategy.expression).toBe(
      "lastRetry.status == 'Error' || asInt(lastRetry.exitCode) in [75, 137, 143]",
    );
  }
  const [document] = documents(plan, "retrain");
  const longest = plan.retrain.nodes.reduce((sum, node) => sum + node.timeout, 0) / 1000;
  expect(document.spec.activeDeadlineSeconds).toBeGreaterThan(longest * 1.1);
});

it("the tick is told the plan by a file, the steps get no plan and no limit, and nothing is run by a shell", () => {
  const [cron, config] = documents(argoPlan(), "tick");
  expect(PlanSchema.parse(JSON.parse(config.data["plan.json"]))).toEqual(argoPlan());
  expect(cron.spec).toMatchObject({
    schedules: ["*/10 * * * *"],
    timezone: "UTC",
    concurrencyPolicy: "Forbid",
    startingDeadlineSeconds: 600,
  });
  expect(cron.spec.workflowSpec.templates[0].container.args.slice(-2)).toEqual(["--plan", "/etc/retrain/plan.json"]);
  const [retrain = { text: "" }] = emit(argoPlan());
  expect(retrain.text).not.toMatch(/script:|source: \||sh -c|podSpecPatch|auc|latency/);
});

it("only the tick may start runs, and nobody may do more than that and report", () => {
  const found = documents(argoPlan(), "access");
  const rules = found.flatMap(({ kind, metadata, rules }) => (kind === "Role" ? [[metadata.name, rules]] : []));
  expect(rules).toEqual([
    [
      "retrain-executor",
      [{ apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] }],
    ],
    ["retrain-tick", [{ apiGroups: ["argoproj.io"], resources: ["workflows"], verbs: ["create"] }]],
  ]);
  const bound = found.flatMap(({ kind, roleRef, subjects }) =>
    kind === "RoleBinding" ? [[roleRef.name, subjects.map(({ name }: { name: string }) => name)]] : [],
  );
  expect(bound).toEqual([
    ["retrain-executor", ["retrain", "retrain-tick"]],
    ["retrain-tick", ["retrain-tick"]],
  ]);
});

it("a step's line in the policy is known for its task, for the group that it begins, and for its template", () => {
  const [file] = emit(argoPlan());
  const lines = file?.text.split("\n") ?? [];
  const train = argoPlan().retrain.nodes.find(({ id }) => id === "train")?.place.line;
  const mapped = file?.mapped?.filter(({ place }) => place.line === train).map(({ line }) => lines[line - 1]?.trim());
  expect(mapped).toEqual(["- name: build", "- name: train", "- name: train"]);
});

it("only where the environment is one for tests does a clock reach the steps, and every file says so", () => {
  const text = (plan: PipelinePlan) => emit(plan).map((file) => file.text);
  for (const file of text(argoPlan())) expect(file).not.toMatch(/RETRAIN_CLOCK|testing: true/);
  for (const file of text(argoPlan({ testing: true }))) expect(file).toContain("testing: true");
  expect(template(argoPlan({ testing: true }), "decide").container.env).toContainEqual({
    name: "RETRAIN_CLOCK",
    valueFrom: { configMapKeyRef: { name: "retrain-testing", key: "clock", optional: true } },
  });
});

it("the tick's cron is never rarer than asked, and once a minute at most", () => {
  const minutes = (count: number) => count * 60_000;
  expect([10_000, minutes(1), minutes(10), minutes(7), minutes(60), minutes(2880)].map(fiveFieldCron)).toEqual([
    "*/1 * * * *",
    "*/1 * * * *",
    "*/10 * * * *",
    "*/6 * * * *",
    "0 */1 * * *",
    "0 0 * * *",
  ]);
});

it("what Argo cannot hold is refused by name before anything is written", () => {
  expect(codes(argoPlan())).toEqual([]);
  const { argo } = argoBindings.engines ?? {};
  if (argo === undefined) throw new Error("no argo");
  const { volume: _, ...noVolume } = argo;
  expect(codes(fixturePlan({ engines: { argo: noVolume } })).sort()).toEqual([
    "config/ledger-not-shared",
    "target/needs-image",
    "target/needs-image",
    "target/needs-runtime-image",
    "target/needs-shared-disk",
  ]);
  expect(messages(withTrain({ workers: 2, resources: { gpu: 0.5 } }))).toEqual([
    "target `argo` cannot hold a part of a gpu",
    "target `argo` cannot hold a step with several workers",
  ]);
  for (const command of [["{{workflow.name}}"], ["a{{b"], ["{${run.id}"]]) {
    expect(codes(withTrain({ command })), command[0]).toEqual(["target/unsafe-text"]);
  }
  expect(codes(withTrain({ env: { A: "{{x}}" } }))).toEqual(["target/unsafe-text"]);
  expect(codes(withTrain({ image: "a{{b" }))).toEqual(["target/unsafe-text"]);
  expect(codes(argoPlan({ clock: { pace: "work", start: "data", participants: [] } }))).toEqual(["target/unsupported"]);
  expect(codes({ ...argoPlan(), policy: { ...argoPlan().policy, description: "x".repeat(900_000) } })).toEqual([
    "target/plan-too-large",
  ]);
});

it("what compiles and cannot be carried out yet is a warning by name", () => {
  const plan = argoPlan();
  const bindings: PipelinePlan["bindings"] = {
    ...plan.bindings,
    registry: { kind: "mlflow", name: "flight-delays", url: "http://mlflow:5000" },
    serving: { kind: "kserve", name: "flight-delays", namespace: "models" },
  };
  expect(check({ ...plan, bindings }, locate).map(({ severity, message }) => [severity, message])).toEqual([
    ["warning", "the runtime of this release cannot carry out `notify` yet"],
    ["warning", "the runtime of this release cannot carry out a registry of kind `mlflow` yet"],
    ["warning", "the runtime of this release cannot carry out serving by `kserve` yet"],
  ]);
});
