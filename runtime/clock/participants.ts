import type { Instant } from "./clock.ts";

/** Longest that a participant may take to play one stretch, real milliseconds. */
const PATIENCE = 10 * 60_000;

/** A participant of a rehearsal that cannot be reached or refuses. */
export class ParticipantError extends Error {
  override name = "ParticipantError";
}

/** Tells each participant in turn that the clock is about to move and waits for its answer. Rejects with ParticipantError. */
export async function tellParticipants(addresses: readonly string[], from: Instant, to: Instant): Promise<void> {
  const body = JSON.stringify({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });
  for (const address of addresses) {
    let problem: string | undefined;
    try {
      const answer = await fetch(address, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
        redirect: "error",
        signal: AbortSignal.timeout(PATIENCE),
      });
      const text = await answer.text();
      if (!answer.ok) problem = `answered ${answer.status}: ${text.slice(0, 200)}`;
    } catch (error) {
      problem =
        error instanceof Error && error.name === "TimeoutError" ? "did not answer in 10 minutes" : "does not answer";
    }
    if (problem !== undefined) {
      throw new ParticipantError(
        `the clock's participant ${address} ${problem}; start it, or remove it from \`clock.participants\` in the configuration`,
      );
    }
  }
}
