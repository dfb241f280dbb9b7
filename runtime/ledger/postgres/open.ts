import { LedgerError } from "../error.ts";
import type { Ledger, LedgerReader } from "../ledger.ts";
import { addressOf } from "./address.ts";
import { Connection, type Statements } from "./connection.ts";
import { PostgresLedger, type PostgresOptions } from "./ledger.ts";
import { PostgresReader } from "./reader.ts";
import { makingLock, schemaVersion, tables } from "./tables.ts";

/** How long a server that cannot be reached is tried again, milliseconds. */
const PATIENCE = 15_000;

/** Opens the ledger on a server, and makes its tables where there are none. Rejects with LedgerError. */
export async function openPostgresLedger(secret: string, root: string, options: PostgresOptions = {}): Promise<Ledger> {
  const connection = new Connection(addressOf(secret, root), options.patience ?? PATIENCE);
  try {
    if (!(await isLedger(connection, connection.shown))) {
      await connection.transaction(async (statements) => {
        await statements.rows(`SELECT pg_advisory_xact_lock(${makingLock})`);
        if (!(await isLedger(statements, connection.shown))) await statements.rows(tables);
      });
    }
    return new PostgresLedger(connection, options);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Opens a ledger that exists, for viewers: nothing is made. Rejects with LedgerError. */
export async function openPostgresForReading(secret: string, root: string): Promise<LedgerReader> {
  const connection = new Connection(addressOf(secret, root), PATIENCE);
  try {
    if (!(await isLedger(connection, connection.shown))) {
      throw new LedgerError("empty", `there is no ledger at ${connection.shown} yet; start a run first`);
    }
    return new PostgresReader(connection);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** True for a ledger that this release can use, false where there are no tables. Rejects with LedgerError for one of another release. */
async function isLedger(statements: Statements, shown: string): Promise<boolean> {
  // Asked of the catalog's rows: a name that the server looked up before somebody made it stays unknown to its cache for the rest of a transaction.
  const [there] = await statements.rows(
    "SELECT 1 FROM pg_catalog.pg_class t JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = 'retrain' AND t.relname = 'meta'",
  );
  if (there === undefined) return false;
  const [row] = await statements.rows("SELECT value FROM retrain.meta WHERE key = 'schema'");
  const version = Number(row?.["value"]);
  if (version > schemaVersion) {
    throw new LedgerError(
      "version",
      `the ledger ${shown} was written by a newer release (its schema is ${version}, this release knows ${schemaVersion}); update retrain`,
    );
  }
  if (version !== schemaVersion) {
    throw new LedgerError("corrupt", `the ledger ${shown} does not say its schema; put back the newest backup`);
  }
  return true;
}
