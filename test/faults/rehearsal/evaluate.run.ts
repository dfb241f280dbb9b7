import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Options } from "./options.ts";
import type { Parcel } from "./rows.ts";

/** `node evaluate.run.ts DATA CHAMPION CHALLENGER OUT`: scores the holdout rows with both versions; CHAMPION is empty for a first model. */
const [data = "", champion = "", challenger = "", out = ""] = process.argv.slice(2);
const options = JSON.parse(readFileSync("options.json", "utf8")) as Options;

type Predict = (row: Parcel) => { readonly score: number };

async function load(folder: string): Promise<Predict> {
  const { predict } = (await import(pathToFileURL(join(folder, "predict.mjs")).href)) as { readonly predict: Predict };
  return predict;
}

if (options.evaluate === "nothing") console.log("wrote nothing");
else if (options.evaluate === "garbage") writeFileSync(out, "this is no Parquet file\n".repeat(50));
else await evaluate();

async function evaluate(): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  const versions = {
    challenger: await load(challenger),
    ...(champion === "" ? {} : { champion: await load(champion) }),
  };
  const answer = await connection.runAndReadAll(`
    SELECT id, late, epoch_ms(shipped_at)::DOUBLE AS time, weight, region, hour
    FROM read_parquet('${join(data, "*.parquet")}') ORDER BY shipped_at, id`);
  const scored = answer.getRowObjects().map((row) => {
    const features = {
      weight: Number(row["weight"]),
      region: row["region"] as Parcel["region"],
      hour: Number(row["hour"]),
    };
    return JSON.stringify({
      key: String(row["id"]),
      label: row["late"],
      time: new Date(Number(row["time"])).toISOString(),
      champion_score: versions.champion?.(features).score ?? null,
      challenger_score: versions.challenger(features).score,
      region: features.region,
    });
  });
  const lines = `${out}.json`;
  writeFileSync(lines, scored.join("\n"));
  await connection.run(`
    COPY (SELECT key, label, time::TIMESTAMP AS time, champion_score, challenger_score, region
          FROM read_json('${lines}', format = 'newline_delimited', columns = {key: 'VARCHAR', label: 'BOOLEAN',
            time: 'VARCHAR', champion_score: 'DOUBLE', challenger_score: 'DOUBLE', region: 'VARCHAR'}))
    TO '${out}' (FORMAT parquet)`);
  await new Promise((resolve) => setTimeout(resolve, options.pause));
}
