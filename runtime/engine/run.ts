import { rmSync } from "node:fs";
import type { Graph, Node } from "../../compiler/plan/graph.ts";
import type { Lease, LedgerRecord } from "../ledger/ledger.ts";
import { gate } from "../verbs/gate.ts";
import { register } from "../verbs/register.ts";
import { snapshot } from "../verbs/snapshot.ts";
import { stage } from "../verbs/stage.ts";
import { validate } from "../verbs/validate.ts";
import type { NodeResult, RunContext } from "./context.ts";
import { type Engine, withPlanOf } from "./engine.ts";
import { tellOf } from "./notify.ts";
import { outcomeOf } from "./outcome.ts";
import { bodyOf, keys, type RunEnded, type RunStarted, type SnapshotFacts, type StepEnded } from "./run-records.ts";
import { runStep } from "./step.ts";

type VerbNode = Extract<Node, { kind: "verb" }>;

function runVerb(context: RunContext, node: VerbNode): Promise<NodeResult> {
  const subject = node.subject ?? "";
  switch (node.verb) {
    case "snapshot":
      return snapshot(context);
    case "validate":
      return validate(context, subject);
    case "gate":
      return gate(context, subject);
    case "register":
      return register(context);
    case "stage":
      return stage(context, subject);
    case "rollback":
    case "notify":
      throw new Error(`target local has no node of verb ${node.verb}`);
  }
}

/** Takes one node to its word. A node that has ended in an earlier life is not repeated: its record is its answer. */
export async function passNode(context: RunContext, node: Node): Promise<StepEnded> {
  const { engine, run, lease } = context;
  const key = keys.stepEnded(run, node.id);
  const earlier = await engine.ledger.find(engine.chain, key);
  if (earlier !== undefined) return bodyOf<StepEnded>(earlier);
  context.signal.throwIfAborted();
  const result = await (node.kind === "step" ? runStep(context, node) : runVerb(context, node));
  const body: StepEnded = { node: node.id, word: result.word, sentence: result.sentence, facts: result.facts };
  await engine.ledger.append(
    { chain: engine.chain, key, kind: "step_ended", run, at: engine.clock.now(), body },
    lease,
  );
  engine.say(result.sentence.startsWith(node.id) ? result.sentence : `${node.id}: ${result.sentence}`);
  return body;
}

/** The node that follows on a word; undefined where the word ends the run. */
export function nextNode({ edges, nodes }: Graph, from: string, word: string): Node | undefined {
  const edge = edges.find((one) => one.from === from && one.word === word);
  return edge === undefined ? undefined : nodes.find((node) => node.id === edge.to);
}

/** Takes a run that was started to its end, from wherever an earlier life left it. Safe to repeat. */
export async function followRun(context: RunContext): Promise<RunEnded> {
  const { engine } = context;
  const graph = engine.plan.retrain;
  let node = graph.nodes[0];
  if (node === undefined) throw new Error("a plan without nodes");
  let last: StepEnded;
  for (;;) {
    last = await passNode(context, node);
    const next = nextNode(graph, node.id, last.word);
    if (next === undefined) break;
    node = next;
  }
  return endRun(context, outcomeOf(engine.plan, node, last.word), node.id, last.sentence);
}

/** Writes down that a run is over, and tidies up after it. */
export async function endRun(
  context: RunContext,
  outcome: RunEnded["outcome"],
  node: string,
  sentence: string,
): Promise<RunEnded> {
  const { engine, run, lease } = context;
  const body: RunEnded = { outcome, node, sentence };
  const entry = {
    chain: engine.chain,
    key: keys.ended(run),
    kind: "run_ended",
    run,
    at: engine.clock.now(),
    body,
  } as const;
  const { record } = await engine.ledger.append(entry, lease);
  return tidyUp(context, record);
}

/** What is left to do once the end of a run is recorded: people are told, and its largest files go. Safe to repeat. */
export async function tidyUp(context: RunContext, record: LedgerRecord): Promise<RunEnded> {
  const ended = bodyOf<RunEnded>(record);
  await tellOf(context.engine, ended.outcome, ended.sentence, record, context.lease);
  await removeTrainingRows(context);
  return ended;
}

/** Tidies up after the newest run, where the life that ended it was killed before it could. */
export async function tidyUpAfterNewest(engine: Engine, lease: Lease, signal: AbortSignal): Promise<void> {
  const { ledger, chain } = engine;
  const [ended] = await ledger.list({ chain, kinds: ["run_ended"], newest: true, limit: 1 });
  if (ended?.run === undefined) return;
  const started = await ledger.find(chain, keys.started(ended.run));
  if (started === undefined) throw new Error(`run ${ended.run} ended and never started`);
  const own = await withPlanOf(engine, bodyOf<RunStarted>(started).plan);
  await tidyUp({ engine: own, run: ended.run, lease, signal }, ended);
}

/** The rows a model was trained on are its largest remains; their hash stays in the ledger. */
async function removeTrainingRows(context: RunContext): Promise<void> {
  const { engine, run } = context;
  const record = await engine.ledger.find(engine.chain, keys.stepEnded(run, "snapshot"));
  if (record === undefined) return;
  const { snapshots } = bodyOf<StepEnded>(record).facts as unknown as SnapshotFacts;
  for (const one of Object.values(snapshots ?? {})) rmSync(one.training.uri, { recursive: true, force: true });
}
