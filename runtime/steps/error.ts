/** What a step's exit code means to the engine that runs it. */
export const exit = {
  /** Decided; the word says what. */
  done: 0,
  /** Wrong arguments. */
  usage: 2,
  /** The environment failed, and trying again does not help; or the run is broken. */
  broken: 3,
  /** A mistake of ours. */
  internal: 70,
  /** The environment failed, and trying again may help. */
  again: 75,
  /** Ended by Ctrl-C or SIGTERM. */
  interrupted: 130,
  terminated: 143,
} as const;

/** A step cannot do what it was asked. The message is one sentence for the person who reads the engine's log. */
export class StepError extends Error {
  override readonly name = "StepError";
  readonly exit: number;

  constructor(code: number, message: string) {
    super(message);
    this.exit = code;
  }
}

/** Codes of named errors after which the same call can go well later. */
const PASSING: Readonly<Record<string, readonly string[]>> = {
  LedgerError: ["unavailable", "empty", "full", "fenced"],
  TrafficError: ["unreachable", "not_ready"],
  FileError: ["full"],
  RegistryError: ["full"],
  StarterError: ["again"],
};
const LASTING = new Set(["ClockError", "ParticipantError"]);

/** Exit code of a named error of the environment; undefined for anything else, which is a mistake of ours. Told apart by name, so that nothing is loaded for it. */
export function exitOf(error: unknown): number | undefined {
  if (error instanceof StepError) return error.exit;
  if (!(error instanceof Error)) return undefined;
  if (error.name === "LeaseHeldError") return exit.again;
  if (LASTING.has(error.name)) return exit.broken;
  const passing = PASSING[error.name];
  if (passing === undefined) return undefined;
  return "code" in error && passing.includes(String(error.code)) ? exit.again : exit.broken;
}
