import { handedOver } from "../../compiler/plan/command-line.ts";
import type { Node } from "../../compiler/plan/graph.ts";
import type { RunContext } from "../engine/context.ts";
import type { Engine } from "../engine/engine.ts";
import type { HeldLease } from "../engine/held-lease.ts";
import { outcomeOf } from "../engine/outcome.ts";
import { endRun, nextNode, passNode } from "../engine/run.ts";
import { bodyOf, keys, type RunEnded, type SnapshotFacts, type StepEnded } from "../engine/run-records.ts";
import type { Asked } from "./arguments.ts";
import { handOver, receiveSteps } from "./author-step.ts";
import { askEngine, takeAnswer } from "./engine-wait.ts";
import { exit, StepError } from "./error.ts";
import type { HandBack } from "./hand-back.ts";
import { openRunEngine, type Surroundings } from "./open.ts";
import { persistently } from "./persistence.ts";
import { BETWEEN_STEPS, OtherRunError, takeLease } from "./run-lease.ts";

/** Does one node of a run's graph, or finds that it was done, and gives its word. Repeating it does nothing twice. */
export async function runNode(asked: Asked, around: Surroundings, signal: AbortSignal): Promise<HandBack> {
  const isFirst = asked.verb === "snapshot";
  const engine = await openRunEngine(asked, around);
  if (engine === undefined) {
    const sentence = `nobody has started a run named ${asked.run}: only the monitor's tick starts runs`;
    if (isFirst) return { word: "unknown", sentence };
    throw new StepError(exit.broken, sentence);
  }
  try {
    const node = nodeOf(engine, asked);
    const ended = await endOf(engine, asked.run);
    // Waited for here: the ledger is closed below.
    if (ended !== undefined) return await afterEnd(engine, asked, node, ended);
    if (asked.asks && asked.verb === "stage") return await askEngine(engine, asked, signal);
    await takeAnswer(engine, asked);
    const work = () => pass(engine, asked, node, signal);
    // The share stands still while a stage waits for what it has lost; any other node is repeated by the engine.
    return await (asked.verb === "stage" ? persistently({ say: around.say, signal }, work) : work());
  } catch (error) {
    if (error instanceof OtherRunError) return { word: "duplicate", sentence: error.message };
    throw error;
  } finally {
    await engine.close();
  }
}

function nodeOf({ plan }: Engine, { node: id, verb, run }: Asked): Node {
  const node = plan.retrain.nodes.find((one) => one.id === id);
  if (node?.kind === "verb" && node.verb === verb) return node;
  const sentence = `the plan of run ${run} has no node ${id} of verb ${verb}: these files are of another version of the policy`;
  throw new StepError(exit.broken, sentence);
}

async function endOf({ ledger, chain }: Engine, run: string): Promise<RunEnded | undefined> {
  const record = await ledger.find(chain, keys.ended(run));
  return record === undefined ? undefined : bodyOf<RunEnded>(record);
}

/** The run is over, perhaps because the monitor ended it: nothing is done, and no later node begins. */
async function afterEnd(engine: Engine, asked: Asked, node: Node, ended: RunEnded): Promise<HandBack> {
  if (asked.verb === "snapshot") {
    const sentence = `run ${asked.run} is over: ${ended.outcome.replaceAll("_", " ")}`;
    return { word: "duplicate", sentence };
  }
  const record = await engine.ledger.find(engine.chain, keys.stepEnded(asked.run, node.id));
  const word = record === undefined ? ended.outcome : bodyOf<StepEnded>(record).word;
  return handBack({ node: node.id, word, sentence: ended.sentence, facts: {} });
}

function handBack({ word, sentence }: StepEnded, values: Readonly<Record<string, string>> = {}): HandBack {
  return { word, sentence, values, broken: word === "broken" || word === "rollback_failed" };
}

async function pass(engine: Engine, asked: Asked, node: Node, signal: AbortSignal): Promise<HandBack> {
  const { run } = asked;
  const held = await takeLease(engine, signal, asked.verb === "snapshot");
  try {
    // The monitor may have ended the run while the lease was waited for.
    const ended = await endOf(engine, run);
    if (ended !== undefined) {
      await held.release();
      return await afterEnd(engine, asked, node, ended);
    }
    const context: RunContext = { engine, run, lease: held.lease, signal: AbortSignal.any([signal, held.lost]) };
    const broken = await receiveSteps(context, node.id);
    if (broken !== undefined) return await endHere(context, held, broken);
    const passed = await passNode(context, node);
    const next = nextNode(engine.plan.retrain, node.id, passed.word);
    if (next === undefined) return await endHere(context, held, passed);
    if (next.kind === "step") await handOver(context, next);
    await held.leave(BETWEEN_STEPS + timeOfSteps(engine, next));
    return handBack(passed, await valuesOf(engine, passed));
  } catch (error) {
    held.drop();
    throw error;
  }
}

/** Ends the run after a node whose word leads nowhere. Told as on one machine. */
async function endHere(context: RunContext, held: HeldLease, last: StepEnded): Promise<HandBack> {
  const { plan } = context.engine;
  const node = plan.retrain.nodes.find((one) => one.id === last.node);
  if (node === undefined) throw new Error(`the plan has no node ${last.node}`);
  await endRun(context, outcomeOf(plan, node, last.word), node.id, last.sentence);
  await held.release();
  return handBack(last, await valuesOf(context.engine, last));
}

/** Longest time of the author's steps that come next, milliseconds. */
function timeOfSteps({ plan }: Engine, next: Node): number {
  const nodes = plan.retrain.nodes.slice(plan.retrain.nodes.indexOf(next));
  const end = nodes.findIndex((node) => node.kind !== "step");
  return nodes.slice(0, end < 0 ? nodes.length : end).reduce((sum, node) => sum + node.timeout, 0);
}

/** What the snapshot tells the author's steps. */
async function valuesOf({ plan, registry }: Engine, { node, word, facts }: StepEnded): Promise<Record<string, string>> {
  if (node !== "snapshot" || word !== "ready") return {};
  const { snapshots, champion } = facts as unknown as SnapshotFacts;
  const uri = champion === undefined ? "" : ((await registry.version(champion))?.uri ?? "");
  const known: Record<string, string> = { "champion.uri": uri };
  for (const [name, { rowSet, training, holdout }] of Object.entries(snapshots)) {
    known[`${name}.snapshot`] = rowSet;
    known[`${name}.training.start`] = new Date(training.window.start).toISOString();
    known[`${name}.training.end`] = new Date(training.window.end).toISOString();
    known[`${name}.holdout.start`] = new Date(holdout.window.start).toISOString();
    known[`${name}.holdout.end`] = new Date(holdout.window.end).toISOString();
  }
  return Object.fromEntries(handedOver(plan).map((name) => [name, known[name] ?? ""]));
}
