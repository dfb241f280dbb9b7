/** Starts runs on an engine. Starting a run again does nothing. */
export interface Starter {
  /** Rejects with StarterError. */
  start(run: string, signal: AbortSignal): Promise<void>;
}

/** `again`: the engine does not answer, or not now. `refused`: it answers that it will not. */
export type StarterErrorCode = "again" | "refused";

/** A run could not be started. The ledger has its start already: a later tick tries again. */
export class StarterError extends Error {
  override readonly name = "StarterError";
  readonly code: StarterErrorCode;

  constructor(code: StarterErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
