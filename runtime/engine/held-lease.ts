import type { Lease, LeaseHeld, Ledger } from "../ledger/ledger.ts";

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
  /** Stops renewing; the lease stands for so many real milliseconds more, for whoever goes on under the same name. */
  leave(milliseconds: number): Promise<void>;
  /** Stops renewing, and leaves the lease as it stands. */
  drop(): void;
}

/** Takes the right to act for a policy and keeps it alive. Rejects with LeaseHeldError when another living process has it. */
export async function holdLease(ledger: Ledger, name: string, holder: string): Promise<HeldLease> {
  const answer = await tryLease(ledger, name, holder);
  if (!("held" in answer)) return answer;
  throw new LeaseHeldError(
    `${name} is being worked on by another process (${answer.holder}); wait for it to end, or stop it`,
  );
}

/** The same, for callers that have something else to do when another has it. */
export async function tryLease(ledger: Ledger, name: string, holder: string): Promise<HeldLease | LeaseHeld> {
  const answer = await ledger.acquire(name, holder, HOLD);
  if ("held" in answer) return answer;
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
  const drop = () => clearInterval(renewal);
  return {
    lease: answer,
    lost: loss.signal,
    drop,
    async release() {
      drop();
      await ledger.release(answer);
    },
    async leave(milliseconds) {
      drop();
      await ledger.renew(answer, milliseconds);
    },
  };
}
