import { LedgerError } from "../error.ts";

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** Classes and codes of https://www.postgresql.org/docs/current/errcodes-appendix.html after which trying again can help: connection lost, server stopping or starting, too many connections, a conflict between transactions. */
const PASSING = /^(08...|57P0[123]|53300|40001|40P01|55P03)$/;
/** Codes of the operating system for a server that cannot be reached now. */
const NETWORK = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "EAI_AGAIN", "EHOSTUNREACH"]);

/** True where the server could not be reached or asks to come again. */
export function isPassing(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined) return PASSING.test(code) || NETWORK.has(code);
  // The client's own words for a connection that went away or was not made in time have no code.
  return (
    error instanceof Error &&
    /connection (terminated|timeout)|timeout exceeded when trying to connect/i.test(error.message)
  );
}

/** Words for what the server or the network said; undefined for our own bugs. */
export function postgresError(error: unknown, shown: string): LedgerError | undefined {
  if (error instanceof LedgerError) return error;
  const code = codeOf(error);
  const text = error instanceof Error ? error.message : String(error);
  if (isPassing(error)) {
    return new LedgerError(
      "unavailable",
      `the ledger ${shown} cannot be reached: ${text}; look whether the server runs and may be reached from here`,
      error,
    );
  }
  if (code === undefined) return undefined;
  if (code === "ENOTFOUND")
    return new LedgerError(
      "unavailable",
      `the ledger ${shown} cannot be reached: no host of this name; correct the address`,
      error,
    );
  if (code.startsWith("28"))
    return new LedgerError(
      "unavailable",
      `the ledger ${shown} refuses to let us in: ${text}; correct user or password in the secret`,
      error,
    );
  if (code === "3D000")
    return new LedgerError(
      "unavailable",
      `the ledger ${shown} has no such database: ${text}; create it or correct the address`,
      error,
    );
  if (code === "42501")
    return new LedgerError(
      "unavailable",
      `the ledger ${shown} may not be used by this user: ${text}; grant it the rights on schema retrain`,
      error,
    );
  if (code === "25006")
    return new LedgerError(
      "unavailable",
      `the ledger ${shown} can only be read: ${text}; give the address of the primary server`,
      error,
    );
  if (code === "53100")
    return new LedgerError(
      "full",
      `the ledger ${shown} cannot grow: no space is left on the server; free some and run this again`,
      error,
    );
  if (/^(XX00[12]|42P01|42703|3F000)$/.test(code)) {
    return new LedgerError(
      "corrupt",
      `the ledger ${shown} is damaged or no ledger: ${text}; put back the newest backup`,
      error,
    );
  }
  if (/^[0-9A-Z]{5}$/.test(code))
    return new LedgerError("unavailable", `the ledger ${shown} answers with an error: ${text}`, error);
  return undefined;
}
