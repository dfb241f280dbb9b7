import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { setImmediate as turn } from "node:timers/promises";
import type { Instant } from "../clock/clock.ts";
import { LedgerError, ledgerError } from "./error.ts";
import type { Checkpoint, Ledger, LedgerReader, LedgerRecord, Verification } from "./ledger.ts";
import { openRecord, type StoredRecord } from "./record.ts";
import { ChainWalk } from "./verification.ts";

const columns = "chain, sequence, key, kind, run, at, body, previous, hash";
/** Records between two turns of the event loop while verifying: about 20 ms. */
const recordsATurn = 4_000;

/** The reading half of a ledger in SQLite. */
export class SqliteReader implements LedgerReader {
  protected readonly database: DatabaseSync;
  protected readonly path: string;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync, path: string) {
    this.database = database;
    this.path = path;
  }

  async find(chain: string, key: string): Promise<LedgerRecord | undefined> {
    return this.reading(() => this.findNow(chain, key));
  }

  async list(filter: Parameters<Ledger["list"]>[0]): Promise<readonly LedgerRecord[]> {
    // One select for each kind: SQLite then merges them in order, each from the index of kinds, and stops at the limit.
    const kinds = filter.kinds === undefined ? [undefined] : [...new Set(filter.kinds)];
    if (kinds.length === 0) return [];
    const selects: string[] = [];
    const values: SQLInputValue[] = [];
    for (const kind of kinds) {
      const given = {
        "chain = ?": filter.chain,
        "kind = ?": kind,
        "run = ?": filter.run,
        "sequence > ?": filter.after,
      };
      const clauses = Object.entries(given).filter(([, value]) => value !== undefined);
      selects.push(`SELECT ${columns} FROM records WHERE ${clauses.map(([clause]) => clause).join(" AND ")}`);
      values.push(...clauses.map(([, value]) => value ?? null));
    }
    const order = filter.newest === true ? "DESC" : "ASC";
    const sql = `${selects.join(" UNION ALL ")} ORDER BY sequence ${order} LIMIT ?`;
    return this.reading(() =>
      this.statement(sql)
        .all(...values, filter.limit ?? -1)
        .map(asRecord),
    );
  }

  async chains(): Promise<readonly string[]> {
    return this.reading(() => chainsOf(this.database));
  }

  async plan(digest: string): Promise<string | undefined> {
    const row = await this.reading(() => this.statement("SELECT json FROM plans WHERE digest = ?").get(digest));
    return row === undefined ? undefined : String(row["json"]);
  }

  async clockPosition(environment: string): Promise<Instant | undefined> {
    const sql = "SELECT position FROM clocks WHERE environment = ?";
    const row = await this.reading(() => this.statement(sql).get(environment));
    return row === undefined ? undefined : Number(row["position"]);
  }

  /** Reads one state of the ledger on a connection of its own, so that others may append meanwhile. */
  async verify(chain?: string, checkpoints: readonly Checkpoint[] = []): Promise<Verification> {
    const database = await this.reading(() => new DatabaseSync(this.path, { readOnly: true, timeout: 5_000 }));
    let records = 0;
    let place = { chain: chain ?? "", sequence: 1 };
    try {
      database.exec("BEGIN");
      const seen = chain === undefined ? [...chainsOf(database), ...checkpoints.map((point) => point.chain)] : [chain];
      const statement = database.prepare(`SELECT ${columns} FROM records WHERE chain = ? ORDER BY sequence, rowid`);
      for (const name of new Set(seen)) {
        const walk = new ChainWalk(name, checkpoints);
        place = { chain: name, sequence: 1 };
        for (const row of statement.iterate(name)) {
          const broken = walk.next(row as unknown as StoredRecord);
          if (broken !== undefined) return { records, broken };
          records += 1;
          place = { chain: name, sequence: walk.verified + 1 };
          if (records % recordsATurn === 0) await turn();
        }
        const broken = walk.end();
        if (broken !== undefined) return { records, broken };
      }
      const damage = database.prepare("PRAGMA integrity_check(1)").get()?.["integrity_check"];
      if (damage !== "ok")
        return { records, broken: { chain: "", sequence: 0, what: `the file is damaged: ${String(damage)}` } };
      return { records };
    } catch (error) {
      if (!isUnreadable(error, this.path)) throw ledgerError(error, this.path) ?? error;
      return { records, broken: { ...place, what: `it cannot be read: ${(error as Error).message}` } };
    } finally {
      database.close();
    }
  }

  async close(): Promise<void> {
    this.#statements.clear();
    if (this.database.isOpen) this.database.close();
  }

  protected findNow(chain: string, key: string): LedgerRecord | undefined {
    const row = this.statement(`SELECT ${columns} FROM records WHERE chain = ? AND key = ?`).get(chain, key);
    return row === undefined ? undefined : asRecord(row);
  }

  protected statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const prepared = this.database.prepare(sql);
    this.#statements.set(sql, prepared);
    return prepared;
  }

  protected reading<T>(work: () => T): T {
    if (!this.database.isOpen) throw new LedgerError("unavailable", `the ledger ${this.path} was closed already`);
    try {
      return work();
    } catch (error) {
      if (isUnreadable(error, this.path) && !(error instanceof LedgerError)) {
        const { message } = error as Error;
        throw new LedgerError("corrupt", `the ledger ${this.path} is damaged: ${message}; run its verification`, error);
      }
      throw ledgerError(error, this.path) ?? error;
    }
  }
}

function chainsOf(database: DatabaseSync): readonly string[] {
  return database
    .prepare("SELECT DISTINCT chain FROM records ORDER BY chain")
    .all()
    .map((row) => String(row["chain"]));
}

/** Rows come from a STRICT table, so that their types are those of its columns. */
function asRecord(row: Record<string, unknown>): LedgerRecord {
  return openRecord({ ...(row as unknown as StoredRecord) });
}

/** True when what is stored is no record: a damaged page, a body that is no JSON, a number outside of what a number holds. */
function isUnreadable(error: unknown, path: string): boolean {
  if (error instanceof SyntaxError) return true;
  if (error instanceof Error && "code" in error && error.code === "ERR_OUT_OF_RANGE") return true;
  return ledgerError(error, path)?.code === "corrupt";
}
