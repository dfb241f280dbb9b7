import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import {
  csv,
  DAY,
  data,
  dataset,
  drift,
  folder,
  hourly,
  put,
  refused,
  START,
  source,
  typedParquet,
} from "./fixture.ts";

const window = { start: START, end: START + 30 * DAY };
const now = window.end;

it("a file that is not there, empty, cut in half, garbage, or a folder is named with what is wrong", async () => {
  const root = folder();
  const reader = source(root);
  const rows = (uri: string): Promise<unknown> => reader.measure(dataset(uri), data("rows"), window, now);
  await typedParquet(root, "whole.parquet", hourly(5000));
  const bytes = readFileSync(join(root, "whole.parquet"));
  put(root, "half.parquet", bytes.subarray(0, bytes.length / 2));
  put(root, "empty.parquet", "");
  put(root, "garbage.parquet", "id,at\n1,2\n");
  put(
    root,
    "garbage.csv",
    Uint8Array.from({ length: 3000 }, (_, at) => (at * 7919) % 256),
  );
  put(root, "garbage.jsonl", "not json\n");
  put(root, "ragged.csv", "id,at,amount,country,late\n1,2001-01-01,5,DE,true\n2,2001-01-01\n");
  mkdirSync(join(root, "folder.parquet"));
  expect(await rows("absent.parquet")).toEqual(refused("source_unavailable", "file not found: absent.parquet"));
  expect(await rows("absent/*.parquet")).toEqual(refused("source_unavailable", "no file matches absent/*.parquet"));
  expect(await rows("half.parquet")).toEqual(refused("source_rejected", "half.parquet", "cut short"));
  expect(await rows("empty.parquet")).toEqual(refused("no_data", "empty.parquet", "0 bytes"));
  expect(await rows("garbage.parquet")).toEqual(refused("source_rejected", "garbage.parquet", "not a Parquet file"));
  expect(await rows("garbage.csv")).toEqual(refused("source_rejected", "garbage.csv", "header"));
  expect(await rows("garbage.jsonl")).toEqual(refused("source_rejected", "garbage.jsonl", "line 1"));
  expect(await rows("ragged.csv")).toEqual(refused("source_rejected", "ragged.csv", "3"));
  expect(await rows("folder.parquet")).toEqual(refused("source_rejected", "folder.parquet is a folder", "*.parquet"));
  const corrupt = Buffer.from(bytes);
  corrupt.fill(7, 10, Math.floor(bytes.length / 2));
  put(root, "corrupt.parquet", corrupt);
  expect(await reader.measure(dataset("corrupt.parquet"), data("mean", ["amount"]), window, now)).toEqual(
    refused("source_rejected", "corrupt.parquet"),
  );
});

it("a file that may not be read says so", async () => {
  const root = folder();
  const path = put(root, "secret.csv", csv(hourly(10)));
  chmodSync(path, 0o000);
  const { geteuid, seteuid } = process;
  if (geteuid === undefined || seteuid === undefined) throw new Error("this test needs a system with users");
  const asRoot = geteuid() === 0;
  chmodSync(root, 0o755);
  if (asRoot) seteuid(65_534);
  try {
    const answer = await source(root, { scratch: "/tmp/retrain-scratch-nobody" }).measure(
      dataset("secret.csv"),
      data("rows"),
      window,
      now,
    );
    expect(answer).toEqual(refused("source_unavailable", "secret.csv", "permission denied"));
  } finally {
    if (asRoot) seteuid(0);
  }
});

it("an address may not climb out of the project, unless it is absolute as written", async () => {
  const outside = folder();
  const path = put(outside, "rows.csv", csv(hourly(10)));
  const root = join(outside, "project");
  mkdirSync(root);
  const reader = source(root);
  const rows = (uri: string): Promise<unknown> => reader.measure(dataset(uri), data("rows"), window, now);
  for (const uri of ["../rows.csv", "a/../../rows.csv", "*/../../rows.csv"]) {
    expect(await rows(uri)).toEqual(refused("source_rejected", uri, "out of the project"));
  }
  expect(await rows(path)).toMatchObject({ value: 10 });
  expect(await rows(`file://${path}`)).toMatchObject({ value: 10 });
  expect(await rows("s3://bucket/rows.csv")).toEqual(refused("source_rejected", "s3"));
});

it("values of the wrong type are a schema mismatch that names column, number and example", async () => {
  const root = folder();
  const reader = source(root);
  put(root, "a.csv", csv(hourly(300, (row, at) => (at === 7 ? { ...row, amount: "n/a" } : row))));
  put(root, "time.csv", csv(hourly(300, (row, at) => (at === 7 ? { ...row, at: "01/02/2001" } : row))));
  expect(await reader.measure(dataset("a.csv"), data("mean", ["amount"]), window, now)).toEqual(
    refused("schema_mismatch", "a.csv", '"amount"', "numbers", "1 value", '"n/a"'),
  );
  expect(await reader.bins(dataset("a.csv"), drift("amount"), { start: START, end: START + DAY }, window, now)).toEqual(
    refused("schema_mismatch", '"amount"', '"n/a"'),
  );
  expect(await reader.measure(dataset("time.csv"), data("rows"), window, now)).toEqual(
    refused("schema_mismatch", "time.csv", '"at"', "01/02/2001"),
  );
  await typedParquet(root, "b.parquet", hourly(300));
  const wrong = dataset("b.parquet", { columns: [{ name: "country", type: "number", optional: false }] });
  expect(await reader.measure(wrong, data("mean", ["country"]), window, now)).toEqual(
    refused("schema_mismatch", '"country"', "numbers expected, text found"),
  );
});

it("schema lists missing columns, wrong types and missing values, and neither ranges, categories nor further columns", async () => {
  const root = folder();
  const reader = source(root);
  put(
    root,
    "a.csv",
    csv(
      hourly(300, (row, at) =>
        at === 7 ? { ...row, amount: "n/a" } : at === 8 ? { ...row, country: null } : { ...row, amount: 1e9 },
      ),
    ),
  );
  const column = (name: string, type: "number" | "category" | "integer", optional = false): object => ({
    name,
    type,
    optional,
  });
  const set = dataset("a.csv", {
    columns: [
      column("amount", "number"),
      column("country", "category"),
      column("age", "integer"),
      column("note", "category", true),
    ] as never,
  });
  expect(await reader.schema(set, window, now)).toEqual({
    kind: "schema",
    differences: [
      'column "age" (integer) is missing',
      'column "amount" must hold numbers; 1 value does not, such as "n/a"',
      'column "country" is not optional, and 1 of 300 rows have no value',
    ],
  });
  await typedParquet(
    root,
    "b.parquet",
    hourly(800, (row, at) => (at > 690 ? { ...row, late: null } : row)),
  );
  // Hours 691 to 696 are mature at the clock and have no label; the younger ones need none yet.
  expect(await reader.schema(dataset("b.parquet"), window, now)).toEqual({
    kind: "schema",
    differences: ['column "late" is not optional, and 6 of 720 rows have no value'],
  });
  expect(await reader.schema(dataset("b.parquet"), { start: 0, end: 1 }, now)).toEqual(refused("no_data", "b.parquet"));
});

it("a file that changes between two questions is read anew", async () => {
  const root = folder();
  const reader = source(root);
  const path = put(root, "a.csv", csv(hourly(10)));
  expect(await reader.measure(dataset("a.csv"), data("rows"), window, now)).toMatchObject({ value: 10 });
  writeFileSync(path, csv(hourly(20)));
  expect(await reader.measure(dataset("a.csv"), data("rows"), window, now)).toMatchObject({ value: 20 });
});
