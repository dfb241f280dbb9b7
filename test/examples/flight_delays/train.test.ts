import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { evaluate } from "../../../examples/flight_delays/evaluate.ts";
import { areaUnderCurve } from "../../../examples/flight_delays/logistic.ts";
import { prepare } from "../../../examples/flight_delays/prepare.ts";
import { readOptions, train } from "../../../examples/flight_delays/train.ts";
import { madeUpFlights, rowsOf, temporaryFolder, writeParquet } from "./flights.ts";

const FILES = ["predict.mjs", "retrain.json", "weights.json"];
const example = fileURLToPath(new URL("../../../examples/flight_delays/", import.meta.url));

let folder: string;
let slice: string;
let later: string;
/** Trained on the whole slice. */
let version: string;

/** Four weeks of flights to train on and the week after them, as the steps get them. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flights-"));
  const file = join(folder, "flights.parquet");
  await prepare({ out: file });
  slice = join(folder, "training");
  later = join(folder, "holdout");
  const where = (from: string, to: string) =>
    `SELECT * FROM '${file}' WHERE departed_at >= TIMESTAMP '${from}' AND departed_at < TIMESTAMP '${to}'`;
  await writeParquet(join(slice, "part-0.parquet"), where("2001-02-25", "2001-03-11"));
  await writeParquet(join(slice, "part-1.parquet"), where("2001-03-11", "2001-03-25"));
  await writeParquet(join(later, "part-0.parquet"), where("2001-03-25", "2001-04-01"));
  version = join(folder, "version");
  await train(slice, version);
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

function aucOnLaterRows(version: string): Promise<number> {
  return aucOn(later, version);
}

async function aucOn(data: string, version: string): Promise<number> {
  const out = join(version, "predictions.parquet");
  await evaluate({ data, champion: undefined, challenger: version, out });
  const rows = await rowsOf(`SELECT challenger_score, label::INTEGER FROM '${out}'`);
  return areaUnderCurve(
    Float64Array.from(rows, ([score]) => Number(score)),
    Uint8Array.from(rows, ([, label]) => Number(label)),
  );
}

it("tells late flights of the week after better than 0.60 AUC, and no better than the data allow", async () => {
  const auc = await aucOnLaterRows(version);
  expect(auc).toBeGreaterThan(0.62);
  expect(auc).toBeLessThan(0.7);
  const record = JSON.parse(await readFile(join(version, "retrain.json"), "utf8"));
  expect(record).toMatchObject({
    rows: 460_209,
    oldest: "2001-02-25T00:01Z",
    newest: "2001-03-24T23:59Z",
    left_out: 0,
  });
  expect(record.training_auc).toBeGreaterThan(auc);
});

it("scores with the artefact what it scored while training", async () => {
  const record = JSON.parse(await readFile(join(version, "retrain.json"), "utf8"));
  expect(await aucOn(slice, version)).toBeCloseTo(record.training_auc, 6);
});

it("learns nothing from shuffled labels: no feature holds the label", async () => {
  const shuffled = join(await temporaryFolder(), "shuffled");
  await writeParquet(
    join(shuffled, "part-0.parquet"),
    `SELECT * EXCLUDE (late), lead(late, 100_003, false) OVER (ORDER BY hash(flight_id)) AS late FROM '${slice}/*.parquet'`,
  );
  const blind = join(shuffled, "version");
  await train(shuffled, blind);
  expect(Math.abs((await aucOnLaterRows(blind)) - 0.5)).toBeLessThan(0.03);
});

it("gives the same bytes twice, also where the rows come in another order and in other files", async () => {
  const base = await temporaryFolder();
  const other = join(base, "other");
  await writeParquet(join(other, "all.parquet"), `SELECT * FROM '${slice}/*.parquet' ORDER BY hash(flight_id)`);
  await train(slice, join(base, "again"));
  await train(other, join(base, "shuffled"));
  for (const name of FILES) {
    const bytes = await readFile(join(version, name));
    expect(await readFile(join(base, "again", name))).toEqual(bytes);
    expect(await readFile(join(base, "shuffled", name))).toEqual(bytes);
  }
});

it("trains on the newest days only where it is told to, and is then worse", async () => {
  const base = await temporaryFolder();
  await train(slice, join(base, "three"), { days: 3 });
  const record = JSON.parse(await readFile(join(base, "three", "retrain.json"), "utf8"));
  expect(record).toMatchObject({ oldest: "2001-03-22T00:00Z", newest: "2001-03-24T23:59Z", parameters: { days: 3 } });
  expect(await aucOnLaterRows(version)).toBeGreaterThan((await aucOnLaterRows(join(base, "three"))) + 0.02);
});

it("gives an unknown destination no weight, or throws where it was trained to", async () => {
  const base = await temporaryFolder();
  await writeParquet(join(base, "data", "part-0.parquet"), madeUpFlights("2001-03-01", 5000));
  const row = { hour: 9, weekday: 1, origin: "ORD", destination: "KJFK", distance: 700 };
  const scores: number[] = [];
  for (const unknownDestinations of ["ignore", "throw"] as const) {
    const made = join(base, unknownDestinations);
    await train(join(base, "data"), made, { unknownDestinations });
    const { predict } = await import(pathToFileURL(join(made, "predict.mjs")).href);
    scores.push(predict({ ...row, destination: "JFK" }).score);
    if (unknownDestinations === "throw") {
      expect(() => predict(row)).toThrow('destination "KJFK" is not in the table of this version');
    } else {
      const weights = JSON.parse(await readFile(join(made, "weights.json"), "utf8"));
      const logit = (score: number) => Math.log(score / (1 - score));
      const known = predict({ ...row, destination: "JFK" }).score;
      expect(logit(known) - logit(predict(row).score)).toBeCloseTo(weights.destination.JFK, 10);
      expect(predict({ ...row, destination: "constructor" })).toEqual(predict(row));
    }
  }
  expect(scores[0]).toBe(scores[1]);
});

it("refuses a request with an impossible value", async () => {
  const base = await temporaryFolder();
  await writeParquet(join(base, "data", "part-0.parquet"), madeUpFlights("2001-03-01", 5000));
  await train(join(base, "data"), join(base, "version"));
  const { predict } = await import(pathToFileURL(join(base, "version", "predict.mjs")).href);
  const row = { hour: 9, weekday: 1, origin: "ORD", destination: "JFK", distance: 700 };
  expect(predict(row).score).toBeGreaterThan(0);
  expect(predict({ ...row, distance: null }).score).toBeGreaterThan(0);
  expect(() => predict({ ...row, hour: 24 })).toThrow("hour is 24, not a whole number from 0 to 23");
  expect(() => predict({ ...row, weekday: 0.5 })).toThrow("weekday is 0.5");
  expect(() => predict({ ...row, distance: "far" })).toThrow('distance is "far"');
  expect(() => predict({ ...row, origin: undefined })).toThrow("origin is undefined");
});

it("leaves rows with a missing or impossible value out and says how many", async () => {
  const base = await temporaryFolder();
  const flights = madeUpFlights("2001-03-01", 5000);
  await writeParquet(
    join(base, "data", "part-0.parquet"),
    `SELECT * REPLACE (CASE WHEN distance = 500 THEN NULL ELSE distance END AS distance,
                       CASE WHEN distance = 501 THEN 24 ELSE hour END AS hour) FROM (${flights})`,
  );
  const lines: string[] = [];
  await train(join(base, "data"), join(base, "version"), {}, (line) => lines.push(line));
  expect(lines).toContain("6 flights with a missing or impossible value are left out");
});

it("says what is wrong with data it cannot train on", async () => {
  const base = await temporaryFolder();
  await expect(train(join(base, "none"), base)).rejects.toThrow("cannot be read");
  await expect(train(base, base)).rejects.toThrow("no file in");
  await writeParquet(join(base, "columns", "a.parquet"), "SELECT 1 AS hour");
  await expect(train(join(base, "columns"), base)).rejects.toThrow(/columns cannot be read: .*"weekday" not found/);
  await writeParquet(
    join(base, "never", "a.parquet"),
    `SELECT * REPLACE (false AS late) FROM (${madeUpFlights("2001-03-01", 50)})`,
  );
  await expect(train(join(base, "never"), base)).rejects.toThrow("holds no late flight");
  await writeFile(join(base, "columns", "a.parquet"), "PAR1 cut");
  await expect(train(join(base, "columns"), base)).rejects.toThrow("columns cannot be read");
});

it("reads its options from a file, none where there is no file, and refuses what it does not know", async () => {
  const base = await temporaryFolder();
  const file = join(base, "training.json");
  expect(await readOptions(file)).toEqual({});
  await writeFile(file, '{ "days": 3, "unknownDestinations": "throw" }');
  expect(await readOptions(file)).toEqual({ days: 3, unknownDestinations: "throw" });
  await writeFile(file, '{ "day": 3 }');
  await expect(readOptions(file)).rejects.toThrow(/not a file of training options.*"day"/s);
  await writeFile(file, "{");
  await expect(readOptions(file)).rejects.toThrow("not a file of training options");
});

it("ends with one line and exit code 1 where the command is wrong", () => {
  for (const [args, message] of [
    [["--data", "x"], "write: node train.ts --data FOLDER --out FOLDER"],
    [["--date", "x"], "Unknown option '--date'"],
    [["--data", "/nowhere", "--out", "/tmp/x"], "the data folder /nowhere cannot be read"],
  ] as const) {
    const ended = spawnSync(process.execPath, ["train.ts", ...args], { cwd: example, encoding: "utf8" });
    expect(ended.status).toBe(1);
    expect(ended.stderr).toContain(message);
    expect(ended.stderr).not.toContain("    at ");
  }
});
