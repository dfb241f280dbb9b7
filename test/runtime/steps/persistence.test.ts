import { expect, it } from "vitest";
import { LeaseHeldError } from "../../../runtime/engine/held-lease.ts";
import { LedgerError } from "../../../runtime/ledger/error.ts";
import { exitOf } from "../../../runtime/steps/error.ts";
import { persistently } from "../../../runtime/steps/persistence.ts";

const quiet = { say: () => {}, signal: new AbortController().signal, patience: 200, between: 20 };

/** Fails with each error in turn, then gives how often it was tried. */
function failing(...errors: readonly Error[]): () => Promise<number> {
  let tries = 0;
  return async () => {
    const error = errors[tries++];
    if (error !== undefined) throw error;
    return tries;
  };
}

it("waits for a ledger that is away and for a lease that was lost, and no longer than its patience", async () => {
  const away = new LedgerError("unavailable", "the ledger is away");
  expect(await persistently(quiet, failing(away, new LedgerError("full", "no space"), away))).toBe(4);
  expect(await persistently(quiet, failing(new LedgerError("fenced", "lost"), new LeaseHeldError("held")))).toBe(3);
  const began = performance.now();
  const ended = await persistently(quiet, () => Promise.reject(away)).catch((error: unknown) => error);
  expect(ended).toBe(away);
  expect(exitOf(ended)).toBe(75);
  expect(performance.now() - began).toBeGreaterThan(190);
});

it("does not repeat what no waiting mends", async () => {
  const damaged = new LedgerError("corrupt", "the ledger is damaged");
  await expect(persistently(quiet, failing(damaged))).rejects.toBe(damaged);
  expect(exitOf(damaged)).toBe(3);
  const mistake = new TypeError("ours");
  await expect(persistently(quiet, failing(mistake))).rejects.toBe(mistake);
  expect(exitOf(mistake)).toBeUndefined();
});
