import type { Engine } from "./engine.ts";
import { withPlanOf } from "./engine.ts";
import { holdLease } from "./held-lease.ts";
import { openRun, readHistory } from "./history.ts";
import { refusalByHand, rolloutFrozen } from "./refusal.ts";
import { endReplaced } from "./replace.ts";
import { followRun, tidyUpAfterNewest } from "./run.ts";
import { keys, type RunEnded } from "./run-records.ts";
import { runName, startRun } from "./start-run.ts";

/** What a run came to. */
export interface RunResult extends RunEnded {
  readonly run: string;
  /** It had been begun by an earlier life, which this one continued. */
  readonly continued: boolean;
}

/** `retrain run`: continues the run that an earlier life left open, else starts one by hand, and follows it to the end of its watch. Rejects with RunRefusedError, LeaseHeldError, LedgerError or the signal's reason. */
export async function runNow(engine: Engine, because: string, signal: AbortSignal, by?: string): Promise<RunResult> {
  return engine.clock.task(async () => {
    const held = await holdLease(engine.ledger, engine.chain, engine.holder);
    try {
      await tidyUpAfterNewest(engine, held.lease, signal);
      await endReplaced(engine, held.lease, signal);
      const left = openRun(await readHistory(engine.ledger, engine.chain));
      if (left === undefined) await mayStart(engine);
      const run =
        left?.run ??
        (await startRun(
          engine,
          { key: await keyByHand(engine), because, ...(by === undefined ? {} : { by }) },
          held.lease,
        ));
      if (left !== undefined) engine.say(`continuing run ${run}`);
      const own = left === undefined ? engine : await withPlanOf(engine, left.started.plan);
      const context = { engine: own, run, lease: held.lease, signal: AbortSignal.any([signal, held.lost]) };
      return { run, continued: left !== undefined, ...(await followRun(context)) };
    } finally {
      await held.release();
    }
  });
}

/** Key of a new run by hand. The clock of a rehearsal may stand where an earlier run by hand has ended: that one is not meant. */
async function keyByHand({ plan, ledger, chain, clock }: Engine): Promise<string> {
  const first = `by hand at ${new Date(clock.now()).toISOString()}`;
  for (let number = 1; ; number += 1) {
    const key = number === 1 ? first : `${first}, number ${number}`;
    if ((await ledger.find(chain, keys.started(runName(plan.policy.name, key)))) === undefined) return key;
  }
}

/** Passes when a run by hand may start, and says what will hold it later. */
async function mayStart(engine: Engine): Promise<void> {
  const now = engine.clock.now();
  const refused = await refusalByHand(engine, now);
  if (refused !== undefined) throw refused;
  const notice = await rolloutFrozen(engine, now);
  if (notice !== undefined) engine.say(notice);
}
