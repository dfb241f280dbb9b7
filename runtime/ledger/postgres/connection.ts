import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { LedgerError } from "../error.ts";
import type { Address } from "./address.ts";
import { isPassing, postgresError } from "./error.ts";

/** Longest wait for a connection, and for one statement, milliseconds. */
const CONNECT = 5_000;
const STATEMENT = 60_000;
/** Connections a process holds at most: one that works and one that verifies or renews beside it. */
const CONNECTIONS = 4;

export type Row = Readonly<Record<string, unknown>>;

/** One connection inside of a transaction, or the pool. */
export interface Statements {
  rows(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

/** Connections to one server. Everything that is asked is tried again while the server cannot be reached, until `patience` milliseconds have passed. */
export class Connection implements Statements {
  readonly shown: string;
  readonly #pool: pg.Pool;
  readonly #patience: number;
  #closed = false;

  constructor(address: Address, patience: number) {
    this.shown = address.shown;
    this.#patience = patience;
    this.#pool = new pg.Pool({
      connectionString: address.url,
      max: CONNECTIONS,
      connectionTimeoutMillis: CONNECT,
      statement_timeout: STATEMENT,
      idle_in_transaction_session_timeout: STATEMENT,
      keepAlive: true,
      application_name: "retrain",
      // A process with nothing left to do may end without waiting for idle connections.
      allowExitOnIdle: true,
    });
    // A connection that breaks while nobody uses it is replaced when the next one is asked for.
    this.#pool.on("error", () => {});
  }

  rows(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return this.#trying(async () => (await this.#pool.query(sql, [...values])).rows as Row[]);
  }

  /** Carries out `work` in one transaction. It may run again after a lost connection: what it writes must be harmless to write twice. */
  transaction<Result>(work: (statements: Statements) => Promise<Result>, begin = "BEGIN"): Promise<Result> {
    return this.#trying(async () => {
      const client = await this.#pool.connect();
      let broken: Error | undefined;
      // A connection that breaks between two statements says so by itself; what the next statement then says of it is no reason.
      let lost: Error | undefined;
      const onError = (error: Error) => {
        lost = error;
      };
      client.on("error", onError);
      try {
        await client.query(begin);
        const result = await work({
          rows: async (sql, values = []) => (await client.query(sql, [...values])).rows as Row[],
        });
        await client.query("COMMIT");
        return result;
      } catch (error) {
        await client.query("ROLLBACK").catch((failed: unknown) => {
          broken = failed instanceof Error ? failed : new Error(String(failed));
        });
        throw lost ?? error;
      } finally {
        client.off("error", onError);
        client.release(lost ?? broken);
      }
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#pool.end();
  }

  async #trying<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#closed) throw new LedgerError("unavailable", `the ledger ${this.shown} was closed already`);
    const until = performance.now() + this.#patience;
    for (let pause = 50; ; pause = Math.min(pause * 2, 2_000)) {
      try {
        return await work();
      } catch (error) {
        if (!isPassing(error) || performance.now() + pause >= until) throw postgresError(error, this.shown) ?? error;
      }
      await sleep(pause * (0.5 + Math.random()));
    }
  }
}
