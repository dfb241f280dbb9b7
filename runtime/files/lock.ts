import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { FileError, fileError } from "./error.ts";

const busy = 5;

/** SQLite's primary result code of an error, 0 to 255; undefined where it is no SQLite error. */
function primaryCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error)) return undefined;
  return typeof error.errcode === "number" ? error.errcode & 0xff : undefined;
}

function tryLock(path: string): DatabaseSync | undefined {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec("BEGIN EXCLUSIVE");
    return database;
  } catch (error) {
    database.close();
    if (primaryCode(error) === busy) return undefined;
    throw error;
  }
}

/**
 * Runs `work` while no other process and no other task of this one holds the lock at `path` (a file that stays empty).
 * The lock is an exclusive transaction of SQLite that never writes: the operating system drops it when its holder dies,
 * so that there is no stale lock to recognise. Works on local disks only. Not re-entrant.
 * Rejects with FileError when the lock is not free within `wait` milliseconds, and with whatever `work` rejects with.
 */
export async function withLock<T>(path: string, work: () => Promise<T>, wait = 30_000): Promise<T> {
  const until = performance.now() + wait;
  let database: DatabaseSync | undefined;
  for (let pause = 2; database === undefined; pause = Math.min(pause * 2, 100)) {
    try {
      database = tryLock(path);
    } catch (error) {
      throw fileError(error, path, "lock");
    }
    if (database === undefined) {
      if (performance.now() >= until) {
        throw new FileError(
          "unavailable",
          path,
          `cannot lock ${path}: another process has held it for ${Math.round(wait / 1000)} s; look which one has the file open, end it and run this again`,
        );
      }
      await sleep(pause * (0.5 + Math.random()));
    }
  }
  try {
    return await work();
  } finally {
    database.close();
  }
}
