import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { CHAIN } from "./portrait.ts";

/** What the harness sees of a record: enough to know where a life stands. */
export interface Seen {
  readonly key: string;
  readonly kind: string;
  /** Phase of the rollout that the record carries. */
  readonly phase: string | undefined;
  /** What an intent is about. */
  readonly intent: { readonly kind?: string; readonly name?: string } | undefined;
  /** Real time at which it was seen, milliseconds. */
  readonly seenAt: number;
}

const PATIENCE = 2;

/** Reads a life's ledger from outside, every two milliseconds. */
export class Watcher {
  readonly seen: Seen[] = [];
  readonly #file: string;
  #database: DatabaseSync | undefined;
  #sequence = 0;
  #timer: NodeJS.Timeout | undefined;
  #listener: (record: Seen) => void = () => {};

  constructor(folder: string) {
    this.#file = join(folder, ".retrain/ledger.db");
  }

  /** Tells of every record that is new from now on. */
  start(listener: (record: Seen) => void): void {
    this.look();
    this.#listener = listener;
    const again = () => {
      this.look();
      this.#timer = setTimeout(again, PATIENCE);
    };
    again();
  }

  look(): void {
    for (const row of this.#rows()) {
      const body = JSON.parse(String(row["body"])) as {
        rollout?: { state?: { phase?: string } };
        intent?: Seen["intent"];
      };
      this.#sequence = Number(row["sequence"]);
      const record: Seen = {
        key: String(row["key"]),
        kind: String(row["kind"]),
        phase: body.rollout?.state?.phase,
        intent: body.intent,
        seenAt: performance.now(),
      };
      this.seen.push(record);
      this.#listener(record);
    }
  }

  #rows(): Record<string, unknown>[] {
    if (this.#database === undefined && !existsSync(this.#file)) return [];
    try {
      this.#database ??= new DatabaseSync(this.#file, { readOnly: true, timeout: 50 });
      const sql = "SELECT sequence, key, kind, body FROM records WHERE chain = ? AND sequence > ? ORDER BY sequence";
      return this.#database.prepare(sql).all(CHAIN, this.#sequence);
    } catch {
      return []; // The ledger is being made: the next look finds it.
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#listener = () => {};
    this.#database?.close();
    this.#database = undefined;
  }
}
