import { mkdtemp, readdir, readFile, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { prepare } from "../../../examples/flight_delays/prepare.ts";
import { rowsOf } from "./flights.ts";

let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flights-"));
  file = join(folder, "flights.parquet");
  await prepare({ out: file });
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

it("holds three million flights of half a year, one in five late", async () => {
  const [facts] = await rowsOf(`
    SELECT count(*)::INTEGER, count(DISTINCT flight_id)::INTEGER, count(*) FILTER (late)::INTEGER,
           count(DISTINCT origin)::INTEGER, count(DISTINCT destination)::INTEGER, count(DISTINCT departed_at::DATE)::INTEGER,
           min(departed_at)::VARCHAR, max(departed_at)::VARCHAR, min(distance), max(distance)
    FROM '${file}'`);
  expect(facts).toEqual([
    2_999_994,
    2_999_994,
    599_051,
    229,
    228,
    181,
    "2001-01-01 00:01:00",
    "2001-06-30 23:59:00",
    21,
    4962,
  ]);
});

it("has no missing value, and hour and weekday follow from the departure, 0 being Sunday", async () => {
  const [counts] = await rowsOf(`
    SELECT count(*) FILTER (flight_id IS NULL OR departed_at IS NULL OR distance IS NULL OR origin IS NULL
                            OR destination IS NULL OR hour IS NULL OR weekday IS NULL OR late IS NULL)::INTEGER,
           count(*) FILTER (hour <> hour(departed_at) OR weekday <> isodow(departed_at) % 7)::INTEGER
    FROM '${file}'`);
  expect(counts).toEqual([0, 0]);
  expect(await rowsOf(`SELECT DISTINCT weekday FROM '${file}' WHERE departed_at::DATE = '2001-04-22'`)).toEqual([[0]]);
});

it("has the policy's columns and nothing that the label is made of", async () => {
  const columns = await rowsOf(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '${file}')`);
  expect(columns).toEqual([
    ["flight_id", "VARCHAR"],
    ["departed_at", "TIMESTAMP"],
    ["distance", "INTEGER"],
    ["origin", "VARCHAR"],
    ["destination", "VARCHAR"],
    ["hour", "INTEGER"],
    ["weekday", "INTEGER"],
    ["late", "BOOLEAN"],
  ]);
});

it("is sorted by departure in row groups of little more than a day, so that a window is a small read", async () => {
  const [order] = await rowsOf(`
    SELECT count(*) FILTER (departed_at < before)::INTEGER
    FROM (SELECT departed_at, lag(departed_at) OVER (ORDER BY flight_id) AS before FROM '${file}')`);
  expect(order).toEqual([0]);
  const [largest] = await rowsOf(`SELECT max(row_group_num_rows)::INTEGER FROM parquet_metadata('${file}')`);
  expect(largest).toEqual([20_480]);
});

it("gives the same bytes again, in place of a file that was cut in half, and then leaves it as it is", async () => {
  const other = join(folder, "other.parquet");
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  expect(await prepare({ out: other, say })).toBe(true);
  const first = await readFile(other);
  expect(first.equals(await readFile(file))).toBe(true);
  await truncate(other, Math.floor(first.length / 2));
  expect(await prepare({ out: other, say })).toBe(true);
  expect(first.equals(await readFile(other))).toBe(true);
  expect(await prepare({ out: other, say })).toBe(false);
  expect(lines.at(-1)).toContain("already there and current");
  expect((await readdir(folder)).sort()).toEqual(["flights.parquet", "other.parquet"]);
});

it("puts the distances from an instant on in kilometres, and nothing else, and takes it back", async () => {
  const fed = join(folder, "fed.parquet");
  await prepare({ out: fed, kilometresFrom: Date.parse("2001-04-17T00:00:00Z") });
  const [difference] = await rowsOf(`
    SELECT count(*) FILTER (a.distance <> b.distance AND a.departed_at < TIMESTAMP '2001-04-17')::INTEGER,
           count(*) FILTER (b.distance <> round(a.distance * 1.609344) AND a.departed_at >= TIMESTAMP '2001-04-17')::INTEGER,
           count(*) FILTER ((a.departed_at, a.origin, a.destination, a.hour, a.weekday, a.late)
                        <> (b.departed_at, b.origin, b.destination, b.hour, b.weekday, b.late))::INTEGER,
           count(*)::INTEGER
    FROM '${file}' a JOIN '${fed}' b USING (flight_id)`);
  expect(difference).toEqual([0, 0, 0, 2_999_994]);
  expect(await prepare({ out: fed })).toBe(true);
  expect((await readFile(fed)).equals(await readFile(file))).toBe(true);
});
