#!/usr/bin/env node
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { argumentsOf, storyAbove } from "./story.mjs";

/**
 * `flights-evaluate --data FOLDER --champion FOLDER --challenger FOLDER --out FILE`: scores the holdout rows with both versions; no champion for a first model.
 * What `story.json` may say: `well`; `slice` turns the challenger's scores round on Wednesdays; `few` scores too few rows for an answer; `nothing` writes nothing.
 */
const { data, champion, challenger, out } = argumentsOf(["data", "champion", "challenger", "out"]);
const { evaluate } = storyAbove(out);

async function load(folder) {
  const { predict } = await import(pathToFileURL(join(folder, "predict.mjs")).href);
  return (row) => predict(row).score;
}

if (evaluate === "nothing") process.stdout.write("nothing is written\n");
else {
  const score = { challenger: await load(challenger), champion: champion === "" ? () => null : await load(champion) };
  const connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
  const answer = await connection.runAndReadAll(`
    SELECT flight_id, late, epoch_ms(departed_at)::DOUBLE AS time, distance, hour, weekday
    FROM read_parquet('${join(data, "*.parquet")}') ORDER BY departed_at, flight_id`);
  const rows = answer.getRowObjects().map((row) => {
    const [distance, hour, weekday] = [Number(row.distance), Number(row.hour), Number(row.weekday)];
    const own = score.challenger({ distance, hour });
    return JSON.stringify({
      key: String(row.flight_id),
      label: row.late,
      time: new Date(Number(row.time)).toISOString(),
      champion_score: score.champion({ distance, hour }),
      challenger_score: evaluate === "slice" && weekday === 3 ? 1 - own : own,
      weekday,
    });
  });
  const lines = `${out}.json`;
  writeFileSync(lines, (evaluate === "few" ? rows.slice(0, 80) : rows).join("\n"));
  await connection.run(`
    COPY (SELECT key, label, time::TIMESTAMP AS time, champion_score, challenger_score, weekday
          FROM read_json('${lines}', format = 'newline_delimited', columns = {key: 'VARCHAR', label: 'BOOLEAN', time: 'VARCHAR',
            champion_score: 'DOUBLE', challenger_score: 'DOUBLE', weekday: 'INTEGER'}))
    TO '${out}' (FORMAT parquet)`);
}
