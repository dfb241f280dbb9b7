import type { Instant } from "../../clock/clock.ts";
import type { Checkpoint, Ledger, LedgerReader, LedgerRecord, Verification } from "../ledger.ts";
import { openRecord, type StoredRecord } from "../record.ts";
import { ChainWalk } from "../verification.ts";
import type { Connection, Row, Statements } from "./connection.ts";

export const columns = "chain, sequence, key, kind, run, at, body, previous, hash";
/** Records read at once while verifying. */
const PAGE = 5_000;

/** The reading half of a ledger in PostgreSQL. */
export class PostgresReader implements LedgerReader {
  protected readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  async find(chain: string, key: string): Promise<LedgerRecord | undefined> {
    const [row] = await this.connection.rows(`SELECT ${columns} FROM retrain.records WHERE chain = $1 AND key = $2`, [
      chain,
      key,
    ]);
    return row === undefined ? undefined : openRecord(stored(row));
  }

  async list(filter: Parameters<Ledger["list"]>[0]): Promise<readonly LedgerRecord[]> {
    const order = filter.newest === true ? "DESC" : "ASC";
    const clauses = ["chain = $1"];
    const values: unknown[] = [filter.chain];
    const add = (clause: string, value: unknown) => {
      if (value === undefined) return;
      values.push(value);
      clauses.push(clause.replace("?", `$${values.length}`));
    };
    add("kind = ANY(?)", filter.kinds);
    add("run = ?", filter.run);
    add("sequence > ?", filter.after);
    values.push(filter.limit ?? null);
    const rows = await this.connection.rows(
      `SELECT ${columns} FROM retrain.records WHERE ${clauses.join(" AND ")} ORDER BY sequence ${order} LIMIT $${values.length}`,
      values,
    );
    return rows.map((row) => openRecord(stored(row)));
  }

  async chains(): Promise<readonly string[]> {
    return chainsOf(this.connection);
  }

  async plan(digest: string): Promise<string | undefined> {
    const [row] = await this.connection.rows("SELECT json FROM retrain.plans WHERE digest = $1", [digest]);
    return row === undefined ? undefined : String(row["json"]);
  }

  async clockPosition(environment: string): Promise<Instant | undefined> {
    const sql = "SELECT position FROM retrain.clocks WHERE environment = $1";
    const [row] = await this.connection.rows(sql, [environment]);
    return row === undefined ? undefined : Number(row["position"]);
  }

  /** Reads one state of the ledger, so that others may append meanwhile. */
  async verify(chain?: string, checkpoints: readonly Checkpoint[] = []): Promise<Verification> {
    return this.connection.transaction(async (statements) => {
      let records = 0;
      const seen =
        chain === undefined ? [...(await chainsOf(statements)), ...checkpoints.map((point) => point.chain)] : [chain];
      for (const name of new Set(seen)) {
        const walk = new ChainWalk(name, checkpoints);
        for await (const record of recordsOf(statements, name)) {
          const broken = walk.next(record);
          if (broken !== undefined) return { records, broken };
          records += 1;
        }
        const broken = walk.end();
        if (broken !== undefined) return { records, broken };
      }
      return { records };
    }, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  }

  async close(): Promise<void> {
    await this.connection.close();
  }
}

async function* recordsOf(statements: Statements, chain: string): AsyncGenerator<StoredRecord> {
  // By number and then by place: somebody who may do everything could have taken the constraints away and written one twice.
  const sql = `SELECT ${columns}, ctid::text AS place FROM retrain.records
    WHERE chain = $1 AND sequence >= $2 AND (sequence, ctid) > ($2, $3::tid) ORDER BY sequence, ctid LIMIT ${PAGE}`;
  for (let sequence: unknown = "-9223372036854775808", place: unknown = "(0,0)"; ; ) {
    const rows = await statements.rows(sql, [chain, sequence, place]);
    for (const { place: _, ...row } of rows) yield stored(row);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    sequence = last["sequence"];
    place = last["place"];
  }
}

async function chainsOf(statements: Statements): Promise<readonly string[]> {
  const rows = await statements.rows("SELECT DISTINCT chain FROM retrain.records ORDER BY chain");
  return rows.map((row) => String(row["chain"]));
}

/** A row with its whole numbers as numbers: the client gives BIGINT as text. */
export function stored(row: Row): StoredRecord {
  return { ...(row as unknown as StoredRecord), sequence: Number(row["sequence"]), at: Number(row["at"]) };
}
