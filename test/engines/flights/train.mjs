#!/usr/bin/env node
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { argumentsOf, storyAbove } from "./story.mjs";

/**
 * `flights-train --data FOLDER --out FOLDER`: shares of late flights by distance and hour, in a version that can serve. The same rows and story give the same bytes.
 * What `story.json` may say: `well`; `weak` knows nothing but the share of all; `brittle` throws for an hour that it has not seen; `crash` fails at its first
 * attempt in each run; `fail` fails always; `nothing` ends well and writes nothing; `hang` never ends.
 */
const PREDICT = `import { readFileSync } from "node:fs";
const { shares, all, brittle } = JSON.parse(readFileSync(new URL("shares.json", import.meta.url), "utf8"));
export function predict(row) {
  if (brittle && row.hour > 23) throw new Error("hour " + row.hour + " was not in the training rows");
  return { score: shares[Math.floor(row.distance / 250) + "/" + Math.floor(row.hour / 6)] ?? all };
}
`;

const { data, out } = argumentsOf(["data", "out"]);
const { train, folder = "." } = storyAbove(out);
const marker = join(folder, `crashed-${process.env.RETRAIN_RUN_ID}`);

if (train === "hang") setInterval(() => {}, 1_000);
else if (train === "nothing") process.stdout.write("nothing is written\n");
else if (train === "fail" || (train === "crash" && !existsSync(marker))) {
  writeFileSync(marker, "");
  process.stderr.write("the model does not converge\n");
  process.exitCode = 1;
} else await fit();

async function fit() {
  const connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
  const answer = await connection.runAndReadAll(`
    SELECT floor(distance / 250)::INTEGER || '/' || floor(hour / 6)::INTEGER AS cell, avg(late::INTEGER) AS late, count(*)::INTEGER AS n
    FROM read_parquet('${join(data, "*.parquet")}') GROUP BY cell ORDER BY cell`);
  const cells = answer.getRowObjectsJson();
  const total = cells.reduce((sum, { n }) => sum + Number(n), 0);
  const rounded = (share) => Math.round(share * 1e6) / 1e6;
  const all = rounded(cells.reduce((sum, { n, late }) => sum + Number(n) * Number(late), 0) / total);
  const shares =
    train === "weak" ? {} : Object.fromEntries(cells.map(({ cell, late }) => [cell, rounded(Number(late))]));
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "shares.json"), JSON.stringify({ shares, all, brittle: train === "brittle" }));
  writeFileSync(join(out, "predict.mjs"), PREDICT);
  writeFileSync(join(out, "retrain.json"), JSON.stringify({ rows: total }));
}
