import { handedOver } from "../../compiler/plan/command-line.ts";
import type { Place } from "../../compiler/plan/common.ts";
import type { Node } from "../../compiler/plan/graph.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import { describe } from "../shared/describe.ts";
import { holdOf } from "../shared/hold.ts";
import { parameterOf } from "../shared/kubernetes.ts";
import { taskName } from "../shared/names.ts";

/** Further attempts of the runtime's own steps, and the waits between them, milliseconds; each wait is twice the one before. */
export const RETRY = { times: 20, first: 30_000, longest: 300_000 };
/** Longest time of the exit task and of a tick, milliseconds. */
export const SHORT = 3_600_000;

/** One task of a DAG: a node of the plan, or the group of those that follow. */
export interface Task {
  readonly name: string;
  readonly node: Node | undefined;
  /** Name of the group, where the task is one. */
  readonly group?: string;
  /** It starts when the task of this name has succeeded, and has written `word` where one is compared. */
  readonly after?: { readonly task: string; readonly word?: string };
  readonly place: Place;
  readonly comment: string;
}

/** A DAG: the nodes up to the word that decides about the next group. */
export interface Group {
  readonly name: string;
  readonly comment: string;
  readonly tasks: readonly Task[];
  /** Values of the snapshot that come in as parameters. */
  readonly inputs: readonly string[];
}

const NAMES = ["run", "build", "release"] as const;
const COMMENTS = [
  "may this run train? Data are fixed and validated",
  "train, evaluate and judge; only where the data were in order",
  "register and roll out; only where every gate passed",
] as const;

/** Which group a node stands in: what decides whether to train, what trains and judges, what touches the registry and traffic. */
function depth(node: Node): 0 | 1 | 2 {
  if (node.kind === "step") return 1;
  if (node.verb === "snapshot" || node.verb === "validate") return 0;
  return node.verb === "gate" ? 1 : 2;
}

/** The plan's line of nodes as nested groups, outermost first: each holds the next one as its last task. */
export function lowerRetrain(plan: PipelinePlan): readonly Group[] {
  const { nodes, edges } = plan.retrain;
  const values = handedOver(plan).map(parameterOf);
  const afterOf = (node: Node): Task["after"] => {
    const edge = edges.find(({ to }) => to === node.id);
    const before = nodes.find(({ id }) => id === edge?.from);
    if (edge === undefined || before === undefined) return undefined;
    const task = taskName(before.id);
    // An author's step has no word: it has succeeded, or the run is over.
    return before.kind === "step" ? { task } : { task, word: edge.word };
  };
  return NAMES.map((name, index): Group => {
    const own = nodes.filter((node) => depth(node) === index);
    const tasks = own.map((node, position): Task => {
      // The word before the first task of a group is compared where the group is called.
      const after = position === 0 ? undefined : afterOf(node);
      const head = { name: taskName(node.id), node, place: node.place, comment: commentOf(plan, node) };
      return after === undefined ? head : { ...head, after };
    });
    const [next] = nodes.filter((node) => depth(node) === index + 1);
    const following = NAMES[index + 1];
    if (next !== undefined && following !== undefined) {
      const after = afterOf(next);
      const comment = `${COMMENTS[index + 1]}`;
      tasks.push({
        name: following,
        node: undefined,
        group: following,
        place: next.place,
        comment,
        ...(after === undefined ? {} : { after }),
      });
    }
    return { name, comment: COMMENTS[index] ?? "", tasks, inputs: index === 1 ? values : [] };
  }).filter(({ tasks }) => tasks.length > 0);
}

function commentOf(plan: PipelinePlan, node: Node): string {
  return `line ${node.place.line}: ${describe(plan, node)}`;
}

/** Longest time of one attempt of a node's own work, milliseconds. */
export function deadlineOf(plan: PipelinePlan, node: Node): number {
  return node.kind === "step" ? node.step.timeout : node.timeout + holdOf(plan, node.id);
}

/** Longest time of a whole run, milliseconds: every node with its attempts, waits and holds, the exit task, and a tenth more. */
export function runDeadline(plan: PipelinePlan): number {
  let waits = 0;
  for (
    let attempt = 0, wait = RETRY.first;
    attempt < RETRY.times;
    attempt += 1, wait = Math.min(wait * 2, RETRY.longest)
  )
    waits += wait;
  const sum = plan.retrain.nodes.reduce(
    // A step's `timeout` in the graph holds its attempts and waits already.
    (total, node) => total + (node.kind === "step" ? node.timeout : deadlineOf(plan, node) + waits),
    SHORT,
  );
  return Math.ceil((sum * 11) / 10);
}
