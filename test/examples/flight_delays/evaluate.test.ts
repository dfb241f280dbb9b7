import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { evaluate } from "../../../examples/flight_delays/evaluate.ts";
import { madeUpFlights, rowsOf, temporaryFolder, writeParquet } from "./flights.ts";

async function version(folder: string, source: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "predict.mjs"), source);
  return folder;
}

/** Answers a score made of the features, and throws where it is asked with anything else, such as the label. */
const CHECKING = `export function predict(row) {
  const names = Object.keys(row).sort().join();
  if (names !== "destination,distance,hour,origin,weekday") throw new Error("asked with " + names);
  return { score: row.distance / 10_000 + row.hour / 1_000_000 };
}`;

async function holdout(): Promise<{ readonly base: string; readonly data: string; readonly out: string }> {
  const base = await temporaryFolder();
  const data = join(base, "holdout");
  await writeParquet(join(data, "part-0.parquet"), madeUpFlights("2001-03-25", 700));
  await writeParquet(join(data, "part-1.parquet"), madeUpFlights("2001-03-26", 300).replaceAll("M%05d", "N%05d"));
  return { base, data, out: join(base, "out", "predictions.parquet") };
}

it("writes both versions' scores for every holdout row, asked with the five features only", async () => {
  const { base, data, out } = await holdout();
  const champion = await version(join(base, "champion"), CHECKING);
  const challenger = await version(join(base, "challenger"), CHECKING.replace("10_000", "5_000"));
  expect(await evaluate({ data, champion, challenger, out })).toBe(1000);
  const columns = await rowsOf(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '${out}')`);
  expect(columns).toEqual([
    ["key", "VARCHAR"],
    ["label", "BOOLEAN"],
    ["time", "TIMESTAMP"],
    ["champion_score", "DOUBLE"],
    ["challenger_score", "DOUBLE"],
    ["hour", "INTEGER"],
    ["weekday", "INTEGER"],
    ["origin", "VARCHAR"],
    ["destination", "VARCHAR"],
    ["distance", "INTEGER"],
  ]);
  const [counts] = await rowsOf(`
    SELECT count(*)::INTEGER,
           count(*) FILTER (champion_score = p.distance / 10_000 + p.hour / 1_000_000)::INTEGER,
           count(*) FILTER (challenger_score = p.distance / 5_000 + p.hour / 1_000_000)::INTEGER,
           count(*) FILTER (label = late AND time = departed_at AND p.weekday = f.weekday AND p.origin = f.origin)::INTEGER
    FROM '${out}' p JOIN '${data}/*.parquet' f ON key = flight_id`);
  expect(counts).toEqual([1000, 1000, 1000, 1000]);
});

it("leaves the champion's column out where there is no champion", async () => {
  const { base, data, out } = await holdout();
  const challenger = await version(join(base, "challenger"), CHECKING);
  await evaluate({ data, champion: undefined, challenger, out });
  const columns = await rowsOf(`SELECT column_name FROM (DESCRIBE SELECT * FROM '${out}')`);
  expect(columns.flat()).not.toContain("champion_score");
  expect(columns.flat()).toContain("challenger_score");
});

it("writes nothing where a version throws, answers no probability or cannot be loaded", async () => {
  const { base, data, out } = await holdout();
  const cases = [
    [
      "throws",
      "export const predict = () => { throw new Error('no table'); };",
      "flight M00000 has no score: no table",
    ],
    [
      "beyond",
      "export const predict = () => ({ score: 1.5 });",
      'answered {"score":1.5} instead of a score from 0 to 1',
    ],
    ["missing", "export const predict = () => ({ score: Number.NaN });", "instead of a score from 0 to 1"],
    ["nothing", "export const version = 1;", "does not export a function named predict"],
    ["broken", "export const predict = (", "cannot be loaded"],
  ] as const;
  for (const [name, source, message] of cases) {
    const challenger = await version(join(base, name), source);
    await expect(evaluate({ data, champion: undefined, challenger, out })).rejects.toThrow(message);
  }
  expect(existsSync(out) ? await readdir(join(base, "out")) : []).toEqual([]);
});

it("names a file that was cut in half", async () => {
  const { base, data, out } = await holdout();
  const challenger = await version(join(base, "challenger"), CHECKING);
  await writeFile(join(data, "part-1.parquet"), "PAR1 cut");
  await expect(evaluate({ data, champion: undefined, challenger, out })).rejects.toThrow(
    /cannot be read: .*part-1.parquet/,
  );
});
