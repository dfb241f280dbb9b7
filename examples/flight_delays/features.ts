import type { DuckDBConnection, DuckDBDataChunk } from "@duckdb/node-api";
import { Failure } from "./failure.ts";
import type { OneHotRows } from "./logistic.ts";
import { literal, readFolder, unreadable, withDuckDb } from "./parquet.ts";

/** Where one distance bucket ends and the next begins, in miles. The first and the last bucket are open. */
export const DISTANCE_EDGES = [150, 250, 350, 450, 550, 700, 850, 1000, 1250, 1500, 1750, 2000, 2500];
export const HOURS = 24;
export const HOURS_OF_WEEK = 7 * HOURS;
/** Hour, hour of the week, origin, destination, distance bucket. */
const FEATURES = 5;
const NEEDED = ["hour", "weekday", "origin", "destination", "distance", "late", "departed_at", "flight_id"];

/** Where the columns of each feature begin, in this order; column 0 is the intercept. */
export interface Layout {
  readonly origins: readonly string[];
  readonly destinations: readonly string[];
  readonly hour: number;
  readonly hourOfWeek: number;
  readonly origin: number;
  readonly destination: number;
  readonly distance: number;
  readonly width: number;
}

export interface TrainingRows {
  readonly rows: OneHotRows;
  readonly layout: Layout;
  /** Rows left out because a value is missing or impossible. */
  readonly incomplete: number;
  /** Departure of the oldest and the newest row, ISO. */
  readonly oldest: string;
  readonly newest: string;
}

/** Reads a folder of Parquet files into one-hot columns, oldest flight first; with `days` only the newest so many days. */
export async function readTrainingRows(data: string, days: number | undefined): Promise<TrainingRows> {
  const source = await readFolder(data);
  return await withDuckDb("256MB", async (connection) => {
    try {
      return await read(connection, source, days, data);
    } catch (error) {
      throw error instanceof Failure ? error : unreadable(data, error);
    }
  });
}

async function read(
  connection: DuckDBConnection,
  source: string,
  days: number | undefined,
  data: string,
): Promise<TrainingRows> {
  const newest = `(SELECT max(departed_at) FROM ${source})`;
  const since = days === undefined ? "true" : `departed_at > ${newest} - to_seconds(${days * 86_400})`;
  const present = NEEDED.map((column) => `${column} IS NOT NULL`).join(" AND ");
  const complete = `${present} AND hour BETWEEN 0 AND 23 AND weekday BETWEEN 0 AND 6`;
  const facts = await connection.runAndReadAll(`
    SELECT count(*) FILTER (${complete})::INTEGER,
           count(*) FILTER ((${complete}) IS NOT true)::INTEGER,
           strftime(min(departed_at), '%Y-%m-%dT%H:%MZ'),
           strftime(max(departed_at), '%Y-%m-%dT%H:%MZ'),
           list_sort(list(DISTINCT origin) FILTER (${complete})),
           list_sort(list(DISTINCT destination) FILTER (${complete}))
    FROM ${source}
    WHERE ${since}`);
  const [count, incomplete, oldest, latest, origins, destinations] = facts.getRowsJS()[0] ?? [];
  if (typeof count !== "number" || count === 0 || !Array.isArray(origins) || !Array.isArray(destinations)) {
    throw new Failure(`${data} holds no rows to train on`);
  }
  const layout = layoutOf(origins.map(String), destinations.map(String));
  // Codes instead of texts cross from DuckDB to JavaScript: a code is the place in the sorted list.
  await connection.run(`CREATE TYPE origins AS ENUM (${layout.origins.map(literal).join(", ")})`);
  await connection.run(`CREATE TYPE destinations AS ENUM (${layout.destinations.map(literal).join(", ")})`);
  const stream = await connection.stream(`
    SELECT hour::INTEGER, weekday::INTEGER, enum_code(origin::origins)::INTEGER,
           enum_code(destination::destinations)::INTEGER, distance::DOUBLE, late::INTEGER
    FROM ${source}
    WHERE ${since} AND ${complete}
    ORDER BY departed_at, flight_id`);
  const columns = new Uint16Array(count * FEATURES);
  const labels = new Uint8Array(count);
  let row = 0;
  for await (const chunk of stream) {
    encode(chunk, layout, columns.subarray(row * FEATURES), labels.subarray(row));
    row += chunk.rowCount;
  }
  const rows = { columns, active: FEATURES, labels, width: layout.width };
  return { rows, layout, incomplete: Number(incomplete), oldest: String(oldest), newest: String(latest) };
}

function layoutOf(origins: readonly string[], destinations: readonly string[]): Layout {
  const hour = 1;
  const hourOfWeek = hour + HOURS;
  const origin = hourOfWeek + HOURS_OF_WEEK;
  const destination = origin + origins.length;
  const distance = destination + destinations.length;
  const width = distance + DISTANCE_EDGES.length + 1;
  return { origins, destinations, hour, hourOfWeek, origin, destination, distance, width };
}

/** Must agree with model/predict.mjs, which looks the same weights up by name; a test compares the two. */
function encode(chunk: DuckDBDataChunk, layout: Layout, columns: Uint16Array, labels: Uint8Array): void {
  const [hours = [], weekdays = [], origins = [], destinations = [], distances = [], late = []] = chunk.getColumns();
  for (let row = 0; row < chunk.rowCount; row += 1) {
    const hour = Number(hours[row]);
    const start = row * FEATURES;
    columns[start] = layout.hour + hour;
    columns[start + 1] = layout.hourOfWeek + Number(weekdays[row]) * HOURS + hour;
    columns[start + 2] = layout.origin + Number(origins[row]);
    columns[start + 3] = layout.destination + Number(destinations[row]);
    columns[start + 4] = layout.distance + distanceBucket(Number(distances[row]));
    labels[row] = Number(late[row]);
  }
}

function distanceBucket(distance: number): number {
  const bucket = DISTANCE_EDGES.findIndex((edge) => distance < edge);
  return bucket === -1 ? DISTANCE_EDGES.length : bucket;
}
