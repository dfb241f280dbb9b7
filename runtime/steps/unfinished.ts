import type { RunContext } from "../engine/context.ts";
import { type RunHistory, readHistory } from "../engine/history.ts";
import { outcomeOf } from "../engine/outcome.ts";
import { lastNode, takeBackAlias } from "../engine/replace.ts";
import { endRun, nextNode } from "../engine/run.ts";
import { bodyOf, keys, type RunEnded, type StepEnded } from "../engine/run-records.ts";
import { stageOf } from "../rollout/stages.ts";
import { isRunOver } from "../rollout/state.ts";

/** What the ledger knows of a run. */
export async function historyOf({ engine, run }: Pick<RunContext, "engine" | "run">): Promise<RunHistory | undefined> {
  return (await readHistory(engine.ledger, engine.chain)).find((one) => one.run === run);
}

/** Ends a run whose rollout is over, or whose last word leads nowhere, where the process that came so far did not live to write it down. Undefined where neither is so. */
export async function endWhereItStands(context: RunContext): Promise<RunEnded | undefined> {
  const { engine, run } = context;
  const { plan } = engine;
  const rollout = (await historyOf(context))?.rollout;
  const { rollout: program } = plan.programs;
  if (rollout !== undefined && program !== undefined) {
    if (!isRunOver(rollout)) return undefined;
    const outcome = rollout.phase === "keeping" ? "promoted" : (rollout.outcome ?? "aborted");
    return endRun(context, outcome, `stage.${stageOf(program, rollout).name}`, rollout.because);
  }
  const id = await lastNode(context);
  const node = plan.retrain.nodes.find((one) => one.id === id);
  const record = await engine.ledger.find(engine.chain, keys.stepEnded(run, id));
  if (node === undefined || record === undefined) return undefined;
  const last = bodyOf<StepEnded>(record);
  if (nextNode(plan.retrain, id, last.word) !== undefined) return undefined;
  return endRun(context, outcomeOf(plan, node, last.word), id, last.sentence);
}

/** Ends as failed a run whose rollout never began. */
export async function endUnfinished(context: RunContext, why: (node: string) => string): Promise<RunEnded> {
  await takeBackAlias(context);
  const node = await lastNode(context);
  return endRun(context, "failed", node, why(node));
}
