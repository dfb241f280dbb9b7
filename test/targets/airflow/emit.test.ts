import { expect, it } from "vitest";
import { Engines } from "../../../compiler/plan/engines.ts";
import type { PipelinePlan } from "../../../compiler/plan/plan.ts";
import { check } from "../../../targets/airflow/check.ts";
import { emit } from "../../../targets/airflow/emit.ts";
import { hostileTexts } from "../../engines/setup/hostile.ts";
import { withEverything } from "../../engines/setup/positions.ts";
import { airflowPodsPlan } from "../../support/engine-plan.ts";
import { fixturePlan } from "../../support/fixture-plan.ts";

type Step = Extract<PipelinePlan["retrain"]["nodes"][number], { kind: "step" }>["step"];

const locate = () => ({ path: "policy.retrain", start: 0, end: 0 });
const errors = (plan: PipelinePlan) => check(plan, locate).filter(({ severity }) => severity === "error");
const messages = (plan: PipelinePlan) => errors(plan).map(({ message }) => message);

function airflowPlan(options: object = {}): PipelinePlan {
  return fixturePlan({ environment: "production", engines: Engines.parse({ airflow: options }) });
}

function withTrain(change: Partial<Step>, plan = airflowPlan()): PipelinePlan {
  const nodes = plan.retrain.nodes.map((node) =>
    node.kind === "step" && node.name === "train" ? { ...node, step: { ...node.step, ...change } } : node,
  );
  return { ...plan, retrain: { ...plan.retrain, nodes } };
}

/** The program of a file, and the two texts of data in it. */
function taken(plan: PipelinePlan) {
  const [file] = emit(plan);
  const pieces = (file?.text ?? "").split('r"""\n');
  const [before = "", policy = "", whole = ""] = pieces;
  expect(pieces).toHaveLength(3);
  const [data = "", between = ""] = policy.split('\n"""\n');
  const [json = "", after = ""] = whole.split('\n"""\n');
  // The head names policy, digest and environment.
  const program = before.split("\n").filter((line) => !line.startsWith("# "));
  return {
    text: file?.text ?? "",
    program: [...program, between, after].join("\n"),
    policy: JSON.parse(data),
    plan: JSON.parse(json.replaceAll("\n", "")),
  };
}

it("one file comes out, the same bytes each time, whose program is the same for every policy", () => {
  const plan = airflowPlan();
  expect(emit(plan).map(({ path }) => path)).toEqual(["airflow/flight_delays.py"]);
  expect(emit(plan)).toEqual(emit(plan));
  const other = {
    ...plan,
    policy: { ...plan.policy, name: "other", owner: "else@example.com", risk: "high" as const },
  };
  expect(taken(other).program).toBe(taken(plan).program);
  expect(taken(other).policy).not.toEqual(taken(plan).policy);
  expect(taken(plan).plan).toEqual(JSON.parse(JSON.stringify(plan)));
});

it("each task follows the words of the plan, and any other word ends the run at its outcome", () => {
  const { policy } = taken(airflowPlan());
  const edges = Object.fromEntries(
    Object.entries<{ edges: unknown; otherwise: unknown }>(policy.retrain.tasks).map(([id, task]) => [
      id,
      [task.edges, task.otherwise],
    ]),
  );
  expect(edges).toEqual({
    snapshot: [{ ready: "validate_flights" }, "outcome"],
    validate_flights: [{ pass: "train" }, "outcome"],
    train: [{ done: "evaluate" }, "outcome"],
    evaluate: [{ done: "gate_offline" }, "outcome"],
    gate_offline: [{ pass: "register" }, "outcome"],
    register: [{ done: "stage_shadow" }, "outcome"],
    stage_shadow: [{ advance: "stage_canary" }, "outcome"],
    stage_canary: [{ advance: "stage_full" }, "outcome"],
    stage_full: [{}, "outcome"],
  });
  expect(policy.tick.step.edges).toEqual({ started: "start" });
  expect(policy.tick.cron).toBe("*/10 * * * *");
});

it("a step as a pod is told the same command lines as a process, and a pod's program starts no process", () => {
  const pods = taken(airflowPodsPlan("3.3"));
  expect(pods.program).not.toMatch(/subprocess|\bos\b|tempfile|signal/);
  const gate = pods.policy.retrain.tasks.gate_offline;
  const own = taken(airflowPlan()).policy.retrain.tasks.gate_offline;
  expect([gate.edges, gate.otherwise, gate.timeout, gate.retries]).toEqual([
    own.edges,
    own.otherwise,
    own.timeout,
    own.retries,
  ]);
  const words = own.command
    .slice(0, own.command.indexOf("--word"))
    .filter((word: unknown) => word !== "--ledger" && word !== "sqlite:.retrain/ledger.db");
  const asPod = words.slice(1).map((word: unknown) => (Array.isArray(word) ? { text: word } : word));
  expect(gate.container.args).toEqual([...asPod, "--answers", "/dev/termination-log"]);
  expect(gate.container.command).toEqual(["retrain-runtime"]);
  expect(pods.policy.pod.spec.securityContext.runAsNonRoot).toBe(true);
});

it("the ledger's address is a secret of each of the runtime's tasks and of no other", () => {
  const plan = fixturePlan({
    environment: "production",
    ledger: { kind: "postgres", secret: "retrain/ledger-url" },
    engines: Engines.parse({ airflow: {} }),
  });
  const { tick, retrain } = taken(plan).policy;
  expect(tick.step.secrets).toEqual({ RETRAIN_LEDGER_URL: "retrain/ledger-url" });
  for (const task of Object.values<{ runtime: boolean; secrets?: object }>({
    ...retrain.tasks,
    outcome: retrain.outcome,
  }))
    expect(task.secrets).toEqual(task.runtime ? { RETRAIN_LEDGER_URL: "retrain/ledger-url" } : undefined);
});

it("a step's line in the policy is known for the line of its task", () => {
  const [file] = emit(airflowPlan());
  const lines = (file?.text ?? "").split("\n");
  const found = (file?.mapped ?? []).map(({ line, place }) => [lines[line - 1]?.trim(), place.line]);
  expect(found).toContainEqual(['"train": {', 55]);
});

it("an approval before any live traffic is asked for in Airflow 3.3, and its answer reaches the stage's own task", () => {
  const plan = withEverything(airflowPlan());
  const { text, policy } = taken(plan);
  const { ask_people, answer_people, stage_people } = { ...policy.retrain.tasks, ...policy.retrain.questions };
  expect(policy.retrain.tasks.register.edges).toEqual({ done: "ask_people" });
  expect(ask_people.command.slice(-1)).toEqual(["--engine-ask"]);
  expect([ask_people.edges, ask_people.otherwise]).toEqual([
    { ask: "answer_people", go_on: "stage_people" },
    "outcome",
  ]);
  expect(answer_people.edges).toEqual({ answered: "stage_people" });
  expect(answer_people.question).toContain("owners");
  expect(stage_people.answered).toBe("answer_people");
  expect(stage_people.command.slice(-4)).toEqual([
    "--engine-answer",
    [{ of: "answer" }],
    "--engine-identity",
    [{ of: "identity" }],
  ]);
  expect(text).toContain("class Question(HITLOperator):");
  // The older version asks nobody: the stage waits in the ledger. So does one whose challenger answers requests already.
  const older = taken(withEverything(airflowPlan({ version: "2.11" })));
  expect(older.policy.retrain.questions).toBeUndefined();
  expect(older.policy.retrain.tasks.register.edges).toEqual({ done: "stage_people" });
  expect(older.policy.retrain.tasks.stage_people.command).not.toContain("--engine-answer");
  expect(older.text).not.toContain("HITLOperator");
  const { rollout } = plan.programs;
  const [people, shadow, canary, ...rest] = rollout?.stages ?? [];
  if (rollout === undefined || people === undefined || shadow === undefined || canary === undefined) throw new Error();
  const late = { ...rollout, stages: [shadow, canary, people, ...rest] };
  expect(taken({ ...plan, programs: { ...plan.programs, rollout: late } }).policy.retrain.questions).toBeUndefined();
});

it("hostile texts come back as they were, and change nothing else", () => {
  const plain = taken(withTrain({ command: ["python", "plain"], env: { AUTHORS: "plain" } }));
  for (const text of hostileTexts()) {
    const written = text.replaceAll("${", "$${");
    const change = withTrain({ command: ["python", written], env: { AUTHORS: written } });
    const { program, policy, plan, text: whole } = taken(change);
    expect(program).toBe(plain.program);
    expect(whole).toMatch(/^[ -~\n]*$/);
    // The only template in the file is our own.
    expect(whole.replaceAll("{{ ti.xcom_pull(task_ids='tick', key='run') }}", "")).not.toMatch(/\{\{|\{%|\{#/);
    const { train } = policy.retrain.tasks;
    expect(train.command[1]).toBe(text);
    expect(train.environment["AUTHORS"]).toBe(text);
    expect(plan.retrain.nodes.find((node: { id: string }) => node.id === "train").step.command[1]).toBe(written);
    train.command[1] = "plain";
    train.environment["AUTHORS"] = "plain";
    expect(policy).toEqual(plain.policy);
  }
});

it("what this release does not carry out yet is told of as a warning, at its line", () => {
  const plan = airflowPlan();
  const registry = { kind: "mlflow", name: "flights", url: "http://mlflow:5000" } as const;
  const found = check({ ...plan, bindings: { ...plan.bindings, registry } }, locate);
  expect(found.map(({ code, severity, message }) => [code, severity, message])).toEqual([
    ["target/not-yet-carried-out", "warning", "the runtime of this release cannot carry out `notify` yet"],
    [
      "target/not-yet-carried-out",
      "warning",
      "the runtime of this release cannot carry out a registry of kind `mlflow` yet",
    ],
  ]);
});

it("what Airflow cannot hold is refused by name", () => {
  expect(messages(airflowPlan())).toEqual([]);
  // As pods, steps need what pods need.
  const bare = fixturePlan({
    environment: "production",
    engines: Engines.parse({ airflow: { executor: "kubernetes" } }),
  });
  expect(
    errors(bare)
      .map(({ code }) => code)
      .sort(),
  ).toEqual([
    "config/ledger-not-shared",
    "target/needs-image",
    "target/needs-image",
    "target/needs-runtime-image",
    "target/needs-shared-disk",
  ]);
  expect(errors(airflowPodsPlan("3.3", { spot: true }))).toEqual([]);
  expect(errors(airflowPodsPlan("3.3", { workers: 2, resources: { gpu: 0.5 } })).map(({ code }) => code)).toEqual([
    "target/unsupported",
    "target/unsupported",
  ]);
  expect(messages(withTrain({ spot: true, workers: 2 }))).toEqual([
    "target `airflow` cannot hold a step on spot instances",
    "target `airflow` cannot hold a step with several workers",
  ]);
  // No process takes it: what would fail at night is refused at noon.
  expect(errors(withTrain({ command: ["python", "a\u0000b"] })).map(({ code }) => code)).toEqual([
    "target/unsafe-text",
  ]);
  expect(errors(withTrain({ env: { AUTHORS: "\u0000" } }))).toHaveLength(1);
});
