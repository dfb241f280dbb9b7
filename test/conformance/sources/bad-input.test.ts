import { expect, it } from "vitest";
import {
  DAY,
  data,
  dataset,
  folder,
  hourly,
  put,
  START,
  source,
  typedParquet,
} from "../../runtime/sources/duckdb/fixture.ts";
import cases from "./bad-input.json" with { type: "json" };

const columns = ["key", "label", "time", "champion_score", "challenger_score", "weight"];
const holdout = { start: START, end: START + 7 * DAY };

function file({ column, row, cell }: (typeof cases)[number]): string {
  const lines = Array.from({ length: row === "none" ? 0 : 50 }, (_, at) => {
    const key = `k${String(at).padStart(3, "0")}`;
    const cells = [key, String(at % 2), new Date(START + at * 60_000).toISOString(), "0.25", String(at / 100), "1"];
    if (row === at || row === "all") cells[columns.indexOf(column)] = cell;
    return cells.join(",");
  });
  return `${[columns.join(","), ...lines].join("\n")}\n`;
}

it.each(cases)("a predictions file with $name is told by its reason", async (one) => {
  const root = folder();
  put(root, "p.csv", file(one));
  const found = await source(root).predictions("p.csv", [], holdout);
  const told = found.kind === "rows" ? found.kind : found.reason;
  expect([one.reason].flat(), found.kind === "rows" ? "" : found.detail).toContain(told);
  if (found.kind !== "rows") return expect(found.detail).not.toMatch(/undefined|NaN of|DuckDB/);
  for (const column of [found.label, found.challenger, found.champion ?? found.label]) {
    expect(column.length).toBe(50);
    expect(column.every((value) => Number.isFinite(value))).toBe(true);
  }
});

it("tells whole numbers apart that one double cannot hold", async () => {
  const root = folder();
  const rows = hourly(300).map((row, at) => ({ ...row, id: `900719925474099${2 + (at % 2)}` }));
  await typedParquet(root, "p.parquet", rows);
  put(
    root,
    "p.csv",
    `id,at,amount,country,late\n${rows.map((row) => `${row.id},${new Date(Number(row.at)).toISOString()},1,DE,false`).join("\n")}\n`,
  );
  for (const name of ["p.parquet", "p.csv"]) {
    const set = dataset(name, { columns: [{ name: "id", type: "integer", optional: false }] });
    const window = { start: START, end: START + 30 * DAY };
    const found = await source(root).measure(set, data("distinct", ["id"]), window, START + 30 * DAY);
    expect(found, name).toMatchObject({ kind: "value", value: 2 });
  }
});

it("a column of mixed types is no number, and says which value is not", async () => {
  const root = folder();
  const lines = Array.from({ length: 400 }, (_, at) => {
    const cell = at === 250 ? "n/a" : at === 251 ? "1.5" : String(at);
    return `${at},${new Date(START + at * 60_000).toISOString()},${cell},DE,false`;
  });
  put(root, "p.csv", `id,at,amount,country,late\n${lines.join("\n")}\n`);
  const set = dataset("p.csv", { columns: [{ name: "amount", type: "number", optional: false }] });
  const window = { start: START, end: START + DAY };
  const found = await source(root).measure(set, data("mean", ["amount"]), window, START + 30 * DAY);
  expect(found).toMatchObject({
    kind: "unanswered",
    reason: "schema_mismatch",
    detail: expect.stringContaining("n/a"),
  });
});
