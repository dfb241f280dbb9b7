import { pause } from "../clock/real.ts";
import { LeaseHeldError } from "../engine/held-lease.ts";
import { LedgerError } from "../ledger/error.ts";

export interface Persistence {
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  /** How long a ledger that cannot be used is waited for, and the time between two attempts; real milliseconds: 15 minutes and 5 seconds. */
  readonly patience?: number;
  readonly between?: number;
}

/** What worked for so long in between begins to wait anew, real milliseconds. */
const WORKED = 60_000;

/** Repeats work that outlives what is lost for a while: a lease that the monitor took while this process was away, and a ledger that is down. Rejects with the ledger's error when its time is over, and at once with any other. */
export async function persistently<Result>(
  { say, signal, patience = 15 * 60_000, between = 5_000 }: Persistence,
  work: () => Promise<Result>,
): Promise<Result> {
  let downSince: number | undefined;
  for (;;) {
    const began = performance.now();
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) throw error;
      const isLost = error instanceof LeaseHeldError || (error instanceof LedgerError && error.code === "fenced");
      const isDown = error instanceof LedgerError && (error.code === "unavailable" || error.code === "full");
      if (!isDown && !isLost) throw error;
      const now = performance.now();
      if (isDown && (downSince === undefined || now - began > WORKED)) downSince = now;
      if (isDown && downSince !== undefined && now - downSince >= patience) throw error;
      say(`${error.message}; the share is held`);
      await pause(between, signal);
    }
  }
}
