import type { RunContext } from "../engine/context.ts";
import type { Engine } from "../engine/engine.ts";
import { tidyUp } from "../engine/run.ts";
import { keys, type RunEnded } from "../engine/run-records.ts";
import type { Asked } from "./arguments.ts";
import { hasOutput, outputOf } from "./author-step.ts";
import type { HandBack } from "./hand-back.ts";
import { openRunEngine, type Surroundings } from "./open.ts";
import { takeLease } from "./run-lease.ts";
import { endUnfinished, endWhereItStands, historyOf } from "./unfinished.ts";

/** The last task of a run, whatever became of the others: ends in the ledger what they left open, tells, and gives the lease back. It moves no traffic: a rollout under way goes to the monitor. */
export async function finish(asked: Asked, around: Surroundings, signal: AbortSignal): Promise<HandBack> {
  const engine = await openRunEngine(asked, around);
  if (engine === undefined)
    return { word: "unknown", sentence: `nobody has started a run named ${asked.run}; nothing is to be ended` };
  try {
    const held = await takeLease(engine, signal);
    try {
      const run = { engine, run: asked.run, lease: held.lease, signal: AbortSignal.any([signal, held.lost]) };
      const ended = await endOf(run);
      if (ended !== undefined) return outcome(ended);
      const sentence =
        "a stage of the run failed while its rollout was under way; the monitor's tick goes on with the rollout";
      return { word: "open", sentence, broken: true };
    } finally {
      await held.release();
    }
  } finally {
    await engine.close();
  }
}

function outcome({ outcome: word, node, sentence }: RunEnded): HandBack {
  return { word, sentence: `after ${node}: ${sentence}`, broken: word === "failed" || word === "rollback_failed" };
}

async function endOf(context: RunContext): Promise<RunEnded | undefined> {
  const { engine, run } = context;
  const record = await engine.ledger.find(engine.chain, keys.ended(run));
  if (record !== undefined) return tidyUp(context, record);
  const end = await endWhereItStands(context);
  if (end !== undefined) return end;
  if ((await historyOf(context))?.rollout !== undefined) return undefined;
  return endUnfinished(context, (node) => `${whatStopped(engine, run, node)}; the engine's log of it says why`);
}

/** What the engine did not come past. A step that failed says nothing to us, so of two steps in a row the first without an output is taken. */
function whatStopped({ plan, root }: Engine, run: string, node: string): string {
  const at = plan.retrain.nodes.findIndex((one) => one.id === node);
  const stopped = plan.retrain.nodes
    .slice(at)
    .find((one) => one.kind === "step" && !hasOutput(outputOf({ plan, root }, run, one.name)));
  const started = plan.retrain.nodes[at];
  if (started?.kind === "step" && stopped?.kind === "step")
    return `step \`${stopped.name}\` did not end well on the engine`;
  return `the engine did not come past ${node}`;
}
