import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { onTestFinished } from "vitest";
import type { Dataset } from "../../../../compiler/plan/dataset.ts";
import type { DataMeasure, DriftMeasure } from "../../../../compiler/plan/measure.ts";
import type { Unanswered } from "../../../../runtime/judge/observation.ts";
import {
  type DuckDbSource,
  type DuckDbSourceOptions,
  openDuckDbSource,
} from "../../../../runtime/sources/duckdb/open.ts";

export const DAY = 86_400_000;
export const START = Date.UTC(2001, 0, 1);

/** A folder that goes away with the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "retrain-sources-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export function source(root: string, options: Partial<DuckDbSourceOptions> = {}): DuckDbSource {
  const opened = openDuckDbSource({ root, scratch: join(root, ".scratch"), rehearsal: true, ...options });
  onTestFinished(() => opened.close());
  return opened;
}

export function put(root: string, name: string, content: string | Uint8Array): string {
  const path = join(root, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** Writes what a query selects. */
export async function parquet(root: string, name: string, select: string): Promise<string> {
  const path = join(root, name);
  mkdirSync(dirname(path), { recursive: true });
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  return path;
}

export interface Row {
  readonly id: string | number;
  readonly at: string | number;
  readonly amount: number | string | null;
  readonly country: string | null;
  readonly late: boolean | null;
}

const iso = (at: string | number): string => (typeof at === "number" ? new Date(at).toISOString() : at);

export function csv(rows: readonly Row[]): string {
  const cell = (value: unknown): string => (value === null ? "" : String(value));
  const lines = rows.map((row) => [row.id, iso(row.at), row.amount, row.country, row.late].map(cell).join(","));
  return `id,at,amount,country,late\n${lines.join("\n")}\n`;
}

export function jsonl(rows: readonly Row[]): string {
  return rows.map((row) => `${JSON.stringify({ ...row, at: iso(row.at) })}\n`).join("");
}

/** The same rows as a typed Parquet file, made from the JSON lines. */
export async function typedParquet(root: string, name: string, rows: readonly Row[]): Promise<string> {
  const text = put(root, `${name}.jsonl`, jsonl(rows));
  return parquet(
    root,
    name,
    `SELECT id, "at", amount, country, late FROM read_json('${text}', format = 'newline_delimited',
     columns = {id: 'BIGINT', "at": 'TIMESTAMP', amount: 'DOUBLE', country: 'VARCHAR', late: 'BOOLEAN'})`,
  );
}

/** One row an hour; labels and values by arithmetic, so that expectations can be counted by hand. */
export function hourly(count: number, change: (row: Row, at: number) => Row = (row) => row): Row[] {
  return Array.from({ length: count }, (_, at) =>
    change(
      { id: at, at: START + at * 3_600_000, amount: at % 100, country: at % 4 === 0 ? "SG" : "DE", late: at % 5 === 0 },
      at,
    ),
  );
}

export function dataset(uri: string, change: Partial<Dataset> = {}): Dataset {
  const kind = uri.endsWith(".csv") ? "csv" : uri.endsWith(".jsonl") ? "jsonl" : "parquet";
  return {
    name: "payments",
    source: { kind, uri, place: { file: "p.retrain", line: 1, column: 1, endLine: 1, endColumn: 2 } },
    time: "at",
    key: ["id"],
    label: { column: "late", maturesAfter: DAY },
    holdout: { kind: "span", length: 7 * DAY },
    columns: [
      { name: "amount", type: "number", range: { low: 0, high: 98 }, optional: false },
      { name: "country", type: "category", oneOf: ["DE"], optional: false },
      { name: "late", type: "boolean", optional: false },
    ],
    ...change,
  };
}

export function data(
  name: DataMeasure["name"],
  columns: readonly string[] = [],
  options: DataMeasure["options"] = {},
): DataMeasure {
  return { kind: "data", name, dataset: "payments", columns: [...columns], options, unit: "number", better: "lower" };
}

export function drift(column: string, options: DriftMeasure["options"] = {}): DriftMeasure {
  return { kind: "drift", name: "psi", dataset: "payments", column, options, unit: "number", better: "lower" };
}

export function refused(reason: Unanswered["reason"], ...words: readonly string[]): object {
  return { kind: "unanswered", reason, detail: expectWords(words) };
}

function expectWords(words: readonly string[]): { asymmetricMatch(detail: unknown): boolean; toString(): string } {
  return {
    // A message names what the test asks for, in one line, without the engine's words for itself.
    asymmetricMatch: (detail) =>
      typeof detail === "string" &&
      words.every((word) => detail.includes(word)) &&
      !/\n|Error:|LINE \d|read_csv|read_parquet|read_json|DuckDB/.test(detail),
    toString: () => `a sentence with ${words.join(", ")}`,
  };
}
