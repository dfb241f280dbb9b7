import { pause } from "../clock/real.ts";
import type { Engine } from "../engine/engine.ts";
import { type HeldLease, LeaseHeldError, tryLease } from "../engine/held-lease.ts";

/** Real milliseconds between two attempts at a lease, and for how long one is waited for: a tick has it for seconds, a holder that died for a minute. */
const BETWEEN = 1_000;
const PATIENCE = 15 * 60_000;

/** Real milliseconds for which a run's lease stands between two of its steps, beside the time that an author's step takes: an engine needs a while to start a pod. */
export const BETWEEN_STEPS = 10 * 60_000;

/** Another run is under way. */
export class OtherRunError extends LeaseHeldError {}

/** Takes the lease of the engine's chain, waiting for whoever has it. Rejects with LeaseHeldError when it is not to be had, and with OtherRunError at once when another run has it and `alone` says that this is the end. */
export async function takeLease(
  { ledger, chain, holder, say }: Pick<Engine, "ledger" | "chain" | "holder" | "say">,
  signal: AbortSignal,
  alone = false,
): Promise<HeldLease> {
  const until = performance.now() + PATIENCE;
  for (let said = ""; ; ) {
    signal.throwIfAborted();
    const answer = await tryLease(ledger, chain, holder);
    if (!("held" in answer)) return answer;
    const sentence = `${chain} is being worked on by ${answer.holder}`;
    if (alone && answer.holder.startsWith("run/")) throw new OtherRunError(sentence);
    if (performance.now() >= until) throw new LeaseHeldError(sentence);
    if (sentence !== said) say(`${sentence}; waiting for it`);
    said = sentence;
    await pause(BETWEEN, signal);
  }
}
