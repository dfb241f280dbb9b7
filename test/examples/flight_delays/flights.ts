import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { DuckDBValue } from "@duckdb/node-api";
import { onTestFinished } from "vitest";
import { literal, withDuckDb } from "../../../examples/flight_delays/parquet.ts";

/** A folder that is removed when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "flights-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Rows of one SQL query. */
export async function rowsOf(sql: string): Promise<DuckDBValue[][]> {
  return await withDuckDb("400MB", async (connection) => (await connection.runAndReadAll(sql)).getRows());
}

/** Writes the answer of a query as a Parquet file and returns its path. */
export async function writeParquet(path: string, sql: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await withDuckDb("400MB", async (connection) => {
    await connection.run(`COPY (${sql}) TO ${literal(path)} (FORMAT parquet)`);
  });
  return path;
}

/** Made-up flights, one a minute from `start` on, with the columns of the story's data. Every third one is late. */
export function madeUpFlights(start: string, count: number): string {
  return `
    SELECT printf('M%05d', n) AS flight_id, departed_at, (100 + n % 2000)::INTEGER AS distance,
           ['ORD', 'ATL', 'SEA'][1 + n % 3] AS origin, ['JFK', 'ORD', 'DEN', 'BOS'][1 + n % 4] AS destination,
           hour(departed_at)::INTEGER AS hour, dayofweek(departed_at)::INTEGER AS weekday, n % 3 = 0 AS late
    FROM (SELECT range::INTEGER AS n, TIMESTAMP ${literal(start)} + to_minutes(range) AS departed_at FROM range(${count}))`;
}
