/** `full`: no space or quota is left. `unavailable`: anything else the operating system refused. */
export type FileErrorCode = "full" | "unavailable";

/** A file could not be written or locked. The message says which and what to do; nothing half-written is left. */
export class FileError extends Error {
  override readonly name = "FileError";
  readonly code: FileErrorCode;
  readonly path: string;

  constructor(code: FileErrorCode, path: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.path = path;
  }
}

const noSpace = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** The operating system's name for what went wrong in a call to it, `ENOENT` for example; undefined for any other error. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("syscall" in error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** Turns what the operating system said about `path` into words; `doing` continues the sentence "cannot ...". */
export function fileError(error: unknown, path: string, doing: string): FileError {
  if (error instanceof FileError) return error;
  const code = systemCode(error);
  if (code !== undefined && noSpace.has(code)) {
    return new FileError(
      "full",
      path,
      `cannot ${doing} ${path}: no space is left (${code}); free some and run it again`,
      error,
    );
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new FileError("unavailable", path, `cannot ${doing} ${path}: ${reason}`, error);
}
