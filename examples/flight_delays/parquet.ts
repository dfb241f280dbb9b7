import { randomUUID } from "node:crypto";
import { open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { Failure } from "./failure.ts";

/** Opens an in-memory DuckDB for the time of `use`. `memory` is DuckDB's own limit; Node's heap comes on top of it. */
export async function withDuckDb<T>(memory: string, use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "2", memory_limit: memory });
  const connection = await instance.connect();
  try {
    return await use(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** A text as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A path, or a `file:` address, as a path. */
export function pathOf(uri: string): string {
  return uri.startsWith("file:") ? fileURLToPath(uri) : uri;
}

/** The SQL table function that reads every Parquet file directly inside a folder, in the order of their names. */
export async function readFolder(uri: string): Promise<string> {
  const folder = pathOf(uri);
  const names = await readdir(folder).catch(() => {
    throw new Failure(`the data folder ${folder} cannot be read. Pass --data a folder of Parquet files.`);
  });
  const files = names.filter((name) => name.endsWith(".parquet")).sort();
  if (files.length === 0) {
    throw new Failure(`no file in ${folder} ends in .parquet. Pass --data a folder of Parquet files.`);
  }
  return `read_parquet([${files.map((name) => literal(join(folder, name))).join(", ")}])`;
}

/** Lets `write` fill a temporary file beside `path`, then puts it in place in one step. Readers see the old file or the new one. */
export async function writeWhole(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await write(temporary);
    const file = await open(temporary, "r+");
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** DuckDB's message without its program-facing tail, as a failure that names the file or folder. */
export function unreadable(what: string, error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  return new Failure(`${what} cannot be read: ${message.split("\n", 1)[0] ?? message}`);
}
