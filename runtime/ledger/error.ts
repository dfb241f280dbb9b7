/**
 * `unavailable`: cannot be opened, read or written now. `full`: no space is left. `corrupt`: damaged, or no ledger at all.
 * `empty`: it answers, and nobody has made a ledger there yet. `fenced`: the lease has gone to someone else. `version`: written by a newer release.
 */
export type LedgerErrorCode = "unavailable" | "empty" | "full" | "corrupt" | "fenced" | "version";

/** The ledger could not do what was asked. The message names the file and says what to do. */
export class LedgerError extends Error {
  override readonly name = "LedgerError";
  readonly code: LedgerErrorCode;

  constructor(code: LedgerErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** Primary result codes of SQLite: https://sqlite.org/rescode.html */
const result = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  inputOutput: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notDatabase: 26,
};
/** SQLITE_IOERR_SHMSIZE: the shared-memory file could not grow, which happens on a full disk. */
const sharedMemorySize = 4874;

function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error)) return undefined;
  return typeof error.errcode === "number" ? error.errcode : undefined;
}

/** True when another connection holds the database and trying again later can help. */
export function isBusy(error: unknown): boolean {
  const code = (resultCode(error) ?? 0) & 0xff;
  return code === result.busy || code === result.locked;
}

/** Words for what SQLite or the operating system said about the ledger at `path`; undefined for our own bugs. */
export function ledgerError(error: unknown, path: string): LedgerError | undefined {
  if (error instanceof LedgerError) return error;
  const code = resultCode(error);
  const text = error instanceof Error ? error.message : String(error);
  if (code === undefined) {
    if (!(error instanceof Error) || !("syscall" in error)) return undefined;
    const full = "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
    return full
      ? noSpace(path, error)
      : new LedgerError("unavailable", `cannot use the ledger ${path}: ${text}`, error);
  }
  if (code === sharedMemorySize) return noSpace(path, error);
  switch (code & 0xff) {
    case result.full:
      return noSpace(path, error);
    case result.notDatabase:
      return new LedgerError("corrupt", `${path} is not a ledger: ${text}; move it away or correct the path`, error);
    case result.corrupt:
      return new LedgerError(
        "corrupt",
        `the ledger ${path} is damaged: ${text}; keep a copy of it and put back the newest backup`,
        error,
      );
    case result.busy:
    case result.locked:
      return new LedgerError(
        "unavailable",
        `the ledger ${path} stayed locked by another process; look which one has it open, end it and run this again`,
        error,
      );
    case result.readOnly:
      return new LedgerError(
        "unavailable",
        `the ledger ${path} cannot be written: ${text}; check its permissions`,
        error,
      );
    case result.cannotOpen:
    case result.inputOutput:
      return new LedgerError(
        "unavailable",
        `cannot use the ledger ${path}: ${text}; check that the file and its folder exist and may be written`,
        error,
      );
    default:
      return undefined;
  }
}

function noSpace(path: string, cause: unknown): LedgerError {
  return new LedgerError(
    "full",
    `the ledger ${path} cannot grow: no space is left; free some and run this again`,
    cause,
  );
}
