/** A signal asked the command to stop. */
export class Interrupted extends Error {
  override name = "Interrupted";
  readonly signal: "SIGINT" | "SIGTERM";

  constructor(signal: "SIGINT" | "SIGTERM") {
    super(`interrupted by ${signal}`);
    this.signal = signal;
  }
}

/** Runs work that stops in an orderly way on the first Ctrl-C or SIGTERM: its signal is aborted with Interrupted. A second one ends the process at once. */
export async function interruptible<Result>(
  say: (line: string) => void,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const stop = new AbortController();
  const onSignal = (signal: "SIGINT" | "SIGTERM") => {
    if (stop.signal.aborted) process.exit(signal === "SIGINT" ? 130 : 143);
    say(`${signal}: stopping; the run goes on from here when it is started again (once more to stop at once)`);
    stop.abort(new Interrupted(signal));
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  try {
    return await work(stop.signal);
  } finally {
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  }
}
