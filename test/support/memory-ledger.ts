import { LedgerError } from "../../runtime/ledger/error.ts";
import type {
  Checkpoint,
  Entry,
  Lease,
  LeaseHeld,
  Ledger,
  LedgerRecord,
  Verification,
} from "../../runtime/ledger/ledger.ts";
import { openRecord, recordAfter, type StoredRecord } from "../../runtime/ledger/record.ts";
import { ChainWalk } from "../../runtime/ledger/verification.ts";

interface LeaseRow {
  fence: number;
  holder: string | undefined;
  until: number;
}

/** A ledger in memory for tests of other rooms; held to the same contract as the one in SQLite (ledger-contract.ts). `close` keeps everything: use it again as if it had been opened again. */
export class MemoryLedger implements Ledger {
  /** Open to tests that want to look, or to break something. */
  readonly records: StoredRecord[] = [];
  readonly #leases = new Map<string, LeaseRow>();
  readonly #plans = new Map<string, string>();
  readonly #clocks = new Map<string, number>();
  readonly #now: () => number;
  readonly #isDead: (holder: string) => boolean;

  constructor(options: { readonly now?: () => number; readonly isDead?: (holder: string) => boolean } = {}) {
    this.#now = options.now ?? Date.now;
    this.#isDead = options.isDead ?? (() => false);
  }

  async append(entry: Entry, lease?: Lease): Promise<{ readonly record: LedgerRecord; readonly written: boolean }> {
    if (lease !== undefined && !this.#holds(lease)) {
      throw new LedgerError("fenced", `the lease ${lease.name} with fence ${lease.fence} is no longer held`);
    }
    const found = await this.find(entry.chain, entry.key);
    if (found !== undefined) return { record: found, written: false };
    const record = recordAfter(
      this.records.findLast((other) => other.chain === entry.chain),
      entry,
    );
    this.records.push(record);
    return { record: openRecord(record), written: true };
  }

  async find(chain: string, key: string): Promise<LedgerRecord | undefined> {
    const found = this.records.find((record) => record.chain === chain && record.key === key);
    return found === undefined ? undefined : openRecord(found);
  }

  async list(filter: Parameters<Ledger["list"]>[0]): Promise<readonly LedgerRecord[]> {
    const found = this.records.filter(
      (record) =>
        record.chain === filter.chain &&
        (filter.kinds === undefined || filter.kinds.some((kind) => kind === record.kind)) &&
        (filter.run === undefined || record.run === filter.run) &&
        (filter.after === undefined || record.sequence > filter.after),
    );
    if (filter.newest === true) found.reverse();
    return found.slice(0, filter.limit ?? found.length).map(openRecord);
  }

  async chains(): Promise<readonly string[]> {
    return [...new Set(this.records.map((record) => record.chain))].sort();
  }

  async acquire(name: string, holder: string, ttl: number): Promise<Lease | LeaseHeld> {
    const row = this.#leases.get(name) ?? { fence: 0, holder: undefined, until: 0 };
    if (row.holder !== undefined && row.holder !== holder && row.until > this.#now() && !this.#isDead(row.holder)) {
      return { held: true, holder: row.holder, until: row.until };
    }
    const fence = row.holder === holder ? row.fence : row.fence + 1;
    this.#leases.set(name, { fence, holder, until: Math.ceil(this.#now() + ttl) });
    return { name, holder, fence };
  }

  async renew(lease: Lease, ttl: number): Promise<boolean> {
    const row = this.#leases.get(lease.name);
    if (row === undefined || !this.#holds(lease)) return false;
    row.until = Math.ceil(this.#now() + ttl);
    return true;
  }

  async release(lease: Lease): Promise<void> {
    const row = this.#leases.get(lease.name);
    if (row !== undefined && this.#holds(lease)) row.holder = undefined;
  }

  async putPlan(digest: string, json: string): Promise<void> {
    if (!this.#plans.has(digest)) this.#plans.set(digest, json);
  }

  async plan(digest: string): Promise<string | undefined> {
    return this.#plans.get(digest);
  }

  async clockPosition(environment: string): Promise<number | undefined> {
    return this.#clocks.get(environment);
  }

  async moveClock(environment: string, to: number): Promise<void> {
    this.#clocks.set(environment, Math.max(to, this.#clocks.get(environment) ?? to));
  }

  async verify(chain?: string, checkpoints: readonly Checkpoint[] = []): Promise<Verification> {
    const names =
      chain === undefined ? [...(await this.chains()), ...checkpoints.map((point) => point.chain)] : [chain];
    let records = 0;
    for (const name of new Set(names)) {
      const walk = new ChainWalk(name, checkpoints);
      for (const record of this.records.filter((other) => other.chain === name)) {
        const broken = walk.next(record);
        if (broken !== undefined) return { records, broken };
        records += 1;
      }
      const broken = walk.end();
      if (broken !== undefined) return { records, broken };
    }
    return { records };
  }

  async close(): Promise<void> {}

  #holds(lease: Lease): boolean {
    const row = this.#leases.get(lease.name);
    return row !== undefined && row.holder === lease.holder && row.fence === lease.fence;
  }
}
