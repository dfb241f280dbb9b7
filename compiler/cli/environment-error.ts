/** Named errors of the environment that the runtime rejects with, and the area of their codes. Told apart by name, so that nothing heavy is imported to print them. */
const AREAS: Readonly<Record<string, string>> = {
  LedgerError: "ledger",
  FileError: "file",
  TrafficError: "traffic",
  ServerError: "server",
  RegistryError: "registry",
  ClockError: "clock",
  ParticipantError: "clock",
  LeaseHeldError: "run",
  RunRefusedError: "run",
};

/** Code and message of an error of the environment; undefined for anything else, which is a mistake of ours. */
export function environmentError(error: unknown): { readonly code: string; readonly message: string } | undefined {
  if (!(error instanceof Error)) return undefined;
  const area = AREAS[error.name];
  if (area === undefined) return undefined;
  const detail = "code" in error && typeof error.code === "string" ? error.code.replaceAll("_", "-") : "unavailable";
  return { code: `${area}/${detail}`, message: error.message };
}
