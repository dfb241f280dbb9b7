import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Dataset } from "../../compiler/plan/dataset.ts";
import type { DriftMeasure } from "../../compiler/plan/measure.ts";
import { openDuckDbSource } from "../../runtime/sources/duckdb/open.ts";

/** Time of PSI's bins over a column of three million rows, as a ratio to a bare scan (sum) of that column in the same run. */
const flights = join(import.meta.dirname, "../../node_modules/vega-datasets/data/flights-3m.parquet");
const limit = 5;
const rounds = 31;

const set: Dataset = {
  name: "flights",
  source: { kind: "parquet", uri: flights, place: { file: "", line: 1, column: 1, endLine: 1, endColumn: 1 } },
  time: "date",
  key: ["date"],
  columns: [{ name: "distance", type: "number", optional: false }],
};
const psi: DriftMeasure = {
  kind: "drift",
  name: "psi",
  dataset: "flights",
  column: "distance",
  options: {},
  unit: "number",
  better: "lower",
};
const split = Date.UTC(2001, 3, 1);
const end = Date.UTC(2001, 6, 1);

/** The best of all rounds: other work on the machine only ever adds to a time. */
function best(values: readonly number[]): number {
  return Math.min(...values);
}

const instance = await DuckDBInstance.create(":memory:");
const connection = await instance.connect();
const source = openDuckDbSource({ root: tmpdir(), scratch: join(tmpdir(), "retrain-bench"), rehearsal: true });
const scans: number[] = [];
const bins: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  const begin = performance.now();
  await connection.runAndReadAll(`SELECT sum(distance) FROM read_parquet('${flights.replaceAll("'", "''")}')`);
  const middle = performance.now();
  const found = await source.bins(set, psi, { start: Date.UTC(2001, 0, 1), end: split }, { start: split, end }, end);
  if (found.kind !== "bins") throw new Error(found.detail);
  scans.push(middle - begin);
  bins.push(performance.now() - middle);
}
await source.close();
connection.closeSync();
instance.closeSync();
const ratio = best(bins) / best(scans);
console.log(
  `psi bins ${best(bins).toFixed(1)} ms / scan ${best(scans).toFixed(1)} ms = ${ratio.toFixed(2)} (limit ${limit})`,
);
process.exitCode = ratio <= limit ? 0 : 1;
