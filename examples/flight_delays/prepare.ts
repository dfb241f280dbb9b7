import { createHash } from "node:crypto";
import { mkdir, readFile, stat } from "node:fs/promises";
import { dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Failure, runScript } from "./failure.ts";
import { literal, withDuckDb, writeWhole } from "./parquet.ts";

/** Raised whenever the SQL below changes, so that an older file is made again. */
const RECIPE = "1";
const KILOMETRES_PER_MILE = 1.609344;
/** About 30 hours of flights: a window of a few days reads a few row groups. */
const ROWS_PER_GROUP = 20_480;

/** Where the policy looks for its data. */
export const FLIGHTS_FILE = fileURLToPath(new URL("data/flights.parquet", import.meta.url));

export interface PrepareOptions {
  /** The file to write. */
  readonly out: string;
  /** Flights departing at or after this instant get their distance in kilometres: the broken feed of the story. */
  readonly kilometresFrom?: number | undefined;
  readonly say?: (line: string) => void;
}

/** Writes the story's data from the package `vega-datasets`. Same source and options, same bytes. Returns false where the file was already there and current. */
export async function prepare(options: PrepareOptions): Promise<boolean> {
  const say = options.say ?? (() => undefined);
  const source = fileURLToPath(new URL("../data/flights-3m.parquet", import.meta.resolve("vega-datasets")));
  const bytes = await readFile(source).catch(() => {
    throw new Failure(
      `${source} is missing. Run "npm ci" in the project's folder: the package vega-datasets brings it.`,
    );
  });
  const from = options.kilometresFrom === undefined ? undefined : new Date(options.kilometresFrom).toISOString();
  const made = {
    recipe: RECIPE,
    source: createHash("sha256").update(bytes).digest("hex"),
    kilometres_from: from ?? "never",
  };
  const name = relative(process.cwd(), options.out) || options.out;
  if (await isCurrent(options.out, made)) {
    say(`${name} is already there and current: left as it is`);
    return false;
  }
  say(`reading ${(bytes.length / 1e6).toFixed(1)} MB of US flights, January to June 2001`);
  await mkdir(dirname(options.out), { recursive: true });
  const metadata = Object.entries(made).map(([key, value]) => `${key}: ${literal(value)}`);
  const rows = await withDuckDb("250MB", async (connection) => {
    await connection.run(`SET temp_directory = ${literal(`${options.out}.sort`)}`);
    let count = 0;
    await writeWhole(options.out, async (temporary) => {
      const result = await connection.run(
        `COPY (${flights(source, from)}) TO ${literal(temporary)}
         (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROWS_PER_GROUP}, KV_METADATA {${metadata.join(", ")}})`,
      );
      count = result.rowsChanged;
    });
    return count;
  });
  const size = (await stat(options.out)).size;
  say(`wrote ${name}: ${rows.toLocaleString("en-US")} flights, ${(size / 1e6).toFixed(1)} MB`);
  if (from !== undefined) {
    say(`injected: distance is in kilometres for flights departing from ${from} on`);
  }
  return true;
}

/** `delay` is left out: the label is made of it. The running number orders flights that are alike in everything else by their place in the source. */
function flights(source: string, kilometresFrom: string | undefined): string {
  const kilometres = `round(distance * ${KILOMETRES_PER_MILE})`;
  const distance =
    kilometresFrom === undefined
      ? "distance"
      : `CASE WHEN date >= TIMESTAMP ${literal(kilometresFrom.replace("Z", ""))} THEN ${kilometres} ELSE distance END`;
  return `
    SELECT printf('F%07d', number) AS flight_id,
           date AS departed_at,
           CAST(${distance} AS INTEGER) AS distance,
           origin,
           destination,
           CAST(hour(date) AS INTEGER) AS hour,
           CAST(dayofweek(date) AS INTEGER) AS weekday,
           delay > 15 AS late
    FROM (
      SELECT *, row_number() OVER (ORDER BY date, origin, destination, delay, file_row_number) AS number
      FROM read_parquet(${literal(source)}, file_row_number = true)
      WHERE date < TIMESTAMP '2001-07-01'
    )
    ORDER BY number`;
}

async function isCurrent(path: string, made: Readonly<Record<string, string>>): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) {
    return false;
  }
  return await withDuckDb("100MB", async (connection) => {
    const metadata = await connection
      .runAndReadAll(`SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata(${literal(path)})`)
      .catch(() => undefined);
    const stored = new Map(metadata?.getRowsJS().map(([key, value]) => [String(key), String(value)]));
    return Object.entries(made).every(([key, value]) => stored.get(key) === value);
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { out: { type: "string" }, "kilometres-from": { type: "string" } } });
  const text = values["kilometres-from"];
  const zoned = text?.includes("T") === true && !/(Z|[+-]\d\d:\d\d)$/.test(text) ? `${text}Z` : text;
  const kilometresFrom = zoned === undefined ? undefined : Date.parse(zoned);
  if (Number.isNaN(kilometresFrom)) {
    throw new Failure(`--kilometres-from ${text} is not a time. Write it like 2001-04-17 or 2001-04-17T00:00Z.`);
  }
  await prepare({ out: values.out ?? FLIGHTS_FILE, kilometresFrom, say: (line) => console.log(`prepare: ${line}`) });
}

if (import.meta.main) {
  await runScript("prepare", main);
}
