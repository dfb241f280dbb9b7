import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, it } from "vitest";
import { csv, DAY, data, dataset, folder, hourly, put, refused, START, source, typedParquet } from "./fixture.ts";

const now = START + 30 * DAY;

it("a snapshot holds mature rows only, the newest span as holdout, and nothing of the future", async () => {
  const root = folder();
  await typedParquet(root, "rows.parquet", hourly(900));
  const reader = source(root);
  const taken = await reader.snapshot(dataset("rows.parquet"), join(root, "snap"), now);
  // Mature are the hours 0 to 29 * 24, both included; the holdout is the newest 7 * 24 of them.
  expect(taken).toMatchObject({
    dataset: "payments",
    watermark: START + 29 * DAY,
    training: {
      uri: join(root, "snap", "training"),
      rows: 22 * 24 + 1,
      window: { start: START, end: START + 22 * DAY + 1 },
    },
    holdout: {
      uri: join(root, "snap", "holdout"),
      rows: 7 * 24,
      window: { start: START + 22 * DAY + 1, end: START + 29 * DAY + 1 },
    },
    files: [{ path: join(root, "rows.parquet"), digest: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    rowSet: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(readdirSync(root).sort()).toEqual([".scratch", "rows.parquet", "rows.parquet.jsonl", "snap"]);
  const all = { start: 0, end: now };
  for (const [part, low, high] of [
    ["training", 0, 528],
    ["holdout", 529, 696],
  ] as const) {
    const set = dataset(`snap/${part}/*.parquet`, { columns: [{ name: "id", type: "integer", optional: false }] });
    expect(await reader.measure(set, data("min", ["id"]), all, now)).toMatchObject({ value: low });
    expect(await reader.measure(set, data("max", ["id"]), all, now)).toMatchObject({ value: high });
  }
});

it("a share splits by time and leaves ties to training", async () => {
  const root = folder();
  // The newest tenth of 2,000 rows would begin in the middle of 20 rows of one time.
  const rows = hourly(2000, (row, at) => ({ ...row, at: START + (at < 1790 ? at : at < 1810 ? 1790 : at) * 60_000 }));
  put(root, "rows.csv", csv(rows));
  const taken = await source(root).snapshot(
    dataset("rows.csv", { holdout: { kind: "share", share: 0.1 } }),
    join(root, "snap"),
    now,
  );
  expect(taken).toMatchObject({
    training: { rows: 1810, window: { end: START + 1790 * 60_000 + 1 } },
    holdout: { rows: 190 },
  });
});

it("a share of rows without ties is exactly that share", async () => {
  const root = folder();
  put(root, "rows.csv", csv(hourly(697)));
  const set = dataset("rows.csv", { holdout: { kind: "share", share: 0.2 } });
  expect(await source(root).snapshot(set, join(root, "snap"), now)).toMatchObject({
    training: { rows: 558 },
    holdout: { rows: 139 },
  });
});

it("training may be limited to its newest span", async () => {
  const root = folder();
  put(root, "rows.csv", csv(hourly(900)));
  const taken = await source(root).snapshot(dataset("rows.csv", { training: 10 * DAY }), join(root, "snap"), now);
  expect(taken).toMatchObject({ training: { rows: 240, window: { start: START + 12 * DAY + 1 } } });
});

it("the row-set hash does not see order, and sees a changed label, key and feature", async () => {
  const root = folder();
  const rows = hourly(900);
  const hash = async (name: string, changed: typeof rows): Promise<string> => {
    put(root, name, csv(changed));
    const taken = await source(root).snapshot(dataset(name), join(root, `snap-${name}`), now);
    if ("kind" in taken) throw new Error(taken.detail);
    return taken.rowSet;
  };
  const base = await hash("a.csv", rows);
  expect(await hash("b.csv", rows.toReversed())).toBe(base);
  const change = (at: number, to: object): typeof rows =>
    rows.map((row, index) => (index === at ? { ...row, ...to } : row));
  expect(await hash("c.csv", change(3, { late: true }))).not.toBe(base);
  expect(await hash("d.csv", change(3, { id: 12_345 }))).not.toBe(base);
  expect(await hash("e.csv", change(3, { amount: 77 }))).not.toBe(base);
  expect(await hash("f.csv", change(899, { amount: 77 }))).toBe(base);
});

it("a snapshot that is taken again replaces the old one whole", async () => {
  const root = folder();
  put(root, "rows.csv", csv(hourly(900)));
  const reader = source(root);
  await reader.snapshot(dataset("rows.csv"), join(root, "snap"), now);
  writeFileSync(join(root, "snap", "stale"), "x");
  await reader.snapshot(dataset("rows.csv"), join(root, "snap"), now);
  expect(readdirSync(join(root, "snap")).sort()).toEqual(["holdout", "training"]);
});

it("too few mature rows, a missing class and a short history refuse the snapshot and write nothing", async () => {
  const root = folder();
  const reader = source(root);
  const attempt = async (name: string, rows: ReturnType<typeof hourly>, change = {}): Promise<unknown> => {
    put(root, name, csv(rows));
    const answer = await reader.snapshot(dataset(name, change), join(root, "snap"), now);
    expect(existsSync(join(root, "snap"))).toBe(false);
    return answer;
  };
  expect(await attempt("short.csv", hourly(100))).toEqual(refused("labels_immature", "4.1 days", "7.0 days"));
  expect(await attempt("small.csv", hourly(200))).toEqual(refused("labels_immature", "training", "32 rows", "100"));
  expect(
    await attempt(
      "class.csv",
      hourly(800, (row) => ({ ...row, late: false })),
    ),
  ).toEqual(refused("labels_immature", "label is true"));
  expect(
    await attempt(
      "none.csv",
      hourly(800, (row) => ({ ...row, late: null })),
    ),
  ).toEqual(refused("labels_immature", "none.csv"));
  put(root, "bad.csv", csv(hourly(800)).replace("DE,false", "DE,perhaps"));
  expect(await reader.snapshot(dataset("bad.csv"), join(root, "snap"), now)).toEqual(
    refused("schema_mismatch", "bad.csv", '"late"', "perhaps"),
  );
});

it("a snapshot that cannot be written leaves nothing behind", async () => {
  const root = folder();
  put(root, "rows.csv", csv(hourly(900)));
  put(root, "occupied", "a file where a folder is needed");
  const answer = await source(root).snapshot(dataset("rows.csv"), join(root, "occupied", "snap"), now);
  expect(answer).toEqual(refused("source_unavailable", "snapshot"));
  expect(readdirSync(root).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

it("a snapshot of a text file is typed: declared columns as declared, others as all their values are written", async () => {
  const root = folder();
  const lines = csv(hourly(900)).trimEnd().split("\n");
  const more = lines.map((line, at) =>
    at === 0 ? `${line},whole,code,part,flag` : `${line},${at},0${at % 10},${at}.5,${at % 2 === 0}`,
  );
  put(root, "rows.csv", more.join("\n"));
  await source(root).snapshot(dataset("rows.csv"), join(root, "snap"), now);
  expect(await types(join(root, "snap/training/part-0.parquet"))).toEqual({
    id: "BIGINT",
    at: "TIMESTAMP",
    amount: "DOUBLE",
    country: "VARCHAR",
    late: "BOOLEAN",
    whole: "BIGINT",
    code: "VARCHAR",
    part: "DOUBLE",
    flag: "BOOLEAN",
  });
});

async function types(path: string): Promise<Record<string, unknown>> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const rows = (await connection.runAndReadAll(`DESCRIBE SELECT * FROM read_parquet('${path}')`)).getRowObjects();
  connection.closeSync();
  instance.closeSync();
  return Object.fromEntries(rows.map((row) => [String(row["column_name"]), row["column_type"]]));
}
