import { closeSync, existsSync, globSync, openSync, readSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { Failure } from "./failure.ts";

/** Names under which a configuration is found, nearest folder upwards first. */
const CONFIG_NAMES = ["retrain.config.yaml", "retrain.config.json"];

/** Largest policy or configuration that is read, bytes. */
const LARGEST_FILE = 4 * 1024 * 1024;

/** Bytes that are read at once; most files are smaller. */
const CHUNK = 64 * 1024;

/** The nearest configuration at or above a folder. */
export function findConfig(folder: string): string | undefined {
  for (let here = resolve(folder); ; here = dirname(here)) {
    for (const name of CONFIG_NAMES) {
      const path = join(here, name);
      if (existsSync(path)) return path;
    }
    if (dirname(here) === here) return undefined;
  }
}

/** What a path leads to; undefined where it leads nowhere: no such name, a circle of links, a folder that may not be entered. */
export function kindOf(path: string): "file" | "folder" | undefined {
  try {
    return statSync(path).isDirectory() ? "folder" : "file";
  } catch {
    return undefined;
  }
}

/** Reads a text file, or says in words why not; `shown` is its name in messages. Throws Failure (`environment`). */
export function readText(path: string, shown = path): string {
  let bytes: Buffer;
  try {
    if (statSync(path).isDirectory()) {
      throw new Failure("environment", "file/is-a-folder", `${shown} is a folder, not a file`, "Name a file in it.");
    }
    bytes = readBytes(path);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw unreadable(shown, error as NodeJS.ErrnoException);
  }
  if (bytes.length > LARGEST_FILE) {
    throw new Failure(
      "environment",
      "file/too-large",
      `${shown} has more than ${LARGEST_FILE} bytes; no more are read`,
      "Split it into several files.",
    );
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const place = firstInvalidByte(bytes);
    throw new Failure(
      "environment",
      "file/not-utf-8",
      `${shown} is not UTF-8: the byte at offset ${place} begins no character`,
      "Save the file as UTF-8.",
    );
  }
}

/** The bytes of a file, at most one more than are read: a device may never end. */
function readBytes(path: string): Buffer {
  const handle = openSync(path, "r");
  try {
    const parts: Buffer[] = [];
    for (let left = LARGEST_FILE + 1; left > 0; ) {
      const part = Buffer.allocUnsafe(Math.min(left, CHUNK));
      const length = readSync(handle, part);
      if (length === 0) break;
      parts.push(part.subarray(0, length));
      left -= length;
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  } finally {
    closeSync(handle);
  }
}

function firstInvalidByte(bytes: Buffer): number {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const valid = isValidPrefix(bytes.subarray(0, middle + 1));
    if (valid) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isValidPrefix(bytes: Buffer): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function unreadable(path: string, error: NodeJS.ErrnoException): Failure {
  if (error.code === "ENOENT") {
    return new Failure(
      "environment",
      "file/not-found",
      `${path} does not exist`,
      "Check the path, or create the file.",
    );
  }
  if (error.code === "EACCES") {
    return new Failure(
      "environment",
      "file/not-readable",
      `${path} may not be read`,
      "Check the permissions of the file.",
    );
  }
  return new Failure("environment", "file/not-readable", `${path} cannot be read: ${error.code ?? error.message}`);
}

/** Whether a folder of this name is never looked into. */
export function isPassedOver(name: string): boolean {
  return name === "node_modules" || name === ".git" || name === ".retrain";
}

/** Policy files below a root that the globs name, as paths from the root with `/`, sorted. Folders of dependencies and of our own work are passed over. */
export function findPolicies(root: string, globs: readonly string[]): string[] {
  const found = globSync([...globs], {
    cwd: root,
    exclude: (entry) => isPassedOver(entry.split(/[\\/]/).at(-1) ?? ""),
  });
  return [...new Set(found.map((path) => path.split(sep).join("/")))]
    .filter((path) => path.endsWith(".retrain"))
    .sort();
}

/** Policy files that paths on a command line mean: files as they are, folders with everything below. Relative to the root where inside of it. */
export function namedPolicies(root: string, folder: string, paths: readonly string[]): string[] {
  const files = paths.flatMap((path) => {
    const full = resolve(folder, path);
    const kind = kindOf(full);
    if (kind === undefined) {
      throw new Failure(
        "environment",
        "file/not-found",
        `${path} does not exist`,
        "Check the path, and where links lead.",
      );
    }
    if (kind === "file") return [full];
    return findPolicies(full, ["**/*.retrain"]).map((inside) => join(full, inside));
  });
  const names = files.map((full) => {
    const inside = relative(root, full);
    return inside.startsWith("..") ? full : inside.split(sep).join("/");
  });
  return [...new Set(names)];
}

/** Whether a word on a command line means a file, not a policy's name. */
export function namesFile(word: string): boolean {
  return word.endsWith(".retrain") || word.includes("/");
}
