export type ServerErrorCode =
  | "port_in_use"
  | "cannot_listen"
  | "route_unreadable"
  | "log_unreadable"
  | "folder_unwritable"
  | "folder_in_use"
  | "version_does_not_load";

/** Why the model server cannot start or take a version. `message` says in words what is wrong and what to do. */
export class ServerError extends Error {
  readonly code: ServerErrorCode;

  constructor(code: ServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ServerError";
    this.code = code;
  }
}

/** One line of words for anything that was thrown, without a stack trace, at most 500 characters. */
export function wordsOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > 500 ? `${line.slice(0, 499)}\u2026` : line || "no message";
}
