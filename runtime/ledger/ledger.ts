import type { Instant } from "../clock/clock.ts";

/** What a record is about. Intents stand before effects; every effect's record carries the key of its intent. */
export type RecordKind =
  | "tick"
  | "firing"
  | "suppressed"
  | "run_started"
  | "run_ended"
  | "step_started"
  | "step_ended"
  | "decision"
  | "intent"
  | "effect"
  | "stage_entered"
  | "look"
  | "stage_ended"
  | "approval"
  | "command"
  | "notified";

/** What is asked to be written. */
export interface Entry {
  /** `ENVIRONMENT/POLICY`: each chain is hashed by itself. */
  readonly chain: string;
  /** Idempotency key, unique in its chain: appending it again returns the record that is there. */
  readonly key: string;
  readonly kind: RecordKind;
  readonly run?: string;
  /** The policy's clock. */
  readonly at: Instant;
  /** Plain JSON; finite numbers only. */
  readonly body: unknown;
}

/** A record as it stands in the ledger. */
export interface LedgerRecord extends Entry {
  /** 1, 2, 3, ... without gaps in its chain. */
  readonly sequence: number;
  /** SHA-256 (hex) of the record before; 64 zeros for the first. */
  readonly previous: string;
  /** SHA-256 (hex) of the canonical JSON (RFC 8785) of everything else here. */
  readonly hash: string;
}

/** Right to act for one policy. `fence` grows with every new holder; an effect that carries an older one is refused where it lands. */
export interface Lease {
  readonly name: string;
  readonly holder: string;
  readonly fence: number;
}

/** Who holds a lease that could not be had. Times are real, epoch milliseconds. */
export interface LeaseHeld {
  readonly held: true;
  readonly holder: string;
  readonly until: number;
}

export interface Verification {
  readonly records: number;
  /** The first thing that is wrong, in words, with chain and sequence (empty and 0: the file is damaged beside its records); absent when all is well. */
  readonly broken?: { readonly chain: string; readonly sequence: number; readonly what: string };
}

/** A place in a chain as it was seen once, kept outside the ledger: what a chain alone cannot show, a cut end or a chain written anew, is found by comparing with it. */
export interface Checkpoint {
  readonly chain: string;
  readonly sequence: number;
  /** Hash of the record there. */
  readonly hash: string;
}

/** Append-only, hash-chained store of everything that was observed, decided and done. All methods reject with LedgerError (ledger/error.ts) when the store cannot be used. */
export interface Ledger {
  /**
   * Writes durably (synced) and returns the record; or the one already there under the key, with `written` false.
   * With a lease, rejects with LedgerError `fenced` when someone else has taken it or it was released, before anything else is looked at.
   */
  append(entry: Entry, lease?: Lease): Promise<{ readonly record: LedgerRecord; readonly written: boolean }>;
  find(chain: string, key: string): Promise<LedgerRecord | undefined>;
  /** In order of sequence; `newest` gives the newest first. */
  list(filter: {
    readonly chain: string;
    readonly kinds?: readonly RecordKind[];
    readonly run?: string;
    readonly after?: number;
    readonly newest?: boolean;
    readonly limit?: number;
  }): Promise<readonly LedgerRecord[]>;
  chains(): Promise<readonly string[]>;
  /** Takes or renews the lease for `ttl` real milliseconds. A holder on this host that is proven dead (process gone, or another start time) is replaced at once. */
  acquire(name: string, holder: string, ttl: number): Promise<Lease | LeaseHeld>;
  /** False when the lease has gone to someone else. */
  renew(lease: Lease, ttl: number): Promise<boolean>;
  release(lease: Lease): Promise<void>;
  /** The plan a run keeps, by digest. */
  putPlan(digest: string, json: string): Promise<void>;
  plan(digest: string): Promise<string | undefined>;
  /** Position of a rehearsal clock; it never moves back. */
  clockPosition(environment: string): Promise<Instant | undefined>;
  moveClock(environment: string, to: Instant): Promise<void>;
  /** Recomputes every hash of every chain (or of one) and compares with the checkpoints given. */
  verify(chain?: string, checkpoints?: readonly Checkpoint[]): Promise<Verification>;
  close(): Promise<void>;
}

/** What a viewer may do. */
export type LedgerReader = Pick<Ledger, "find" | "list" | "chains" | "plan" | "clockPosition" | "verify" | "close">;
