import type { Lease, Ledger } from "../ledger/ledger.ts";

/** Real milliseconds for which a lease is held without a sign of life. */
const HOLD = 60_000;

/** Somebody else acts for the policy. */
export class LeaseHeldError extends Error {
  override name = "LeaseHeldError";
}

/** A lease that is renewed while it is used. */
export interface HeldLease {
  readonly lease: Lease;
  /** Aborted with a reason when the lease has gone to someone else. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** Takes the right to act for a policy and keeps it alive. Rejects with LeaseHeldError when another living process has it. */
export async function holdLease(ledger: Ledger, name: string, holder: string): Promise<HeldLease> {
  const answer = await ledger.acquire(name, holder, HOLD);
  if ("held" in answer) {
    throw new LeaseHeldError(
      `${name} is being worked on by another process (${answer.holder}); wait for it to end, or stop it`,
    );
  }
  const loss = new AbortController();
  const renewal = setInterval(() => {
    ledger.renew(answer, HOLD).then(
      (kept) => {
        if (!kept) loss.abort(new LeaseHeldError(`the lease of ${name} has gone to another process; this one stops`));
      },
      // The ledger could not be reached: the lease still stands until it expires, and the next renewal tries again.
      () => {},
    );
  }, HOLD / 3);
  renewal.unref();
  return {
    lease: answer,
    lost: loss.signal,
    async release() {
      clearInterval(renewal);
      await ledger.release(answer);
    },
  };
}
