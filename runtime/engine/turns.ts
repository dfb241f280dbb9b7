/** Lets tasks of one process do what must not overlap, one after the other in the order in which they ask. */
export class Turns {
  #last: Promise<void> = Promise.resolve();

  /** Waits for its turn, does the work and passes the turn on. Rejects with the signal's reason where that comes first; then the work is not begun. */
  async take<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    const before = this.#last;
    const { promise: over, resolve: passOn } = Promise.withResolvers<void>();
    this.#last = before.then(() => over);
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      signal.throwIfAborted();
      await Promise.race([before, aborted]);
      return await work();
    } finally {
      signal.removeEventListener("abort", onAbort);
      passOn();
    }
  }
}
