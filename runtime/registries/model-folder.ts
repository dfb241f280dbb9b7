import { createHash, hash } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileError, systemCode } from "../files/error.ts";
import { syncFolder } from "../files/whole.ts";
import { RegistryError } from "./error.ts";

const chunk = 1 << 20;

/** Files of a model's folder, as paths from it with `/`, in the order of their UTF-16 code units. Rejects with RegistryError `empty`, `unsafe` or `unavailable`. */
async function filesOf(folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  const waiting = [""];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const path = join(folder, at);
    const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
      throw fileError(error, path, "read the model's folder");
    });
    for (const entry of entries) {
      const name = at === "" ? entry.name : `${at}/${entry.name}`;
      if (entry.isDirectory()) waiting.push(name);
      else if (entry.isFile()) files.push(name);
      else throw unsafe(join(folder, name), entry.isSymbolicLink());
    }
  }
  if (files.length === 0) {
    throw new RegistryError(
      "empty",
      `the model's folder ${folder} holds no file; let the train step write its model there`,
    );
  }
  return files.sort((left, right) => (left < right ? -1 : 1));
}

function unsafe(path: string, isLink: boolean): RegistryError {
  return new RegistryError(
    "unsafe",
    `${path} is ${isLink ? "a symbolic link" : "neither a file nor a folder"}; a version holds plain files only, so that it stays what was judged: copy the content there`,
  );
}

/** Hashes one file's bytes and, where `to` is given, writes them there durably. */
async function readFileOf(
  from: string,
  to: string | undefined,
): Promise<{ readonly digest: string; readonly size: number }> {
  const source = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: unknown) => {
      // What was a file when it was listed may be a link by now.
      throw systemCode(error) === "ELOOP" ? unsafe(from, true) : fileError(error, from, "read");
    },
  );
  try {
    const target = to === undefined ? undefined : await open(to, "wx");
    try {
      const hashing = createHash("sha256");
      const buffer = Buffer.allocUnsafe(chunk);
      let size = 0;
      for (;;) {
        const { bytesRead } = await source.read(buffer, 0, chunk);
        if (bytesRead === 0) break;
        const bytes = buffer.subarray(0, bytesRead);
        hashing.update(bytes);
        await target?.writeFile(bytes);
        size += bytesRead;
      }
      await target?.sync();
      return { digest: hashing.digest("hex"), size };
    } finally {
      await target?.close();
    }
  } finally {
    await source.close();
  }
}

/**
 * SHA-256 (hex) over the names and bytes of a model's files: of the lines `SHA-256-of-bytes SIZE "NAME"` in the order of
 * their names. Empty folders, times and permissions do not count. With `to`, a folder that must not exist, the bytes that
 * were hashed are also written there, synced. Rejects with RegistryError or FileError.
 */
export async function digestOf(folder: string, to?: string): Promise<string> {
  const lines: string[] = [];
  const made = new Set<string>();
  const files = await filesOf(folder);
  for (const name of files) {
    const target = to === undefined ? undefined : join(to, name);
    try {
      if (to !== undefined) await makeFolders(to, name, made);
      const { digest, size } = await readFileOf(join(folder, name), target);
      lines.push(`${digest} ${size} ${JSON.stringify(name)}\n`);
    } catch (error) {
      throw error instanceof RegistryError ? error : fileError(error, target ?? join(folder, name), "copy");
    }
  }
  for (const path of made) await syncFolder(path);
  return hash("sha256", lines.join(""), "hex");
}

async function makeFolders(root: string, name: string, made: Set<string>): Promise<void> {
  const parts = name.split("/").slice(0, -1);
  for (let depth = 0; depth <= parts.length; depth += 1) {
    const path = join(root, ...parts.slice(0, depth));
    if (made.has(path)) continue;
    await mkdir(path);
    made.add(path);
  }
}
