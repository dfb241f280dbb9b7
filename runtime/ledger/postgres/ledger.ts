import type { Instant } from "../../clock/clock.ts";
import { LedgerError } from "../error.ts";
import { isDead } from "../identity.ts";
import type { Entry, Lease, LeaseHeld, Ledger, LedgerRecord } from "../ledger.ts";
import { openRecord, recordAfter } from "../record.ts";
import type { Connection, Statements } from "./connection.ts";
import { columns, PostgresReader, stored } from "./reader.ts";

export interface PostgresOptions {
  /** Real time, epoch milliseconds, for tests of leases; the server's own clock counts them where it is absent. */
  readonly now?: () => number;
  readonly isDead?: (holder: string) => boolean;
  /** How long to try again while the server cannot be reached, milliseconds. */
  readonly patience?: number;
}

/** The server's clock, epoch milliseconds. */
const SERVER_NOW = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

/** A ledger in one schema of a PostgreSQL server, for any number of processes on any number of hosts. */
export class PostgresLedger extends PostgresReader implements Ledger {
  readonly #now: (() => number) | undefined;
  readonly #isDead: (holder: string) => boolean;

  /** The tables have been made (open.ts). */
  constructor(connection: Connection, options: PostgresOptions = {}) {
    super(connection);
    this.#now = options.now;
    this.#isDead = options.isDead ?? isDead;
  }

  async append(entry: Entry, lease?: Lease): Promise<{ readonly record: LedgerRecord; readonly written: boolean }> {
    return this.connection.transaction(async (statements) => {
      // Appends to one chain follow each other; those to other chains go on beside them.
      await statements.rows("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [entry.chain]);
      if (lease !== undefined && !(await holds(statements, lease))) {
        throw new LedgerError(
          "fenced",
          `the lease ${lease.name} with fence ${lease.fence} is no longer held by ${lease.holder}: another process acts for it now; ${entry.key} was not recorded in ${this.connection.shown}`,
        );
      }
      const [found] = await statements.rows(`SELECT ${columns} FROM retrain.records WHERE chain = $1 AND key = $2`, [
        entry.chain,
        entry.key,
      ]);
      if (found !== undefined) return { record: openRecord(stored(found)), written: false };
      const [last] = await statements.rows(
        "SELECT sequence, hash FROM retrain.records WHERE chain = $1 ORDER BY sequence DESC LIMIT 1",
        [entry.chain],
      );
      const record = recordAfter(
        last === undefined ? undefined : { sequence: Number(last["sequence"]), hash: String(last["hash"]) },
        entry,
      );
      const { chain, sequence, key, kind, run, at, body, previous, hash } = record;
      await statements.rows(`INSERT INTO retrain.records (${columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, [
        chain,
        sequence,
        key,
        kind,
        run,
        at,
        body,
        previous,
        hash,
      ]);
      return { record: openRecord(record), written: true };
    });
  }

  async acquire(name: string, holder: string, ttl: number): Promise<Lease | LeaseHeld> {
    return this.connection.transaction(async (statements) => {
      await statements.rows(
        `INSERT INTO retrain.leases (name, fence, holder, until) VALUES ($1, 1, NULL, 0) ON CONFLICT (name) DO NOTHING`,
        [name],
      );
      const [row] = await statements.rows(
        `SELECT fence, holder, until, ${this.#clock("$2")} AS now FROM retrain.leases WHERE name = $1 FOR UPDATE`,
        [name, this.#given()],
      );
      if (row === undefined) throw new Error(`lease ${name} was not made`);
      const fence = Number(row["fence"]);
      const current = row["holder"] === null ? undefined : String(row["holder"]);
      const until = Number(row["until"]);
      const now = Number(row["now"]);
      const free = current === undefined || current === holder || until <= now || this.#isDead(current);
      if (!free) return { held: true, holder: current, until };
      // A lease that nobody has had yet begins with fence 1.
      const isNew = current === undefined && until === 0 && fence === 1;
      const next = current === holder || isNew ? fence : fence + 1;
      await statements.rows("UPDATE retrain.leases SET fence = $2, holder = $3, until = $4 WHERE name = $1", [
        name,
        next,
        holder,
        Math.ceil(now + ttl),
      ]);
      return { name, holder, fence: next };
    });
  }

  async renew(lease: Lease, ttl: number): Promise<boolean> {
    const rows = await this.connection.rows(
      `UPDATE retrain.leases SET until = ${this.#clock("$4")} + $5::bigint WHERE name = $1 AND holder = $2 AND fence = $3 RETURNING 1`,
      [lease.name, lease.holder, lease.fence, this.#given(), Math.ceil(ttl)],
    );
    return rows.length === 1;
  }

  async release(lease: Lease): Promise<void> {
    // `until` 1 and not 0: the next holder gets a higher fence.
    await this.connection.rows(
      "UPDATE retrain.leases SET holder = NULL, until = 1 WHERE name = $1 AND holder = $2 AND fence = $3",
      [lease.name, lease.holder, lease.fence],
    );
  }

  async putPlan(digest: string, json: string): Promise<void> {
    await this.connection.rows("INSERT INTO retrain.plans (digest, json) VALUES ($1, $2) ON CONFLICT DO NOTHING", [
      digest,
      json,
    ]);
  }

  async moveClock(environment: string, to: Instant): Promise<void> {
    await this.connection.rows(
      `INSERT INTO retrain.clocks AS known (environment, position) VALUES ($1, $2)
      ON CONFLICT (environment) DO UPDATE SET position = greatest(known.position, excluded.position)`,
      [environment, to],
    );
  }

  /** The time that leases are counted on: the parameter where it is given, else the server's clock. */
  #clock(parameter: string): string {
    return `coalesce(${parameter}::bigint, ${SERVER_NOW})`;
  }

  #given(): number | null {
    return this.#now === undefined ? null : Math.floor(this.#now());
  }
}

/** Looked at under a lock, so that nobody takes the lease before this transaction has ended. */
async function holds(statements: Statements, lease: Lease): Promise<boolean> {
  const rows = await statements.rows(
    "SELECT 1 FROM retrain.leases WHERE name = $1 AND holder = $2 AND fence = $3 FOR SHARE",
    [lease.name, lease.holder, lease.fence],
  );
  return rows.length === 1;
}
