import { mkdirSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Node } from "../../compiler/plan/graph.ts";
import { challengerFolder, metricsFile, predictionsFile } from "../../compiler/plan/run-folder.ts";
import type { RunContext } from "../engine/context.ts";
import type { Engine } from "../engine/engine.ts";
import { bodyOf, keys, type StepEnded, type StepStarted } from "../engine/run-records.ts";
import type { StepFacts } from "../engine/step.ts";

/** The author's own step, which the engine starts and the runtime does not see: the verb before it writes down that it was handed over, the first one after it looks at what it left. */
type StepNode = Extract<Node, { kind: "step" }>;

/** Where a step of a run on an engine must leave its output. */
export function outputOf({ root, plan }: Pick<Engine, "root" | "plan">, run: string, name: StepNode["name"]): string {
  return join(resolve(root, plan.bindings.work), name === "train" ? challengerFolder(run) : predictionsFile(run));
}

/** Whether a step has left something. */
export function hasOutput(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return false;
  return found.isDirectory() ? readdirSync(path).length > 0 : found.size > 0;
}

/** Writes down that a step is left to the engine. Its output folder is there when it starts. */
export async function handOver(context: RunContext, node: StepNode, now = Date.now()): Promise<void> {
  const { engine, run, lease } = context;
  if (node.name === "train") mkdirSync(outputOf(engine, run, "train"), { recursive: true });
  const body: StepStarted = { node: node.id, attempt: 1, handedOver: now };
  const key = keys.stepStarted(run, node.id, 1);
  const at = engine.clock.now();
  await engine.ledger.append({ chain: engine.chain, key, kind: "step_started", run, at, body }, lease);
}

/** Looks at what the steps before a node have left, and writes down how they ended. Gives the first one that left nothing. */
export async function receiveSteps(context: RunContext, before: string): Promise<StepEnded | undefined> {
  const { engine, run } = context;
  const { nodes } = engine.plan.retrain;
  for (const node of nodes.slice(
    0,
    nodes.findIndex((one) => one.id === before),
  )) {
    if (node.kind !== "step") continue;
    const earlier = await engine.ledger.find(engine.chain, keys.stepEnded(run, node.id));
    const ended = earlier === undefined ? await receive(context, node) : bodyOf<StepEnded>(earlier);
    if (ended.word !== "done") return ended;
  }
  return undefined;
}

async function receive(context: RunContext, node: StepNode): Promise<StepEnded> {
  const { engine, run, lease } = context;
  const output = outputOf(engine, run, node.name);
  const isThere = hasOutput(output);
  const written = isThere ? newestIn(output) : Date.now();
  const started = await engine.ledger.find(engine.chain, keys.stepStarted(run, node.id, 1));
  // A step that follows another step was handed over by it, when that one's output was whole.
  const from = started === undefined ? undefined : bodyOf<StepStarted>(started).handedOver;
  const until = Math.min(Math.max(written, from ?? written), Date.now());
  const left: StepFacts = {
    attempt: 1,
    output,
    measured: { milliseconds: Math.round(Math.max(0, until - (from ?? until))) },
    ...(node.name === "evaluate"
      ? { metrics: join(resolve(engine.root, engine.plan.bindings.work), metricsFile(run)) }
      : {}),
  };
  const body: StepEnded = isThere
    ? {
        node: node.id,
        word: "done",
        sentence: `step \`${node.name}\` has left its output; its time counts from when the engine was given it until the output was whole, waiting for the engine included`,
        facts: { ...left },
      }
    : {
        node: node.id,
        word: "broken",
        sentence: `step \`${node.name}\` ended well but wrote nothing to ${output}; it must write there what the policy's command names`,
        facts: { measured: left.measured },
      };
  const entry = { chain: engine.chain, run, at: engine.clock.now() };
  const key = keys.stepEnded(run, node.id);
  const { record } = await engine.ledger.append({ ...entry, key, kind: "step_ended", body }, lease);
  const next = engine.plan.retrain.nodes[engine.plan.retrain.nodes.indexOf(node) + 1];
  if (isThere && next?.kind === "step") await handOver(context, next, until);
  engine.say(body.sentence);
  return bodyOf<StepEnded>(record);
}

/** When the newest file of an output was written, epoch milliseconds. */
function newestIn(path: string): number {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  const entries = readdirSync(path, { recursive: true, encoding: "utf8" });
  return Math.max(...entries.map((entry) => statSync(join(path, entry)).mtimeMs));
}
