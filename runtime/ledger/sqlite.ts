import { statSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import type { Instant } from "../clock/clock.ts";
import { isBusy, LedgerError } from "./error.ts";
import { isDead } from "./identity.ts";
import type { Entry, Lease, LeaseHeld, Ledger, LedgerRecord } from "./ledger.ts";
import { SqliteReader } from "./reader.ts";
import { openRecord, recordAfter } from "./record.ts";

export interface SqliteOptions {
  /** Real time, epoch milliseconds: leases are counted on it. */
  readonly now?: () => number;
  readonly isDead?: (holder: string) => boolean;
  /** How long to wait for other writers before giving up, milliseconds. */
  readonly patience?: number;
}

/** A ledger in one SQLite file on a local disk, for any number of processes. Every write is one synced transaction. */
export class SqliteLedger extends SqliteReader implements Ledger {
  readonly #now: () => number;
  readonly #isDead: (holder: string) => boolean;
  readonly #patience: number;
  readonly #file: string;

  /** `database` is open, with its schema prepared (open.ts). */
  constructor(database: DatabaseSync, path: string, options: SqliteOptions = {}) {
    super(database, path);
    this.#now = options.now ?? Date.now;
    this.#isDead = options.isDead ?? isDead;
    this.#patience = options.patience ?? 15_000;
    this.#file = fileIdentity(path);
  }

  async append(entry: Entry, lease?: Lease): Promise<{ readonly record: LedgerRecord; readonly written: boolean }> {
    return this.#writing(() => {
      if (lease !== undefined && !this.#holds(lease)) {
        throw new LedgerError(
          "fenced",
          `the lease ${lease.name} with fence ${lease.fence} is no longer held by ${lease.holder}: another process acts for it now; ${entry.key} was not recorded in ${this.path}`,
        );
      }
      const found = this.findNow(entry.chain, entry.key);
      if (found !== undefined) return { record: found, written: false };
      const last = this.statement(
        "SELECT sequence, hash FROM records WHERE chain = ? ORDER BY sequence DESC LIMIT 1",
      ).get(entry.chain);
      const record = recordAfter(
        last === undefined ? undefined : { sequence: Number(last["sequence"]), hash: String(last["hash"]) },
        entry,
      );
      this.statement(
        "INSERT INTO records (chain, sequence, key, kind, run, at, body, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      ).run(
        record.chain,
        record.sequence,
        record.key,
        record.kind,
        record.run,
        record.at,
        record.body,
        record.previous,
        record.hash,
      );
      return { record: openRecord(record), written: true };
    });
  }

  async acquire(name: string, holder: string, ttl: number): Promise<Lease | LeaseHeld> {
    return this.#writing(() => {
      const until = Math.ceil(this.#now() + ttl);
      const row = this.statement("SELECT fence, holder, until FROM leases WHERE name = ?").get(name);
      if (row === undefined) {
        this.statement("INSERT INTO leases (name, fence, holder, until) VALUES (?, 1, ?, ?)").run(name, holder, until);
        return { name, holder, fence: 1 };
      }
      const fence = Number(row["fence"]);
      const current = row["holder"] === null ? undefined : String(row["holder"]);
      const currentUntil = Number(row["until"]);
      const free = current === undefined || current === holder || currentUntil <= this.#now() || this.#isDead(current);
      if (!free) return { held: true, holder: current, until: currentUntil };
      const next = current === holder ? fence : fence + 1;
      this.statement("UPDATE leases SET fence = ?, holder = ?, until = ? WHERE name = ?").run(
        next,
        holder,
        until,
        name,
      );
      return { name, holder, fence: next };
    });
  }

  async renew(lease: Lease, ttl: number): Promise<boolean> {
    const sql = "UPDATE leases SET until = ? WHERE name = ? AND holder = ? AND fence = ?";
    const until = () => Math.ceil(this.#now() + ttl);
    return this.#writing(() => this.statement(sql).run(until(), lease.name, lease.holder, lease.fence).changes === 1);
  }

  async release(lease: Lease): Promise<void> {
    const sql = "UPDATE leases SET holder = NULL WHERE name = ? AND holder = ? AND fence = ?";
    await this.#writing(() => this.statement(sql).run(lease.name, lease.holder, lease.fence));
  }

  async putPlan(digest: string, json: string): Promise<void> {
    const sql = "INSERT INTO plans (digest, json) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING";
    await this.#writing(() => this.statement(sql).run(digest, json));
  }

  async moveClock(environment: string, to: Instant): Promise<void> {
    const sql = `INSERT INTO clocks (environment, position) VALUES (?, ?)
      ON CONFLICT (environment) DO UPDATE SET position = max(position, excluded.position)`;
    await this.#writing(() => this.statement(sql).run(environment, to));
  }

  #holds(lease: Lease): boolean {
    const sql = "SELECT 1 FROM leases WHERE name = ? AND holder = ? AND fence = ?";
    return this.statement(sql).get(lease.name, lease.holder, lease.fence) !== undefined;
  }

  /**
   * One transaction that takes the write lock before it reads. SQLite waits only a short while for other writers, since
   * that blocks this process; the rest of the patience is spent in pauses that let other tasks run.
   */
  async #writing<T>(work: () => T): Promise<T> {
    const until = performance.now() + this.#patience;
    for (let pause = 5; ; pause = Math.min(pause * 2, 200)) {
      try {
        return this.reading(() => this.#transaction(work));
      } catch (error) {
        const cause = error instanceof LedgerError ? error.cause : error;
        if (!isBusy(cause) || performance.now() >= until) throw error;
      }
      await sleep(pause * (0.5 + Math.random()));
    }
  }

  #transaction<T>(work: () => T): T {
    if (fileIdentity(this.path) !== this.#file) {
      throw new LedgerError(
        "unavailable",
        `the ledger ${this.path} was moved, removed or replaced while it was in use; put it back and start again`,
      );
    }
    this.database.exec("BEGIN IMMEDIATE");
    try {
      const value = work();
      this.database.exec("COMMIT");
      return value;
    } finally {
      if (this.database.isTransaction) this.database.exec("ROLLBACK");
    }
  }
}

/** Tells a file from another that has come under its name. */
function fileIdentity(path: string): string {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? "none" : `${found.dev}:${found.ino}`;
}
