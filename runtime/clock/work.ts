import type { Clock, Instant } from "./clock.ts";

/** What a clock that jumps needs from outside. */
export interface WorkClockHost {
  /** Told before each jump and waited for: plays the world between the two instants. */
  readonly before: (from: Instant, to: Instant) => Promise<void>;
  /** Keeps the position, so that a killed life continues where it stood. */
  readonly moved: (to: Instant) => Promise<void>;
}

interface Sleeper {
  readonly due: Instant;
  readonly wake: () => void;
  readonly fail: (error: unknown) => void;
}

/** A rehearsal clock: it stands still while any task works and jumps to the next due instant when all of them sleep, so that weeks pass as fast as their work. */
export interface WorkClock extends Clock {
  /** Runs a task under this clock; it counts as working except inside `sleepUntil`. Everything that sleeps on this clock must run inside a task. */
  task<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** A clock of pace `work` that begins at `start`. */
export function workClock(start: Instant, host: WorkClockHost): WorkClock {
  let position = start;
  let working = 0;
  let jumping = false;
  const sleepers = new Set<Sleeper>();

  async function jump(): Promise<void> {
    jumping = true;
    try {
      const due = Math.min(...[...sleepers].map((sleeper) => sleeper.due));
      if (due > position) {
        await host.before(position, due);
        await host.moved(due);
        position = due;
      }
      for (const sleeper of [...sleepers]) {
        if (sleeper.due > position) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
    } catch (error) {
      for (const sleeper of [...sleepers]) {
        sleepers.delete(sleeper);
        sleeper.fail(error);
      }
    } finally {
      jumping = false;
      settle();
    }
  }

  /** Looks again after whatever else is ready to run has run: a task that is just starting must not be overtaken. */
  function settle(): void {
    setImmediate(() => {
      if (working === 0 && sleepers.size > 0 && !jumping) void jump();
    });
  }

  return {
    now: () => position,
    async task(work) {
      working += 1;
      try {
        return await work();
      } finally {
        working -= 1;
        settle();
      }
    },
    async sleepUntil(due, signal) {
      signal?.throwIfAborted();
      if (due <= position) return;
      const slept = new Promise<void>((resolve, reject) => {
        const sleeper: Sleeper = {
          due,
          wake: () => {
            working += 1;
            signal?.removeEventListener("abort", onAbort);
            resolve();
          },
          fail: (error) => {
            working += 1;
            signal?.removeEventListener("abort", onAbort);
            reject(error);
          },
        };
        const onAbort = () => {
          if (sleepers.delete(sleeper)) sleeper.fail(signal?.reason);
        };
        signal?.addEventListener("abort", onAbort, { once: true });
        sleepers.add(sleeper);
      });
      working -= 1;
      settle();
      await slept;
    },
  };
}
