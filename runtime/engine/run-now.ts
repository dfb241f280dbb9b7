import { takeInRuns } from "../triggers/history.ts";
import { monitorState } from "../verbs/tick.ts";
import type { Engine } from "./engine.ts";
import { withPlanOf } from "./engine.ts";
import { holdLease } from "./held-lease.ts";
import { openRun, readHistory, runFacts } from "./history.ts";
import { endReplaced } from "./replace.ts";
import { followRun, tidyUpAfterNewest } from "./run.ts";
import { keys, type RunEnded } from "./run-records.ts";
import { runName, startRun } from "./start-run.ts";

/** Too many runs went wrong: a person has to look first. */
export class BreakerOpenError extends Error {
  override name = "BreakerOpenError";
}

/** What a run came to. */
export interface RunResult extends RunEnded {
  readonly run: string;
  /** It had been begun by an earlier life, which this one continued. */
  readonly continued: boolean;
}

/** `retrain run`: continues the run that an earlier life left open, else starts one by hand, and follows it to the end of its watch. Rejects with LeaseHeldError, LedgerError or the signal's reason. */
export async function runNow(engine: Engine, because: string, signal: AbortSignal, by?: string): Promise<RunResult> {
  return engine.clock.task(async () => {
    const held = await holdLease(engine.ledger, engine.chain, engine.holder);
    try {
      await tidyUpAfterNewest(engine, held.lease, signal);
      await endReplaced(engine, held.lease, signal);
      const left = openRun(await readHistory(engine.ledger, engine.chain));
      if (left === undefined) await refuseWhileBreakerIsOpen(engine);
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

/** A run by hand passes cooldown and budget, but not the breaker. */
async function refuseWhileBreakerIsOpen(engine: Engine): Promise<void> {
  const { plan, ledger, chain, clock } = engine;
  const now = clock.now();
  const runs = runFacts(await readHistory(ledger, chain), plan);
  const { breaker } = takeInRuns(plan.monitor, await monitorState(engine), { now, answers: {}, runs }).state;
  if (breaker.openUntil === null || breaker.openUntil <= now) return;
  throw new BreakerOpenError(
    `the breaker is open until ${new Date(breaker.openUntil).toISOString()} after failures; look at \`retrain why ${plan.policy.name}\`, then close it with \`retrain resume ${plan.policy.name}\``,
  );
}
