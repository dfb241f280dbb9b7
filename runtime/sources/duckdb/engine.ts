import { randomBytes } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { DuckDBConnection, DuckDBDataChunk, DuckDBInstance } from "@duckdb/node-api";
import { fileError } from "../../files/error.ts";

export type Scalar = string | number | boolean | bigint | null;

/** One row of aggregates, by column name. */
export type Aggregates = Readonly<Record<string, unknown>>;

/** A connection of its own: temporary tables of one question are not seen by another. */
export interface Session {
  run(sql: string, values?: readonly Scalar[]): Promise<void>;
  /** All rows of a result that is known to be small. */
  rows(sql: string, values?: readonly Scalar[]): Promise<readonly Aggregates[]>;
  /** The one row of an aggregate. */
  row(sql: string, values?: readonly Scalar[]): Promise<Aggregates>;
  /** Goes through a large result chunk by chunk. */
  chunks(sql: string, visit: (chunk: DuckDBDataChunk) => void): Promise<void>;
}

/** The embedded database, loaded when it is first used: most commands read no rows and should not pay for it. */
export class Engine {
  private readonly scratch: string;
  private readonly memory: string;
  private instance: Promise<DuckDBInstance> | undefined;

  /** `scratch`: folder for what does not fit in memory. `memory`: limit as `512MB`. */
  constructor(scratch: string, memory: string) {
    this.scratch = join(scratch, `duckdb-${process.pid}-${randomBytes(4).toString("hex")}`);
    this.memory = memory;
  }

  async use<T>(work: (session: Session) => Promise<T>): Promise<T> {
    this.instance ??= this.open().catch((error: unknown) => {
      this.instance = undefined;
      throw error;
    });
    const connection = await (await this.instance).connect();
    try {
      return await work(session(connection));
    } finally {
      connection.closeSync();
    }
  }

  async close(): Promise<void> {
    const instance = this.instance;
    this.instance = undefined;
    if (instance === undefined) return;
    (await instance).closeSync();
    await rm(this.scratch, { recursive: true, force: true });
  }

  private async open(): Promise<DuckDBInstance> {
    const { DuckDBInstance: Instance } = await import("@duckdb/node-api");
    await mkdir(this.scratch, { recursive: true }).catch((error: unknown) => {
      throw fileError(error, this.scratch, "make the folder for temporary files");
    });
    const instance = await Instance.create(":memory:", {
      threads: String(availableParallelism()),
      memory_limit: this.memory,
      temp_directory: this.scratch,
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
      allow_community_extensions: "false",
    });
    const connection = await instance.connect();
    await connection.run("SET GLOBAL TimeZone = 'UTC'; SET lock_configuration = true");
    connection.closeSync();
    return instance;
  }
}

function session(connection: DuckDBConnection): Session {
  async function rows(sql: string, values: readonly Scalar[] = []): Promise<readonly Aggregates[]> {
    return (await connection.runAndReadAll(sql, [...values])).getRowObjects();
  }
  return {
    rows,
    async run(sql, values = []) {
      await connection.run(sql, [...values]);
    },
    async row(sql, values = []) {
      const [first] = await rows(sql, values);
      if (first === undefined) throw new Error("an aggregate without a row");
      return first;
    },
    async chunks(sql, visit) {
      const result = await connection.stream(sql);
      for (
        let chunk = await result.fetchChunk();
        chunk !== null && chunk.rowCount > 0;
        chunk = await result.fetchChunk()
      ) {
        visit(chunk);
      }
    },
  };
}

/** An aggregate as a number; 0 where it is null, as sums over nothing are. */
export function count(row: Aggregates, name: string): number {
  return numeric(row, name) ?? 0;
}

/** An aggregate as a number, undefined where it is null. */
export function numeric(row: Aggregates, name: string): number | undefined {
  const value = row[name];
  if (value === null || value === undefined) return undefined;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "number") return value;
  throw new Error(`${name} is no number`);
}

export function text(row: Aggregates, name: string): string {
  const value = row[name];
  return value === null || value === undefined ? "" : String(value);
}
