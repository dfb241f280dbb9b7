import type { Clock, Instant } from "../clock/clock.ts";
import type { Lease } from "../ledger/ledger.ts";
import { advance } from "../rollout/advance.ts";
import type { RolloutState } from "../rollout/state.ts";
import { rolloutContext } from "../verbs/rollout-context.ts";
import { newestTick, type TickBody, type Ticked, tick } from "../verbs/tick.ts";
import { type Engine, withPlanOf } from "./engine.ts";
import { holdLease } from "./held-lease.ts";
import { openRun, type RunHistory, readHistory } from "./history.ts";
import { tell } from "./notify.ts";
import { followRun, tidyUpAfterNewest } from "./run.ts";
import { bodyOf, keys, type RunEnded } from "./run-records.ts";
import { runName, startRun } from "./start-run.ts";

export interface WatchOptions {
  /** The watch ends when the clock has reached this instant and no run is under way; it goes on for ever without it. */
  readonly until?: Instant;
  readonly signal: AbortSignal;
  /** Told of every run that ends. */
  readonly ended?: (run: string, end: RunEnded) => void;
}

/**
 * `retrain watch`: the monitor on this machine. Ticks when something can be decided, starts runs, follows them beside its own ticks, and stays with a
 * promoted version until its old champion is no longer kept. Rejects with LeaseHeldError, LedgerError, TrafficError or the signal's reason.
 */
export async function watch(engine: Engine, options: WatchOptions): Promise<void> {
  const held = await holdLease(engine.ledger, engine.chain, engine.holder);
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, held.lost, stop.signal]);
  const runs = new Set<Promise<void>>();
  const sleep = new Sleep();
  const follow = (run: string, plan: string): void => {
    const life = engine.clock
      .task(async () => {
        const context = { engine: await withPlanOf(engine, plan), run, lease: held.lease, signal };
        options.ended?.(run, await followRun(context));
        runs.delete(life);
        // From now on a promoted version is looked after by the monitor, which may be asleep until its next tick.
        sleep.end();
      })
      .catch((error: unknown) => stop.abort(error))
      .finally(() => runs.delete(life));
    runs.add(life);
  };
  try {
    await engine.clock.task(async () => {
      const left = openRun(await readHistory(engine.ledger, engine.chain));
      if (left !== undefined) {
        engine.say(`continuing run ${left.run}`);
        follow(left.run, left.started.plan);
      }
      await monitor(engine, held.lease, { ...options, signal }, follow, runs, sleep);
    });
    await Promise.all(runs);
    signal.throwIfAborted();
  } finally {
    stop.abort(new Error("the watch has ended"));
    await Promise.allSettled(runs);
    await held.release();
  }
}

async function monitor(
  engine: Engine,
  lease: Lease,
  { until, signal }: WatchOptions,
  follow: (run: string, plan: string) => void,
  runs: ReadonlySet<unknown>,
  sleep: Sleep,
): Promise<void> {
  await tidyUpAfterNewest(engine, lease, signal);
  const last = await newestTick(engine);
  if (last !== undefined) await tellOfTick(engine, lease, last);
  await startFired(engine, lease, follow);
  // A life that goes on ticks when the one before would have.
  let due = last?.due ?? engine.clock.now();
  for (;;) {
    signal.throwIfAborted();
    if (engine.clock.now() >= due) {
      const ticked = await tick(engine, lease);
      due = ticked.due;
      await report(engine, lease, ticked);
      await startFired(engine, lease, follow);
    }
    const kept = await lookAfterKept(engine, lease);
    const now = engine.clock.now();
    if (until !== undefined && now >= until && runs.size === 0) return;
    const next = Math.min(due, kept ?? Number.POSITIVE_INFINITY);
    await sleep.until(engine.clock, until !== undefined && now < until ? Math.min(next, until) : next, signal);
  }
}

/** A sleep on the policy's clock that can be ended early. */
class Sleep {
  #wake: AbortController | undefined;

  async until(clock: Clock, due: Instant, signal: AbortSignal): Promise<void> {
    const wake = new AbortController();
    this.#wake = wake;
    try {
      await clock.sleepUntil(due, AbortSignal.any([signal, wake.signal]));
    } catch (error) {
      if (signal.aborted || !wake.signal.aborted) throw error;
    } finally {
      this.#wake = undefined;
    }
  }

  end(): void {
    this.#wake?.abort();
  }
}

/** Says and tells what a tick decided. */
async function report(engine: Engine, lease: Lease, ticked: Ticked): Promise<void> {
  const { record, body } = ticked;
  const at = new Date(record.at).toISOString().slice(0, 16).replace("T", " ");
  if (record.kind !== "tick") engine.say(`${at}Z ${body.sentence}`);
  await tellOfTick(engine, lease, ticked);
}

/** Tells of a firing or a suppression, once. */
async function tellOfTick(engine: Engine, lease: Lease, { record, body }: Ticked): Promise<void> {
  if (record.kind === "firing") await tell(engine, "fired", body.outcome.sentence, record, lease);
  else if (record.kind === "suppressed") await tell(engine, "suppressed", body.outcome.sentence, record, lease);
}

/** Starts the run of the newest firing if a life that was killed wrote the firing and not the start. */
async function startFired(engine: Engine, lease: Lease, follow: (run: string, plan: string) => void): Promise<void> {
  const { ledger, chain, plan } = engine;
  const [firing] = await ledger.list({ chain, kinds: ["firing"], newest: true, limit: 1 });
  if (firing === undefined) return;
  const { outcome } = bodyOf<TickBody>(firing);
  if (outcome.kind !== "fire") return;
  if ((await ledger.find(chain, keys.started(runName(plan.policy.name, outcome.key)))) !== undefined) return;
  const run = await startRun(engine, { key: outcome.key, firing: outcome.key, because: outcome.sentence }, lease);
  follow(run, plan.policy.digest);
}

/** Whether nothing is left to do: at the end of a keep route and alias are still to be set. */
function isOver({ phase, effects }: RolloutState): boolean {
  return phase === "ended" && effects.length === 0;
}

/** Rollback conditions of a promoted version are judged until its old champion is no longer kept. Gives when to look again. */
async function lookAfterKept(engine: Engine, lease: Lease): Promise<Instant | undefined> {
  const history = await readHistory(engine.ledger, engine.chain);
  // Once a later run moves traffic it takes the earlier keep over.
  if (openRun(history)?.rollout !== undefined) return undefined;
  const kept: RunHistory | undefined = history.findLast(
    ({ ended, rollout }) => ended !== undefined && rollout !== undefined && !isOver(rollout),
  );
  if (kept === undefined) return undefined;
  const own = await withPlanOf(engine, kept.started.plan);
  return (await advance(rolloutContext(own, kept.run, lease))).due;
}
