import { type FileHandle, open } from "node:fs/promises";
import { isAbsolute, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { systemCode } from "../../files/error.ts";
import { NoAnswer } from "./answer.ts";
import type { Session } from "./engine.ts";

export type Format = "parquet" | "csv" | "jsonl";

/** A file that exists, can be opened and looks like its format. */
export interface InputFile {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
  /** Modification time, milliseconds. */
  readonly modified: number;
}

/** Format by the ending of a name, or undefined. */
export function formatOf(name: string): Format | undefined {
  if (/\.parquet$/i.test(name)) return "parquet";
  if (/\.(csv|tsv)$/i.test(name)) return "csv";
  if (/\.(jsonl|ndjson|json)$/i.test(name)) return "jsonl";
  return undefined;
}

/**
 * Absolute path (or pattern) of an address. A relative one is below `root`; one that climbs out of it is rejected.
 * An absolute path or `file:` address is taken as written.
 */
export function resolveAddress(root: string, uri: string): string {
  if (uri === "" || uri.includes("\0"))
    throw new NoAnswer("source_rejected", "the address of the data is empty or not text");
  if (uri.startsWith("file://")) {
    try {
      return fileURLToPath(uri);
    } catch {
      throw new NoAnswer("source_rejected", `${uri} is not a file address of this machine`);
    }
  }
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(uri)?.[1];
  if (scheme !== undefined) {
    throw new NoAnswer("source_rejected", `${uri}: ${scheme} addresses are not read by this runtime, only files are`);
  }
  if (isAbsolute(uri)) return uri;
  const path = resolve(root, uri);
  const inside = relative(root, path);
  if (inside === ".." || inside.startsWith("../") || isAbsolute(inside)) {
    throw new NoAnswer(
      "source_rejected",
      `${uri} leads out of the project's folder; write an absolute path if that is meant`,
    );
  }
  return path;
}

/** Files of a path or of a pattern with `*`, `?`, `[...]` or `**`, in the order of their names, each opened once. Throws NoAnswer. */
export async function listFiles(
  session: Session,
  address: string,
  shown: string,
  format: Format,
): Promise<readonly InputFile[]> {
  if (!/[*?[]/.test(address)) return [await inspect(address, shown, format)];
  const found = await session.rows("SELECT file FROM glob(?) ORDER BY file", [address]);
  if (found.length === 0) throw new NoAnswer("source_unavailable", `no file matches ${shown}`);
  const files: InputFile[] = [];
  for (const row of found) files.push(await inspect(String(row["file"]), String(row["file"]), format));
  return files;
}

/** Opens a file and looks at its ends, so that the usual accidents are told by name and not by the engine. Throws NoAnswer. */
export async function inspect(path: string, shown: string, format: Format): Promise<InputFile> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, "r");
    const stat = await handle.stat();
    if (stat.isDirectory()) {
      throw new NoAnswer(
        "source_rejected",
        `${shown} is a folder; name the files in it, for example ${shown}/*.${format}`,
      );
    }
    if (!stat.isFile()) throw new NoAnswer("source_rejected", `${shown} is not a regular file`);
    if (stat.size === 0) throw new NoAnswer("no_data", `${shown} is empty (0 bytes)`);
    if (format === "parquet") await checkParquetEnds(handle, stat.size, shown);
    return { path, bytes: stat.size, modified: stat.mtimeMs };
  } catch (error) {
    throw fileAnswer(error, shown);
  } finally {
    await handle?.close();
  }
}

function fileAnswer(error: unknown, shown: string): unknown {
  switch (systemCode(error)) {
    case "ENOENT":
    case "ENOTDIR":
      return new NoAnswer("source_unavailable", `file not found: ${shown}`);
    case "EACCES":
    case "EPERM":
      return new NoAnswer("source_unavailable", `${shown}: permission denied; let the user that runs retrain read it`);
    case undefined:
      return error;
    default:
      return new NoAnswer("source_unavailable", `${shown} cannot be opened (${systemCode(error)})`);
  }
}

/** A Parquet file begins and ends with `PAR1`; before the end stands the length of its footer. */
async function checkParquetEnds(handle: FileHandle, size: number, shown: string): Promise<void> {
  const head = Buffer.alloc(4);
  const tail = Buffer.alloc(8);
  await handle.read(head, 0, 4, 0);
  if (size >= 8) await handle.read(tail, 0, 8, size - 8);
  if (head.toString("latin1") !== "PAR1") {
    throw new NoAnswer("source_rejected", `${shown} is not a Parquet file: it does not begin with PAR1`);
  }
  if (size < 12 || tail.toString("latin1", 4) !== "PAR1" || tail.readUInt32LE(0) > size - 12) {
    throw new NoAnswer(
      "source_rejected",
      `${shown} is cut short: a Parquet file ends with its footer and PAR1, this one (${size} bytes) does not`,
    );
  }
}
