import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import { lookAfterKept } from "../engine/caretaker.ts";
import type { RunContext } from "../engine/context.ts";
import { type Engine, withPlanOf } from "../engine/engine.ts";
import { tryLease } from "../engine/held-lease.ts";
import { openRun, type RunHistory, readHistory } from "../engine/history.ts";
import { endReplaced } from "../engine/replace.ts";
import { tidyUpAfterNewest } from "../engine/run.ts";
import { keys } from "../engine/run-records.ts";
import type { LeaseHeld } from "../ledger/ledger.ts";
import { advance } from "../rollout/advance.ts";
import { isRunOver } from "../rollout/state.ts";
import { openRollout } from "../verbs/stage.ts";
import { holderOf } from "./open.ts";
import { BETWEEN_STEPS } from "./run-lease.ts";
import { endUnfinished, endWhereItStands } from "./unfinished.ts";

/** Shortest real time for which a lease is held that a run's step will take over again. */
const HOLD = 60_000;

/** Looks after what no step looks after: an orphaned rollout, a promoted version whose old champion is kept, a run that stopped. Gives the run that has to be started again. */
export async function lookAfter(engine: Engine, signal: AbortSignal): Promise<string | undefined> {
  const held = await tryLease(engine.ledger, engine.chain, engine.holder);
  if ("held" in held) {
    await besideRun(engine, held);
    return undefined;
  }
  try {
    const { lease, lost } = held;
    const watched = AbortSignal.any([signal, lost]);
    await tidyUpAfterNewest(engine, lease, watched);
    await endReplaced(engine, lease, watched);
    const open = openRun(await readHistory(engine.ledger, engine.chain));
    const context = async ({ run, started }: RunHistory): Promise<RunContext> => {
      return { engine: await withPlanOf(engine, started.plan), run, lease, signal: watched };
    };
    const again = open === undefined ? undefined : await lookAfterOpen(await context(open), open);
    await lookAfterKept(engine, lease);
    return again;
  } finally {
    await held.release();
  }
}

/** Nobody works at a run that has not ended: its rollout is led on, or it is started again, or it has failed. */
async function lookAfterOpen(context: RunContext, open: RunHistory): Promise<string | undefined> {
  const { engine, run } = context;
  if (open.rollout !== undefined && !isRunOver(open.rollout)) {
    engine.say(`nobody leads the rollout of run ${run}; this tick goes on with it`);
    const { state } = await advance(await openRollout(context));
    engine.say(`  ${state.because}`);
  }
  if ((await endWhereItStands(context)) !== undefined || open.rollout !== undefined) return undefined;
  if (engine.clock.now() >= open.startedAt + deadlineOf(engine.plan)) {
    await endUnfinished(context, (node) => `the run stopped after ${node} and nobody went on with it in time`);
    return undefined;
  }
  const snapshot = await engine.ledger.find(engine.chain, keys.stepEnded(run, "snapshot"));
  return snapshot === undefined ? run : undefined;
}

/** Longest time from a run's start to the beginning of its rollout: the time limits of its nodes, and what an engine takes between them. */
function deadlineOf({ retrain }: PipelinePlan): number {
  const before = retrain.nodes.filter((node) => node.kind === "step" || node.verb !== "stage");
  return before.reduce((sum, node) => sum + node.timeout + BETWEEN_STEPS, 0);
}

/**
 * A run under way has the lease while the author's steps work, for hours perhaps. Meanwhile the version promoted before it is still judged: under the run's
 * own name, which is as harmless as a repeated step of that run, since every record and effect has its key.
 */
async function besideRun(engine: Engine, { holder, until }: LeaseHeld): Promise<void> {
  const open = openRun(await readHistory(engine.ledger, engine.chain));
  if (open === undefined || holder !== holderOf(open.run) || open.rollout !== undefined) return;
  const lease = await engine.ledger.acquire(engine.chain, holder, Math.max(HOLD, until - Date.now()));
  if (!("held" in lease)) await lookAfterKept(engine, lease);
}
