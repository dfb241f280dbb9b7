import { handedOver, type Invocation, runtimeArguments } from "../../compiler/plan/command-line.ts";
import type { Place } from "../../compiler/plan/common.ts";
import type { Node } from "../../compiler/plan/graph.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import type { Stage } from "../../compiler/plan/rollout.ts";
import type { Reading } from "../../compiler/reading/sentence.ts";
import { quietApprovals } from "../shared/approvals.ts";
import { fiveFieldCron } from "../shared/cron.ts";
import { type Segment, told } from "../shared/handover.ts";
import { holdOf } from "../shared/hold.ts";
import { engineName } from "../shared/names.ts";
import { approvalIds, dagIds, taskId } from "./names.ts";
import { diskOf, optionsOf } from "./options.ts";
import { type Json, LAST_WORDS, ownPod, type Pods, podsOf } from "./pod.ts";
import { readingLines } from "./reading.ts";

type VerbNode = Extract<Node, { kind: "verb" }>;

/** A word of a command as the generated program reads it: text, or pieces of which some are known only in a run. */
export type Word = string | readonly (string | { readonly of: string })[];

/** One task, as data. Lengths are seconds. */
export type Shown = Task | PodTask;

/** A task that is a pod of its own: what the process was told stands in the pod. */
interface PodTask extends Omit<Task, "command" | "folder" | "environment" | "secrets"> {
  /** Begins the pod's name. */
  readonly name: string;
  readonly spec: Json;
  readonly container: Json;
}

/** A task that is a process of the worker. */
export interface Task {
  /** The runtime decides and answers a word; else it is the author's step, whose word is `done`. */
  readonly runtime: boolean;
  readonly command: readonly Word[];
  /** Working folder, from the project's; absent where it is the project's own. */
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, Word>>;
  /** `secret/key` by variable. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** What it is told of the snapshot's values. */
  readonly told?: readonly string[];
  /** The task whose answer it is told. */
  readonly answered?: string;
  /** The task that follows, by word. */
  readonly edges: Readonly<Record<string, string>>;
  /** What follows any other word. */
  readonly otherwise: string | null;
  readonly timeout: number;
  readonly retries: number;
  readonly first_wait: number;
  readonly longest_wait: number;
}

/** A task that asks a person. */
interface Question {
  readonly question: string;
  /** How long an answer is waited for, seconds. */
  readonly timeout: number;
  readonly edges: Readonly<Record<string, string>>;
}

/** The data that makes one generated file differ from another. */
export interface Document extends Partial<Pods> {
  readonly owner: string;
  readonly tags: readonly string[];
  readonly tick: { readonly dag: string; readonly cron: string; readonly step: Shown };
  readonly retrain: {
    readonly dag: string;
    /** Longest time of a run, seconds. */
    readonly longest: number;
    readonly tasks: Readonly<Record<string, Shown>>;
    /** Absent where nobody is asked in Airflow. */
    readonly questions?: Readonly<Record<string, Question>>;
    readonly outcome: Shown;
  };
  readonly reading: readonly string[];
}

/** Stands for the run's name until the command is cut into pieces; no word of a command is it by chance. */
const RUN = "\u0000run";
const PLAN = "\u0000plan";
/** Folder into which the runtime writes word and values, a file each. */
const ANSWERS = { of: "answers" };

/** A verb of the runtime is tried again while its exit code says so: every 5 minutes at last, for more than an hour. */
const RUNTIME_RETRY = { retries: 15, first_wait: 15, longest_wait: 300 };
const TICK_RETRY = { retries: 1, first_wait: 15, longest_wait: 60 };
/** Seconds that the engine itself may need to start a task. */
const START = 300;
/** Seconds of a verb that waits for nothing. */
const VERB = 3600;

/** How a pod starts the runtime. */
const RUNTIME = ["retrain-runtime"];
/** Longest beginning of a pod's name; the rest of 63 characters is the operator's. */
const NAME = 50;

/** Words of a verb with `--engine-ask` (runtime/steps/engine-wait.ts). */
const ASK = "ask";
const GO_ON = "go_on";

const seconds = (milliseconds: number): number => Math.ceil(milliseconds / 1000);

/** What the generated program is to do, and from where in the policy each task comes. */
export function lower(
  plan: PipelinePlan,
  reading?: Reading,
): { readonly document: Document; readonly places: ReadonlyMap<object, Place> } {
  const dags = dagIds(plan.policy.name);
  const places = new Map<object, Place>();
  const tasks: Record<string, Shown> = {};
  const add = (id: string, node: Node, task: Task) => {
    const shown = show(plan, id, task, node);
    tasks[id] = shown;
    places.set(shown, node.place);
  };
  const questions: Record<string, Question> = {};
  const asked = questionsOf(plan);
  for (const node of plan.retrain.nodes) {
    const stage = asked.get(node.id);
    if (stage !== undefined && node.kind === "verb") {
      const { ask, answer } = approvalIds(stage.name);
      add(ask, node, askingTask(plan, node, { [ASK]: answer, [GO_ON]: taskId(node.id) }));
      questions[answer] = questionOf(plan, stage, taskId(node.id));
    }
    add(taskId(node.id), node, node.kind === "step" ? authorTask(plan, node) : verbTask(plan, node, stage));
  }
  const tick: Invocation = { verb: "tick", engine: "airflow", plan: ["--plan-json", PLAN] };
  return {
    document: {
      owner: plan.policy.owner,
      tags: ["retrain", plan.policy.name.slice(0, 100), `risk ${plan.policy.risk}`],
      tick: {
        dag: dags.tick,
        cron: fiveFieldCron(plan.monitor.every),
        step: show(plan, "tick", {
          ...runtimeTask(plan, tick, ["word", "run"], TICK_RETRY, VERB),
          edges: { started: "start" },
          otherwise: null,
        }),
      },
      retrain: {
        dag: dags.retrain,
        longest: longestRun(plan),
        tasks,
        ...(asked.size === 0 ? {} : { questions }),
        outcome: show(plan, "outcome", {
          ...runtimeTask(plan, { verb: "finish", run: RUN }, ["word"], RUNTIME_RETRY, VERB),
          edges: {},
          otherwise: null,
        }),
      },
      ...(isPods(plan) ? podsOf(plan) : {}),
      reading: reading === undefined ? [] : readingLines(reading),
    },
    places,
  };
}

const isPods = (plan: PipelinePlan): boolean => optionsOf(plan).executor === "kubernetes";

/** A task as the file holds it: as it is for a process of the worker, else as its pod. */
function show(plan: PipelinePlan, id: string, task: Task, node?: Node): Shown {
  if (!isPods(plan)) return task;
  const { command: _, folder: __, environment: ___, secrets: ____, ...rest } = task;
  const name = engineName(`${plan.policy.name}-${id}`, NAME);
  return { ...rest, name, ...ownPod(plan, task, node) };
}

function verbTask(plan: PipelinePlan, node: VerbNode, asked?: Stage): Task {
  const answers = node.verb === "snapshot" ? ["word", ...handedOver(plan)] : ["word"];
  const invocation = { verb: node.verb, run: RUN, node: node.id };
  const task = runtimeTask(plan, invocation, answers, RUNTIME_RETRY, seconds(node.timeout + holdOf(plan, node.id)));
  const way = { edges: edgesOf(plan, node.id), otherwise: "outcome" };
  if (asked === undefined) return { ...task, ...way };
  const answer = ["--engine-answer", [{ of: "answer" }], "--engine-identity", [{ of: "identity" }]];
  return { ...task, command: [...task.command, ...answer], answered: approvalIds(asked.name).answer, ...way };
}

/** Begins an approval and comes back: the waiting is Airflow's. */
function askingTask(plan: PipelinePlan, node: VerbNode, edges: Task["edges"]): Task {
  const invocation = { verb: node.verb, run: RUN, node: node.id };
  const { command, ...task } = runtimeTask(plan, invocation, ["word"], RUNTIME_RETRY, VERB);
  return { ...task, command: [...command, "--engine-ask"], edges, otherwise: "outcome" };
}

function questionOf(plan: PipelinePlan, stage: Stage, next: string): Question {
  const who = stage.approvers === undefined ? "" : ` Asked: ${stage.approvers}.`;
  return {
    question: `${plan.policy.name}: may the challenger of this run answer live requests?${who}`,
    timeout: seconds(stage.atMost),
    edges: { answered: next },
  };
}

/** Approvals that Airflow itself asks for, by their nodes: 3.3 can, while the challenger answers nobody. */
function questionsOf(plan: PipelinePlan): ReadonlyMap<string, Stage> {
  return optionsOf(plan).version === "2.11" ? new Map() : quietApprovals(plan);
}

function runtimeTask(
  plan: PipelinePlan,
  invocation: Invocation,
  answers: readonly string[],
  retry: typeof RUNTIME_RETRY,
  timeout: number,
): Omit<Task, "edges" | "otherwise"> {
  const runtime = isPods(plan) ? RUNTIME : optionsOf(plan).runtime;
  const words = [...runtime, ...runtimeArguments(plan, invocation)].map((word): Word => {
    if (word === RUN) return [{ of: "run" }];
    return word === PLAN ? [{ of: "plan" }] : word;
  });
  if (isPods(plan)) words.push("--answers", LAST_WORDS);
  for (const name of isPods(plan) ? [] : answers) {
    if (name === "word") words.push("--word", [ANSWERS, "/word"]);
    else words.push("--value", [`${name}=`, ANSWERS, `/${name}`]);
  }
  const { ledger } = plan.bindings;
  return {
    runtime: true,
    command: words,
    ...(ledger.kind === "postgres" ? { secrets: { RETRAIN_LEDGER_URL: ledger.secret } } : {}),
    timeout,
    ...retry,
  };
}

function authorTask(plan: PipelinePlan, node: Extract<Node, { kind: "step" }>): Task {
  const folder = folderOf(plan.policy.file);
  const disk = isPods(plan) ? diskOf(plan) : undefined;
  const step =
    disk === undefined
      ? told(plan, node, fromRoot(plan.bindings.work), fromRoot(folder))
      : told(plan, node, disk.work, disk.policy);
  const environment = step.environment.map(({ name, value }) => [name, wordOf(value)] as const);
  const words = [...step.command, ...step.environment.map(({ value }) => value)];
  const names = words.flatMap((word) => word.flatMap((piece) => (piece.kind === "value" ? [piece.name] : [])));
  const { times, first, longest } = node.step.retry;
  return {
    runtime: false,
    command: step.command.map(wordOf),
    ...(folder === "." ? {} : { folder }),
    environment: Object.fromEntries(environment),
    ...(Object.keys(step.secrets).length === 0 ? {} : { secrets: step.secrets }),
    told: [...new Set(names)].filter((name) => name !== "root"),
    edges: edgesOf(plan, node.id),
    otherwise: "outcome",
    timeout: seconds(node.step.timeout),
    retries: times,
    first_wait: Math.max(1, seconds(first)),
    longest_wait: Math.max(1, seconds(longest)),
  };
}

function edgesOf(plan: PipelinePlan, from: string): Record<string, string> {
  const asked = questionsOf(plan);
  const edges = plan.retrain.edges.filter((edge) => edge.from === from);
  return Object.fromEntries(
    edges.map(({ word, to }) => {
      const stage = asked.get(to);
      // Before an approval that Airflow asks for stands the task that begins it.
      return [word, stage === undefined ? taskId(to) : approvalIds(stage.name).ask];
    }),
  );
}

function folderOf(file: string): string {
  const end = file.lastIndexOf("/");
  return end < 0 ? "." : file.slice(0, end);
}

/** A path below the project's folder as the step sees it; an absolute one is kept. */
function fromRoot(path: string): Segment[] {
  if (path.startsWith("/")) return [{ kind: "text", text: path }];
  return [
    { kind: "value", name: "root" },
    { kind: "text", text: path === "." ? "" : `/${path}` },
  ];
}

function wordOf(segments: readonly Segment[]): Word {
  const pieces: (string | { of: string })[] = [];
  for (const segment of segments) {
    const last = pieces.at(-1);
    if (segment.kind !== "text") pieces.push({ of: segment.kind === "run" ? "run" : segment.name });
    else if (segment.text === "") continue;
    else if (typeof last === "string") pieces[pieces.length - 1] = last + segment.text;
    else pieces.push(segment.text);
  }
  const [only] = pieces;
  if (only === undefined) return "";
  return pieces.length === 1 && typeof only === "string" ? only : pieces;
}

/** Time limits of all tasks with their attempts, the waits between, and a tenth more. A run that takes longer is failed by Airflow; the tick looks after what it left. */
function longestRun(plan: PipelinePlan): number {
  const { retries, longest_wait } = RUNTIME_RETRY;
  const verbs = plan.retrain.nodes.filter((node) => node.kind === "verb").length + 1;
  const work = plan.retrain.nodes.reduce(
    (sum, node) => sum + seconds(node.timeout + holdOf(plan, node.id)) + START,
    VERB + START,
  );
  const asked = [...questionsOf(plan).values()].reduce((sum, { atMost }) => sum + seconds(atMost) + VERB + START, 0);
  return Math.ceil(((work + asked + verbs * retries * longest_wait) * 11) / 10);
}
