import type { Engine } from "./engine.ts";
import { withPlanOf } from "./engine.ts";
import { holdLease } from "./held-lease.ts";
import { openRun, readHistory } from "./history.ts";
import { followRun } from "./run.ts";
import type { RunEnded } from "./run-records.ts";
import { startRun } from "./start-run.ts";

/** What a run came to. */
export interface RunResult extends RunEnded {
  readonly run: string;
  /** It had been begun by an earlier life, which this one continued. */
  readonly continued: boolean;
}

/** `retrain run`: continues the run that an earlier life left open, else starts one by hand, and follows it to the end of its watch. Rejects with LeaseHeldError, LedgerError or the signal's reason. */
export async function runNow(engine: Engine, because: string, signal: AbortSignal): Promise<RunResult> {
  return engine.clock.task(async () => {
    const held = await holdLease(engine.ledger, engine.chain, engine.holder);
    try {
      const left = openRun(await readHistory(engine.ledger, engine.chain));
      const at = new Date(engine.clock.now()).toISOString();
      const run = left?.run ?? (await startRun(engine, { key: `by hand at ${at}`, because }, held.lease));
      if (left !== undefined) engine.say(`continuing run ${run}`);
      const own = left === undefined ? engine : await withPlanOf(engine, left.started.plan);
      const context = { engine: own, run, lease: held.lease, signal: AbortSignal.any([signal, held.lost]) };
      return { run, continued: left !== undefined, ...(await followRun(context)) };
    } finally {
      await held.release();
    }
  });
}
