import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type { DuckDBConnection } from "@duckdb/node-api";
import { Failure, runScript } from "./failure.ts";
import { literal, pathOf, readFolder, unreadable, withDuckDb, writeWhole } from "./parquet.ts";

export interface EvaluateOptions {
  /** Folder of Parquet files with the holdout rows. */
  readonly data: string;
  /** Folder of the version that serves now; undefined where there is none. */
  readonly champion: string | undefined;
  readonly challenger: string;
  /** The predictions file to write. */
  readonly out: string;
}

/** Scores every holdout row with both versions and writes one Parquet file, whole. Returns the number of rows. */
export async function evaluate(options: EvaluateOptions): Promise<number> {
  const challenger = await loadVersion(options.challenger);
  const champion = options.champion === undefined ? undefined : await loadVersion(options.champion);
  const source = await readFolder(options.data);
  const out = pathOf(options.out);
  await mkdir(dirname(out), { recursive: true });
  return await withDuckDb("256MB", async (connection) => {
    await connection
      .run(`
        CREATE TABLE flights AS
        SELECT flight_id AS key, late AS label, departed_at AS time, hour, weekday, origin, destination, distance
        FROM ${source} ORDER BY departed_at, flight_id`)
      .catch((error: unknown) => {
        throw unreadable(options.data, error);
      });
    const rows = await score(connection, champion, challenger);
    const scores = champion === undefined ? "challenger_score" : "champion_score, challenger_score";
    await writeWhole(out, async (temporary) => {
      await connection.run(`
        COPY (SELECT key, label, time, ${scores}, hour, weekday, origin, destination, distance
              FROM flights POSITIONAL JOIN scores)
        TO ${literal(temporary)} (FORMAT parquet, COMPRESSION zstd)`);
    });
    return rows;
  });
}

/** Scores what a request to the server carries: hour, weekday, origin, destination, distance. */
type Score = (features: Readonly<Record<string, unknown>>) => number;

/** Loads the predict function of a version's folder. Its scores are checked: a probability or an error. */
async function loadVersion(folder: string): Promise<Score> {
  const file = join(pathOf(folder), "predict.mjs");
  const module: { readonly predict?: unknown } = await import(pathToFileURL(file).href).catch((error: unknown) => {
    throw new Failure(
      `the version ${file} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  const { predict } = module;
  if (typeof predict !== "function") {
    throw new Failure(`${file} does not export a function named predict`);
  }
  return (features) => {
    const answer: unknown = predict(features);
    const score = typeof answer === "object" && answer !== null && "score" in answer ? answer.score : undefined;
    if (typeof score !== "number" || !(score >= 0 && score <= 1)) {
      throw new Failure(`${file} answered ${JSON.stringify(answer)} instead of a score from 0 to 1`);
    }
    return score;
  };
}

async function score(connection: DuckDBConnection, champion: Score | undefined, challenger: Score): Promise<number> {
  await connection.run("CREATE TABLE scores (champion_score DOUBLE, challenger_score DOUBLE)");
  const appender = await connection.createAppender("scores");
  const flights = await connection.runAndReadAll(
    "SELECT key, hour::INTEGER, weekday::INTEGER, origin, destination, distance::DOUBLE FROM flights",
  );
  for (const [key, hour, weekday, origin, destination, distance] of flights.getRows()) {
    const features = { hour, weekday, origin, destination, distance };
    try {
      if (champion === undefined) {
        appender.appendNull();
      } else {
        appender.appendDouble(champion(features));
      }
      appender.appendDouble(challenger(features));
    } catch (error) {
      throw new Failure(`flight ${key} has no score: ${error instanceof Error ? error.message : String(error)}`);
    }
    appender.endRow();
  }
  appender.closeSync();
  return flights.currentRowCount;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: "string" },
      champion: { type: "string" },
      challenger: { type: "string" },
      out: { type: "string" },
    },
  });
  if (!values.data || !values.challenger || !values.out) {
    throw new Failure("write: node evaluate.ts --data FOLDER [--champion FOLDER] --challenger FOLDER --out FILE");
  }
  const champion = values.champion || undefined;
  console.log(
    `evaluate: scoring with ${champion === undefined ? "the challenger; there is no champion" : "both versions"}`,
  );
  const rows = await evaluate({ data: values.data, champion, challenger: values.challenger, out: values.out });
  console.log(`evaluate: ${rows.toLocaleString("en-US")} flights scored, written to ${pathOf(values.out)}`);
}

if (import.meta.main) {
  await runScript("evaluate", main);
}
