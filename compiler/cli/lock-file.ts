import { createHash } from "node:crypto";
import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { OutputFile } from "../../targets/target.ts";
import { Failure } from "../driver/failure.ts";

/** The file beside generated files that says what was generated, from which policy, and what it was. */
export const LOCK_FILE = "retrain.lock.json";

/** A generated file and what it comes from. */
export interface GeneratedFile extends OutputFile {
  readonly policy: string;
  /** Digest of the policy's meaning. */
  readonly digest: string;
  readonly target: string;
}

const Entry = z.strictObject({
  /** From the output folder, with `/`. */
  path: z.string(),
  /** Of its bytes, hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  policy: z.string(),
  digest: z.string(),
  target: z.string(),
});
export type LockEntry = z.infer<typeof Entry>;

const Lock = z.strictObject({ schema: z.literal("retrain.lock/1"), files: z.array(Entry) });

const sha256 = (text: string | Buffer): string => createHash("sha256").update(text).digest("hex");

/** Entries of the output folder's lock, by path; none where there is no lock. Throws Failure (`environment`) for one that cannot be read. */
export function readLock(out: string): ReadonlyMap<string, LockEntry> {
  const path = join(out, LOCK_FILE);
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) return new Map();
  try {
    const { files } = Lock.parse(JSON.parse(readFileSync(path, "utf8")));
    return new Map(files.map((file) => [file.path, file]));
  } catch {
    const help = "Remove it, and compile again: it is written anew.";
    throw new Failure("environment", "file/lock", `${path} is no lock file of this release`, help);
  }
}

/** The lock of files: those generated now, and those that an earlier compilation left and this one says nothing of. Sorted by path. */
export function lockFile(generated: readonly GeneratedFile[], kept: readonly LockEntry[]): OutputFile {
  const entries = new Map(kept.map((entry) => [entry.path, entry]));
  for (const { path, text, policy, digest, target } of generated)
    entries.set(path, { path, sha256: sha256(text), policy, digest, target });
  const files = [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  return { path: LOCK_FILE, text: `${JSON.stringify({ schema: "retrain.lock/1", files }, null, 2)}\n` };
}

/** Whether somebody changed a generated file since it was written: it differs from what the lock says of it. */
export function isEdited(out: string, entry: LockEntry | undefined): boolean {
  if (entry === undefined) return false;
  const path = join(out, entry.path);
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true && sha256(readFileSync(path)) !== entry.sha256;
}
