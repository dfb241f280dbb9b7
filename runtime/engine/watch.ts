import type { Clock, Instant } from "../clock/clock.ts";
import type { Lease } from "../ledger/ledger.ts";
import { newestTick, tick } from "../verbs/tick.ts";
import { lookAfterKept, reportTick, tellOfTick } from "./caretaker.ts";
import { type Engine, withPlanOf } from "./engine.ts";
import { holdLease } from "./held-lease.ts";
import { openRun, readHistory } from "./history.ts";
import { endReplaced } from "./replace.ts";
import { followRun, tidyUpAfterNewest } from "./run.ts";
import type { RunEnded } from "./run-records.ts";
import { startRun, waitingFiring } from "./start-run.ts";
import { Turns } from "./turns.ts";

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
  const watching = new Watching(engine, held.lease, signal, options, (error) => stop.abort(error));
  try {
    await engine.clock.task(async () => {
      await tidyUpAfterNewest(engine, held.lease, signal);
      await watching.replace();
      const left = openRun(await readHistory(engine.ledger, engine.chain));
      if (left !== undefined) {
        engine.say(`continuing run ${left.run}`);
        watching.follow(left.run, left.started.plan);
      }
      await watching.monitor(options.until);
    });
    await watching.runsEnd();
    signal.throwIfAborted();
  } finally {
    stop.abort(new Error("the watch has ended"));
    await watching.runsEnd();
    await held.release();
  }
}

/** A run that this process follows. */
interface Life {
  readonly stop: AbortController;
  readonly over: Promise<void>;
}

/** One watch: the monitor, and the runs it follows beside its own ticks. */
class Watching {
  readonly #engine: Engine;
  readonly #lease: Lease;
  readonly #signal: AbortSignal;
  readonly #ended: WatchOptions["ended"];
  readonly #fail: (error: unknown) => void;
  readonly #lives = new Map<string, Life>();
  readonly #sleep = new Sleep();
  readonly #turns = new Turns();

  constructor(
    engine: Engine,
    lease: Lease,
    signal: AbortSignal,
    { ended }: WatchOptions,
    fail: (error: unknown) => void,
  ) {
    this.#engine = engine;
    this.#lease = lease;
    this.#signal = signal;
    this.#ended = ended;
    this.#fail = fail;
  }

  follow(run: string, plan: string): void {
    const stop = new AbortController();
    const signal = AbortSignal.any([this.#signal, stop.signal]);
    const work = async () => {
      const engine = await withPlanOf(this.#engine, plan);
      const context = { engine, run, lease: this.#lease, signal, turns: this.#turns };
      const end = await followRun(context);
      this.#ended?.(run, end);
      this.#lives.delete(run);
      // From now on a promoted version is looked after by the monitor, which may be asleep until its next tick.
      this.#sleep.end();
    };
    const over = this.#engine.clock
      .task(work)
      .catch((error: unknown) => {
        if (!stop.signal.aborted) this.#fail(error);
      })
      .finally(() => this.#lives.delete(run));
    this.#lives.set(run, { stop, over });
  }

  async runsEnd(): Promise<void> {
    await Promise.all([...this.#lives.values()].map(({ over }) => over));
  }

  async monitor(until: Instant | undefined): Promise<void> {
    const engine = this.#engine;
    const last = await newestTick(engine);
    if (last !== undefined) await tellOfTick(engine, this.#lease, last);
    // A life that goes on ticks when the one before would have.
    let due = last?.due ?? engine.clock.now();
    for (;;) {
      this.#signal.throwIfAborted();
      await this.#startFired();
      if (engine.clock.now() >= due) {
        due = await this.#tick();
        await this.#startFired();
      }
      const kept = await lookAfterKept(engine, this.#lease);
      const now = engine.clock.now();
      if (until !== undefined && now >= until && this.#lives.size === 0) return;
      const next = Math.min(due, kept ?? Number.POSITIVE_INFINITY);
      const wake = until !== undefined && now < until ? Math.min(next, until) : next;
      await this.#sleep.until(engine.clock, wake, this.#signal);
    }
  }

  /** Ticks, and ends the run whose place is taken. No rollout begins meanwhile: a run is not replaced after that. */
  async #tick(): Promise<Instant> {
    return this.#turns.take(async () => {
      const ticked = await tick(this.#engine, this.#lease);
      await reportTick(this.#engine, this.#lease, ticked);
      await this.replace();
      return ticked.due;
    }, this.#signal);
  }

  /** Ends the run whose place the newest firing takes, if there is one. */
  async replace(): Promise<void> {
    const replaced = await endReplaced(this.#engine, this.#lease, this.#signal, async (run) => {
      const life = this.#lives.get(run);
      life?.stop.abort(new Error(`another run takes the place of run ${run}`));
      await life?.over;
    });
    if (replaced === undefined) return;
    this.#engine.say(`run ${replaced.run} is cancelled: ${replaced.end.sentence}`);
    this.#ended?.(replaced.run, replaced.end);
  }

  /** Starts the run of the newest firing: at once, or where a life that was killed wrote the firing and not the start. One run at a time. */
  async #startFired(): Promise<void> {
    const engine = this.#engine;
    const firing = await waitingFiring(engine);
    if (firing === undefined || openRun(await readHistory(engine.ledger, engine.chain)) !== undefined) return;
    const order = { key: firing.key, firing: firing.key, because: firing.sentence };
    this.follow(await startRun(engine, order, this.#lease), engine.plan.policy.digest);
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
