import { runtimeArguments } from "../../compiler/plan/command-line.ts";
import { retrainName } from "../../compiler/plan/engine-name.ts";
import type { Node } from "../../compiler/plan/graph.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import { describe } from "../shared/describe.ts";
import { holdOf } from "../shared/hold.ts";
import { inertJson } from "../shared/inert.ts";
import { taskName } from "../shared/names.ts";
import { authorsContainer, runtimeContainer, valueInput } from "./container.ts";
import { tickName } from "./names.ts";
import { type Folders, foldersOf } from "./options.ts";
import type { Group, Pipeline, Retry, Source, Task } from "./pipeline.ts";

/** A verb that finds its database or registry away is worth three more attempts: the count of attempts is all that this engine asks. */
const VERB_RETRY: Retry = { times: 3, first: 30_000, longest: 300_000 };
/** A stage may stand for days, so its pod may be moved more often. Whatever happens to it, the monitor's tick goes on with the rollout. */
const STAGE_RETRY: Retry = { times: 10, first: 30_000, longest: 300_000 };
/** Longest time of the exit task and of a tick. */
const SHORT = 3_600_000;

const RUN: Source = { kind: "input", name: "run" };

function foldersFor(plan: PipelinePlan): Folders {
  const folders = foldersOf(plan);
  if (folders === undefined) throw new Error("steps share no disk; the check refuses that");
  return folders;
}

/** The verbs of a kind stand in one row: each of them reads in the ledger that the run is over. After the row, and after the snapshot, the run goes on only on the plan's word. */
function endsRow(node: Node, next: Node | undefined): boolean {
  if (node.kind !== "verb" || next === undefined) return false;
  if (!["snapshot", "validate", "gate"].includes(node.verb)) return false;
  return next.kind !== "verb" || next.verb !== node.verb;
}

/** The pipeline of one run: the plan's line of nodes, cut into nested groups where a word decides, below one exit task. */
export function lowerRetrain(plan: PipelinePlan): Pipeline {
  const { nodes } = plan.retrain;
  const tasks = nodes.map((node) => taskOf(plan, node, foldersFor(plan)));
  const [first] = tasks;
  if (first === undefined) throw new Error("a plan without nodes");
  const wordOf = (from: string) => plan.retrain.edges.find((edge) => edge.from === from)?.word ?? "";

  /** Tasks from this one on, as they stand in one group. */
  const row = (start: number): Task[] => {
    const standing: Task[] = [];
    for (let index = start; index < nodes.length; index += 1) {
      const [node, task] = [nodes[index], tasks[index]];
      if (node === undefined || task === undefined) break;
      const before = standing.at(-1);
      standing.push({ ...task, after: before === undefined ? [] : [before.name] });
      if (endsRow(node, nodes[index + 1])) {
        standing.push(decided(task, wordOf(node.id), row(index + 1)));
        break;
      }
    }
    return standing;
  };

  const body: Group = { kind: "group", tasks: row(0) };
  const retrain: Task = {
    name: "retrain",
    inputs: { run: RUN },
    after: [],
    body,
    comment: "one run, watched by the exit task `finish`",
    place: first.place,
  };
  const finish: Task = {
    name: "finish",
    inputs: { run: RUN, status: { kind: "status", task: "retrain" } },
    after: ["retrain"],
    isExit: true,
    retry: VERB_RETRY,
    body: runtimeContainer(plan, foldersFor(plan), {
      words: runtimeArguments(plan, { verb: "finish", run: valueInput("run") }),
      deadline: SHORT,
    }),
    comment: "ends in the ledger what a broken run left open and gives its lease back; moves no traffic",
    place: first.place,
  };
  const sum = nodes.reduce((total, node) => total + node.timeout + holdOf(plan, node.id), 0);
  return {
    name: retrainName(plan.policy.name),
    parameters: ["run"],
    root: { kind: "group", tasks: [retrain, finish] },
    deadline: Math.ceil(((sum + SHORT) * 11) / 10),
  };
}

/** What follows a deciding task: a group that has the word as an input of its own, and in it the group that runs on the one word. The outer one is needed because a condition may not stand beside the task that answers it. */
function decided(task: Task, word: string, following: readonly Task[]): Task {
  const input = `${task.name}-word`;
  const wanted = new Set<string>();
  for (const name of neededBy(following)) wanted.add(name);
  const through: Record<string, Source> = {};
  for (const name of wanted) through[name] = { kind: "input", name };
  const inner: Task = {
    name: `if-${task.name}-${word}`,
    inputs: { ...through, [input]: { kind: "input", name: input } },
    after: [],
    condition: { input, word },
    body: { kind: "group", tasks: following },
    comment: `only where ${task.name} said ${word}; any other word has ended the run`,
    place: task.place,
  };
  const outer: Record<string, Source> = {};
  for (const name of wanted)
    outer[name] = task.name === "snapshot" && name !== "run" ? output(task.name, name) : input_(name);
  return {
    name: `after-${task.name}`,
    inputs: { ...outer, [input]: output(task.name, "word") },
    after: [task.name],
    body: { kind: "group", tasks: [inner] },
    comment: `what follows ${task.name}; has its word as an input`,
    place: task.place,
  };
}

const output = (task: string, name: string): Source => ({ kind: "output", task, name });
const input_ = (name: string): Source => ({ kind: "input", name });

/** Inputs of their group that tasks read. */
function neededBy(tasks: readonly Task[]): string[] {
  const names = tasks.flatMap(({ inputs }) =>
    Object.values(inputs).flatMap((source) => (source.kind === "input" ? [source.name] : [])),
  );
  return [...new Set(names)].sort();
}

function taskOf(plan: PipelinePlan, node: Node, folders: Folders): Task {
  const name = taskName(node.id);
  const head = { name, after: [], place: node.place };
  if (node.kind === "step") {
    const { container, values } = authorsContainer(plan, node, folders);
    const inputs: Record<string, Source> = {};
    for (const value of values) inputs[value] = input_(value);
    const { retry } = node.step;
    const comment = describe(plan, node);
    return { ...head, inputs, body: container, comment, ...(retry.times === 0 ? {} : { retry }) };
  }
  const words = runtimeArguments(plan, { verb: node.verb, node: node.id, run: valueInput("run") });
  const body = runtimeContainer(plan, folders, {
    words,
    deadline: node.timeout + holdOf(plan, node.id),
    handsOver: node.verb === "snapshot",
  });
  const retry = node.verb === "stage" ? STAGE_RETRY : VERB_RETRY;
  return { ...head, inputs: { run: RUN }, retry, body, comment: describe(plan, node) };
}

/** The plan as the tick is told it. */
export function planArgument(plan: PipelinePlan): string {
  return inertJson(plan);
}

/** The pipeline of the monitor's tick: one task that carries the plan, evaluates causes and starts runs of the other pipeline. */
export function lowerTick(plan: PipelinePlan): Pipeline {
  const [first] = plan.retrain.nodes;
  if (first === undefined) throw new Error("a plan without nodes");
  const words = runtimeArguments(plan, { verb: "tick", engine: "kfp", plan: ["--plan-json", planArgument(plan)] });
  const tick: Task = {
    name: "tick",
    inputs: {},
    after: [],
    body: runtimeContainer(plan, foldersFor(plan), { words, deadline: SHORT }),
    comment: "the monitor, which alone starts runs; the next tick is its retry",
    place: first.place,
  };
  return {
    name: tickName(plan.policy.name),
    parameters: [],
    root: { kind: "group", tasks: [tick] },
    deadline: SHORT,
  };
}
