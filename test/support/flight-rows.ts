import { rmSync, writeFileSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import { spread } from "../faults/rehearsal/rows.ts";

/** Where the policy's clock of a story begins: a Tuesday. */
export const FLIGHTS_START = Date.parse("2024-03-05T08:00:00Z");
const DAY = 86_400_000;
const ROWS_A_DAY = 600;
const DAYS_BEFORE = 60;
const DAYS_AFTER = 40;
/** From here on the rows of a shape are different. */
const TURN = Date.parse("2024-03-06T00:00:00Z");

/**
 * What the rows of a story are like. `usual`: the same from the first day to the last; `drifted`: flights are longer from the second day on; `turned`: from the
 * second day on the label says the opposite; `nulls`: one distance in twenty is missing in the days before the start; `young`: the first row is five days old.
 */
export type Shape = "usual" | "drifted" | "turned" | "nulls" | "young";

/** What a request carries, and what a model sees. */
interface Flight {
  readonly distance: number;
  readonly hour: number;
  readonly weekday: number;
}

/** Flight number `index`, which departs at `time`. */
export function flight(index: number, time: number): Flight {
  const at = new Date(time);
  return { distance: Math.round(2_500 * spread(index, 1) ** 2), hour: at.getUTCHours(), weekday: at.getUTCDay() };
}

/** Long flights, and those of the evening, are late more often. */
function lateness({ distance, hour }: Flight): number {
  return 1 / (1 + Math.exp(-(distance / 300 - 3 + (hour >= 18 ? 1.5 : 0))));
}

const FIRST = Math.floor(FLIGHTS_START / DAY) * DAY - DAYS_BEFORE * DAY;

/** Numbers of the rows that depart between two instants. */
export function* departures(from: number, to: number): Generator<{ readonly index: number; readonly time: number }> {
  for (let index = 0, time = FIRST; time < to; index += 1, time = FIRST + index * (DAY / ROWS_A_DAY)) {
    if (time >= from) yield { index, time };
  }
}

/** Writes the rows of a shape as one Parquet file. The same bytes for the same shape. */
export async function writeFlights(file: string, shape: Shape): Promise<void> {
  const lines: string[] = [];
  for (let index = 0; index < (DAYS_BEFORE + DAYS_AFTER) * ROWS_A_DAY; index += 1) {
    const time = FIRST + index * (DAY / ROWS_A_DAY);
    if (shape === "young" && time < FLIGHTS_START - 5 * DAY) continue;
    const usual = flight(index, time);
    const turned = time >= TURN;
    const late = spread(index, 3) < lateness(usual) !== (shape === "turned" && turned);
    const distance = shape === "drifted" && turned ? usual.distance * 2 : usual.distance;
    const isMissing = shape === "nulls" && time >= FLIGHTS_START - 3 * DAY && index % 20 === 0;
    const departed_at = new Date(time).toISOString().slice(0, 19).replace("T", " ");
    lines.push(
      JSON.stringify({ ...usual, flight_id: `f${index}`, departed_at, late, distance: isMissing ? null : distance }),
    );
  }
  writeFileSync(`${file}.json`, lines.join("\n"));
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run(`
    COPY (SELECT flight_id, departed_at::TIMESTAMP AS departed_at, distance::DOUBLE AS distance, hour::INTEGER AS hour, weekday::INTEGER AS weekday, late
          FROM read_json('${file}.json', format = 'newline_delimited', columns = {flight_id: 'VARCHAR', departed_at: 'VARCHAR',
            distance: 'DOUBLE', hour: 'INTEGER', weekday: 'INTEGER', late: 'BOOLEAN'}))
    TO '${file}' (FORMAT parquet)`);
  connection.closeSync();
  rmSync(`${file}.json`);
}
