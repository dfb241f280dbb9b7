import type { Clock } from "./clock.ts";
import { pause } from "./real.ts";

/** A rehearsal clock that runs `factor` times as fast as real time from `start` on. `moved` keeps its position at every due instant that was waited for. */
export function scaledClock(start: number, factor: number, moved: (to: number) => Promise<void>): Clock {
  const began = performance.now();
  const now = () => Math.floor(start + (performance.now() - began) * factor);
  return {
    now,
    async sleepUntil(due, signal) {
      for (let left = due - now(); left > 0; left = due - now()) {
        await pause(Math.min(Math.ceil(left / factor), 1_000_000_000), signal);
      }
      await moved(due);
    },
  };
}
