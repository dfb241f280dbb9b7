/** Milliseconds since 1970-01-01T00:00Z on the policy's clock: real, or one that jumps from due instant to due instant in a rehearsal. */
export type Instant = number;

/** The clock of decisions. Leases, time limits and measured latency never use it: they use real time. */
export interface Clock {
  now(): Instant;
  /** Resolves when the clock has reached `due`, at once where it has passed. Rejects with the signal's reason when aborted. */
  sleepUntil(due: Instant, signal?: AbortSignal): Promise<void>;
}
