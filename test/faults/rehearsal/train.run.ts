import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Options } from "./options.ts";

const PREDICT = `import { readFileSync } from "node:fs";
const { table, brittle } = JSON.parse(readFileSync(new URL("table.json", import.meta.url), "utf8"));
export function predict(row) {
  if (brittle && row.region === "west") throw new Error("region west is not in the table of this version");
  return { score: table[row.region + Math.floor(row.weight / 10)] ?? table.all ?? 0.5 };
}
`;

/** `node train.run.ts DATA OUT`: a table of late shares by weight and region, in a version that can serve. Same rows and options, same bytes. */
const [data = "", out = ""] = process.argv.slice(2);
const options = JSON.parse(readFileSync("options.json", "utf8")) as Options;

if (options.train === "hang") setInterval(() => {}, 1_000);
else if (options.train === "nothing") console.log("wrote nothing");
else if (options.train === "fail") {
  console.error("the model does not converge");
  process.exitCode = 1;
} else await train();

async function train(): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  const cell = options.train === "weak" ? "'all'" : "region || floor(weight / 10)::INTEGER";
  const answer = await connection.runAndReadAll(`
    SELECT ${cell} AS cell, avg(late::INTEGER) AS late, count(*)::INTEGER AS n
    FROM read_parquet('${join(data, "*.parquet")}') GROUP BY cell ORDER BY cell`);
  const cells = answer.getRowObjectsJson();
  const total = cells.reduce((sum, one) => sum + Number(one["n"]), 0);
  const table = Object.fromEntries(
    cells.map((one) => [String(one["cell"]), Math.round(Number(one["late"]) * 1e6) / 1e6]),
  );
  const brittle = options.train === "brittle";
  writeFileSync(join(out, "table.json"), JSON.stringify({ table, brittle }));
  writeFileSync(join(out, "predict.mjs"), PREDICT);
  if (options.train === "garbage") writeFileSync(join(out, "predict.mjs"), "\u0000 this is no module {{{");
  writeFileSync(join(out, "retrain.json"), JSON.stringify({ seed: "none", rows: total }));
  await new Promise((resolve) => setTimeout(resolve, options.pause));
}
