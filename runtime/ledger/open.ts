import { mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import type { Bindings } from "../../compiler/plan/bindings.ts";
import { FileError } from "../files/error.ts";
import { syncFolder } from "../files/whole.ts";
import { isBusy, LedgerError, ledgerError } from "./error.ts";
import type { Ledger, LedgerReader } from "./ledger.ts";
import { SqliteReader } from "./reader.ts";
import { isLedger, prepareSchema } from "./schema.ts";
import { SqliteLedger, type SqliteOptions } from "./sqlite.ts";

/** How long SQLite itself waits for another writer, which blocks this process, milliseconds. */
const busyTimeout = 100;

/** Opens the ledger that an environment names, `root` being what its path is relative to; creates folders and file. Rejects with LedgerError. */
export async function openLedger(
  binding: Bindings["ledger"],
  root: string,
  options: SqliteOptions = {},
): Promise<Ledger> {
  if (binding.kind === "postgres") {
    const { openPostgresLedger } = await import("./postgres/open.ts");
    return openPostgresLedger(binding.secret, root, options);
  }
  const path = resolve(root, binding.path);
  const until = performance.now() + (options.patience ?? 15_000);
  for (let pause = 5; ; pause = Math.min(pause * 2, 200)) {
    let database: DatabaseSync | undefined;
    try {
      mkdirSync(dirname(path), { recursive: true });
      const isNew = statSync(path, { throwIfNoEntry: false }) === undefined;
      database = new DatabaseSync(path, { timeout: busyTimeout });
      prepareSchema(database, path);
      if (isNew) await syncFolder(dirname(path));
      return new SqliteLedger(database, path, options);
    } catch (error) {
      if (database?.isOpen === true) database.close();
      if (!isBusy(error) || performance.now() >= until) throw inWords(error, path);
    }
    await sleep(pause * (0.5 + Math.random()));
  }
}

/** Opens a ledger that exists, for viewers: nothing is created and no record can be written. Rejects with LedgerError. */
export async function openLedgerForReading(binding: Bindings["ledger"], root: string): Promise<LedgerReader> {
  if (binding.kind === "postgres") {
    const { openPostgresForReading } = await import("./postgres/open.ts");
    return openPostgresForReading(binding.secret, root);
  }
  const path = resolve(root, binding.path);
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    throw new LedgerError("unavailable", `there is no ledger at ${path} yet; start a run first, or correct the path`);
  }
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
    if (!isLedger(database, path)) {
      throw new LedgerError("empty", `the ledger ${path} is still empty; start a run first`);
    }
    return new SqliteReader(database, path);
  } catch (error) {
    if (database?.isOpen === true) database.close();
    throw inWords(error, path);
  }
}

function inWords(error: unknown, path: string): unknown {
  if (error instanceof FileError) {
    return new LedgerError(error.code, `cannot create the ledger ${path}: ${error.message}`, error);
  }
  return ledgerError(error, path) ?? error;
}
