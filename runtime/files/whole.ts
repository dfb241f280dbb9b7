import { randomBytes } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileError, systemCode } from "./error.ts";

/** The steps of a write that can fail; tests put failing ones in. */
export interface FileSystem {
  readonly open: (path: string, flags: string) => Promise<Pick<FileHandle, "writeFile" | "sync" | "close">>;
  readonly rename: (from: string, to: string) => Promise<void>;
  readonly rm: (path: string, options: { readonly force: boolean }) => Promise<void>;
}

const realFileSystem: FileSystem = { open, rename, rm };

/** Not every system can sync a folder; these answers say so, and there is nothing more to do. */
const folderSyncUnsupported = new Set(["EINVAL", "EISDIR", "EPERM", "ENOTSUP"]);

/** Makes the names in a folder durable: a rename is only safe from a power loss once its folder is synced. */
export async function syncFolder(folder: string, fileSystem: Pick<FileSystem, "open"> = realFileSystem): Promise<void> {
  try {
    const handle = await fileSystem.open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!folderSyncUnsupported.has(systemCode(error) ?? "")) throw fileError(error, folder, "sync the folder");
  }
}

/**
 * Writes a file whole or not at all: into a new file in the same folder, synced, renamed over the old one, folder synced.
 * A reader sees the old bytes or the new ones. The folder must exist. A symbolic link at `path` is replaced, not followed.
 * Rejects with FileError; then the old file stands and no temporary file is left (after a kill, one named
 * `.NAME.*.tmp` may be).
 */
export async function writeWhole(
  path: string,
  content: string | Uint8Array,
  fileSystem: FileSystem = realFileSystem,
): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${process.pid}-${randomBytes(6).toString("hex")}.tmp`);
  try {
    const handle = await fileSystem.open(temporary, "wx");
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await fileSystem.rename(temporary, path);
  } catch (error) {
    // The first error is the one to tell; a temporary file that cannot be removed either is left.
    await fileSystem.rm(temporary, { force: true }).catch(() => undefined);
    throw fileError(error, path, "write");
  }
  await syncFolder(folder, fileSystem);
}
