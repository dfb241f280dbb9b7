import { FileError } from "../files/error.ts";

/**
 * `empty`: the model's folder holds no file. `unsafe`: it holds a symbolic link or something that is no file.
 * `unknown_version`: no such version. `corrupt`: a file of the registry is not what it wrote. `full`: no space is left.
 * `unavailable`: anything else the operating system refused.
 */
export type RegistryErrorCode = "empty" | "unsafe" | "unknown_version" | "corrupt" | "full" | "unavailable";

/** The registry could not do what was asked; nothing was changed. The message says where and what to do. */
export class RegistryError extends Error {
  override readonly name = "RegistryError";
  readonly code: RegistryErrorCode;

  constructor(code: RegistryErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

export function registryError(error: unknown, folder: string): unknown {
  if (error instanceof FileError) return new RegistryError(error.code, `registry ${folder}: ${error.message}`, error);
  return error;
}
