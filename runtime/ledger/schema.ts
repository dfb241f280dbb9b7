import type { DatabaseSync } from "node:sqlite";
import { LedgerError } from "./error.ts";

/** Marks a SQLite file as a ledger (`PRAGMA application_id`): "rtrn" in ASCII. */
const applicationId = 0x7274726e;
const schemaVersion = 1;

const tables = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
INSERT INTO meta VALUES ('schema', '${schemaVersion}');

CREATE TABLE records (
  chain TEXT NOT NULL,
  sequence INTEGER NOT NULL CHECK (sequence >= 1),
  key TEXT NOT NULL,
  kind TEXT NOT NULL,
  run TEXT,
  at INTEGER NOT NULL,
  body TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL,
  UNIQUE (chain, sequence),
  UNIQUE (chain, key),
  UNIQUE (chain, previous)
) STRICT;
CREATE INDEX records_of_run ON records (chain, run, sequence) WHERE run IS NOT NULL;
CREATE INDEX records_of_kind ON records (chain, kind, sequence);
CREATE TRIGGER records_are_appended BEFORE INSERT ON records
WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM records WHERE chain = NEW.chain)
  OR EXISTS (SELECT 1 FROM records WHERE chain = NEW.chain AND (key = NEW.key OR previous = NEW.previous))
BEGIN SELECT raise(ABORT, 'a record goes to the end of its chain, under a new key'); END;
CREATE TRIGGER records_stay BEFORE UPDATE ON records BEGIN SELECT raise(ABORT, 'a record is never changed'); END;
CREATE TRIGGER records_remain BEFORE DELETE ON records BEGIN SELECT raise(ABORT, 'a record is never removed'); END;

CREATE TABLE leases (
  name TEXT PRIMARY KEY,
  fence INTEGER NOT NULL CHECK (fence >= 1),
  holder TEXT,
  until INTEGER NOT NULL
) STRICT;
CREATE TRIGGER fences_grow BEFORE UPDATE ON leases WHEN NEW.fence < OLD.fence
BEGIN SELECT raise(ABORT, 'a fence never goes back'); END;
CREATE TRIGGER leases_remain BEFORE DELETE ON leases BEGIN SELECT raise(ABORT, 'a lease keeps its fence'); END;

CREATE TABLE plans (digest TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
CREATE TABLE clocks (environment TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT;
CREATE TRIGGER clocks_move_on BEFORE UPDATE ON clocks WHEN NEW.position < OLD.position
BEGIN SELECT raise(ABORT, 'a clock never moves back'); END;

PRAGMA application_id = ${applicationId};
`;

function single(database: DatabaseSync, sql: string): unknown {
  const row = database.prepare(sql).get();
  return row === undefined ? undefined : Object.values(row)[0];
}

/** True for a ledger this release can use, false for an empty database. Throws LedgerError for anything else. */
export function isLedger(database: DatabaseSync, path: string): boolean {
  if (single(database, "SELECT count(*) FROM sqlite_schema") === 0) return false;
  if (single(database, "PRAGMA application_id") !== applicationId) {
    throw new LedgerError("corrupt", `${path} is a database of something else, not a ledger; correct the path`);
  }
  const version = Number(single(database, "SELECT value FROM meta WHERE key = 'schema'"));
  if (version > schemaVersion) {
    throw new LedgerError(
      "version",
      `the ledger ${path} was written by a newer release (its schema is ${version}, this release knows ${schemaVersion}); update retrain`,
    );
  }
  if (version !== schemaVersion) {
    throw new LedgerError("corrupt", `the ledger ${path} does not say its schema; put back the newest backup`);
  }
  return true;
}

/** Creates the tables where there are none; many processes may do so at once. Throws SQLite's busy error while another holds the database. */
export function prepareSchema(database: DatabaseSync, path: string): void {
  // Looked at before anything is set: a database of something else stays as it is.
  const known = isLedger(database, path);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA recursive_triggers = ON;");
  if (single(database, "PRAGMA journal_mode") !== "wal") {
    throw new LedgerError(
      "unavailable",
      `the ledger ${path} stands on a disk without write-ahead logging; move it to a local disk`,
    );
  }
  if (known) return;
  database.exec("BEGIN IMMEDIATE");
  try {
    if (!isLedger(database, path)) database.exec(tables);
    database.exec("COMMIT");
  } finally {
    if (database.isTransaction) database.exec("ROLLBACK");
  }
}
