import type { Clock, Instant } from "./clock.ts";

/** Longest wait that one timer can hold, milliseconds. */
const LONGEST_TIMER = 2_000_000_000;

/** The clock of the machine. */
export function realClock(): Clock {
  return {
    now: () => Date.now(),
    async sleepUntil(due: Instant, signal?: AbortSignal): Promise<void> {
      signal?.throwIfAborted();
      for (let left = due - Date.now(); left > 0; left = due - Date.now()) {
        await pause(Math.min(left, LONGEST_TIMER), signal);
      }
    },
  };
}

/** Waits real milliseconds. Rejects with the signal's reason when aborted. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
