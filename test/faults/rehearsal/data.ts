import { writeFileSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import { type Row, rows } from "./rows.ts";

function line(row: Row): string {
  return JSON.stringify({ ...row, time: new Date(row.time).toISOString().slice(0, 19).replace("T", " ") });
}

/** Writes the data set as one Parquet file. Same rows, every time. */
export async function writeData(file: string): Promise<void> {
  const lines = `${file}.json`;
  writeFileSync(lines, rows().map(line).join("\n"));
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(`
    COPY (SELECT id, time::TIMESTAMP AS shipped_at, weight::DOUBLE AS weight, region, hour::INTEGER AS hour, late
          FROM read_json('${lines}', format = 'newline_delimited', columns =
            {id: 'VARCHAR', time: 'VARCHAR', weight: 'DOUBLE', region: 'VARCHAR', hour: 'INTEGER', late: 'BOOLEAN'}))
    TO '${file}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
}
