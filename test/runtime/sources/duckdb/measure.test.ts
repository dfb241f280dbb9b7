import { expect, it } from "vitest";
import {
  csv,
  DAY,
  data,
  dataset,
  drift,
  folder,
  hourly,
  jsonl,
  put,
  refused,
  START,
  source,
  typedParquet,
} from "./fixture.ts";

const window = { start: START, end: START + 30 * DAY };

async function three(rows = hourly(800)): Promise<{ root: string; uris: readonly string[] }> {
  const root = folder();
  await typedParquet(root, "data/rows.parquet", rows);
  put(root, "data/rows.csv", csv(rows));
  put(root, "data/rows.jsonl", jsonl(rows));
  return { root, uris: ["data/rows.parquet", "data/rows.csv", "data/rows.jsonl"] };
}

it("the same rows as Parquet, CSV and JSON lines give the same answers to every question", async () => {
  const rows = hourly(800, (row, at) => ({ ...row, amount: at % 50 === 7 ? null : row.amount }));
  const { root, uris } = await three(rows);
  const now = START + 30 * DAY;
  const answers: unknown[] = [];
  for (const uri of uris) {
    const reader = source(root);
    const set = dataset(uri);
    const measures = [
      data("rows"),
      data("freshness"),
      data("null_rate", ["amount"]),
      data("distinct", ["country"]),
      data("duplicate_rate", ["amount"]),
      data("min", ["amount"]),
      data("max", ["amount"]),
      data("mean", ["amount"]),
      data("quantile", ["amount"], { q: 0.9 }),
      data("out_of_range_rate", ["amount"]),
      data("out_of_range_rate", ["country"]),
      data("new_category_rate", ["country"]),
    ];
    const found: unknown[] = [];
    for (const measure of measures)
      found.push(await reader.measure(set, measure, window, now, { start: START, end: START + 3_600_000 }));
    found.push(await reader.bins(set, drift("amount"), { start: START, end: START + 15 * DAY }, window, now));
    found.push(await reader.bins(set, drift("country"), { start: START, end: START + 15 * DAY }, window, now));
    found.push(await reader.bins(set, drift("late"), { start: START, end: START + 15 * DAY }, window, now));
    found.push(await reader.schema(set, window, now));
    found.push(await reader.gained(set, START + 10 * DAY, true, now));
    found.push(await reader.gained(set, undefined, false, now));
    const taken = await reader.snapshot(set, `${root}/snapshot-${set.source.kind}`, now);
    if ("kind" in taken) throw new Error(taken.detail);
    found.push(
      taken.rowSet,
      taken.watermark,
      taken.training.window,
      taken.holdout.window,
      taken.training.rows,
      taken.holdout.rows,
    );
    answers.push(found);
  }
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[2]).toEqual(answers[0]);
  // 720 whole hours lie in the window and up to and including the clock; hours 0, 1, ... 719.
  expect((answers[0] as unknown[]).slice(0, 12)).toMatchObject([
    { value: 720, n: 720 },
    { value: 0 },
    { events: 15, n: 720 },
    { value: 2 },
    { events: 620 + 1, n: 720 },
    { value: 0, n: 705 },
    { value: 99 },
    {},
    { value: 89 },
    { events: 7, n: 705 },
    { events: 180, n: 720 },
    { events: 540, n: 720 },
  ]);
});

it("rows later than the clock and labels that are not mature are not seen", async () => {
  const { root, uris } = await three();
  const now = START + 5 * DAY;
  for (const uri of uris) {
    const reader = source(root);
    expect(await reader.measure(dataset(uri), data("rows"), window, now)).toMatchObject({ value: 121 });
    expect(await reader.measure(dataset(uri), data("distinct", ["late"]), window, now)).toMatchObject({
      value: 2,
      n: 97,
    });
    expect(await reader.gained(dataset(uri), undefined, true, now)).toMatchObject({ value: 97 });
    expect(await reader.gained(dataset(uri), undefined, false, now)).toMatchObject({ value: 121 });
    expect(await reader.gained(dataset(uri), START + 4 * DAY, false, now)).toMatchObject({ value: 24 });
    expect(await reader.newest(dataset(uri))).toMatchObject({ value: START + 799 * 3_600_000 });
  }
});

it("freshness on a real clock forgives five minutes, ignores a few rows of the future and refuses many", async () => {
  const root = folder();
  const reader = source(root, { rehearsal: false });
  const now = START + 10 * DAY;
  const rows = hourly(24 * 9);
  const at = (late: number, id: number) => ({ id, at: now + late, amount: 1, country: "DE", late: true });
  put(root, "skew.csv", csv([...rows, at(240_000, 900)]));
  expect(await reader.measure(dataset("skew.csv"), data("freshness"), window, now)).toMatchObject({ value: 0 });
  put(root, "wrong.csv", csv([...rows, at(3_600_000, 900)]));
  expect(await reader.measure(dataset("wrong.csv"), data("freshness"), window, now)).toEqual(
    refused("schema_mismatch", "wrong.csv", "1 of 217 rows", '"at"', "future"),
  );
  const many = Array.from({ length: 1100 }, (_, id) => ({ id, at: now - DAY, amount: 1, country: "DE", late: true }));
  put(root, "few.csv", csv([...many, at(3_600_000, 9000)]));
  expect(await reader.measure(dataset("few.csv"), data("freshness"), window, now)).toEqual({
    kind: "value",
    value: DAY,
    n: 1100,
  });
  const rehearsal = source(root);
  expect(await rehearsal.measure(dataset("wrong.csv"), data("freshness"), window, now)).toMatchObject({
    value: DAY + 3_600_000,
  });
});

it("a naive timestamp is UTC, an offset is honoured, and NaN counts as missing", async () => {
  const root = folder();
  put(
    root,
    "a.csv",
    "id,at,amount,country,late\n1,2001-01-01 01:00:00,NaN,DE,true\n2,2001-01-01T03:30:00+02:00,2,DE,false\n",
  );
  const reader = source(root);
  const now = START + 3 * DAY;
  expect(await reader.newest(dataset("a.csv"))).toMatchObject({ value: Date.UTC(2001, 0, 1, 1, 30) });
  expect(await reader.measure(dataset("a.csv"), data("null_rate", ["amount"]), window, now)).toMatchObject({
    events: 1,
    n: 2,
  });
  expect(await reader.measure(dataset("a.csv"), data("mean", ["amount"]), window, now)).toMatchObject({
    value: 2,
    n: 1,
  });
});

it("quantiles are nearest rank and means do not lose digits", async () => {
  const root = folder();
  const rows = Array.from({ length: 1001 }, (_, id) => ({
    id,
    at: START + id,
    amount: id === 0 ? 10000000.2 : id % 2 === 1 ? 10000000.1 : 10000000.3,
    country: "DE",
    late: true,
  }));
  put(root, "a.csv", csv(rows));
  const hundred = hourly(100, (row, at) => ({ ...row, amount: at + 1 }));
  put(root, "b.csv", csv(hundred));
  const reader = source(root);
  const mean = await reader.measure(dataset("a.csv"), data("mean", ["amount"]), window, START + DAY);
  if (mean.kind !== "value") throw new Error("no mean");
  expect(mean.value).toBeCloseTo(10000000.2, 8);
  expect((mean.standardError ?? 0) * Math.sqrt(1001)).toBeCloseTo(0.1, 8);
  for (const [q, value] of [
    [0.95, 95],
    [0.951, 96],
    [0.5, 50],
    [0.29, 29],
    [0.001, 1],
  ] as const) {
    expect(
      await reader.measure(dataset("b.csv"), data("quantile", ["amount"], { q }), window, START + 9 * DAY),
    ).toMatchObject({ value });
  }
});

it("a measure without an answer says why", async () => {
  const { root } = await three(hourly(100, (row) => ({ ...row, amount: null })));
  const reader = source(root);
  const set = dataset("data/rows.csv");
  const now = START + 30 * DAY;
  expect(await reader.measure(set, data("mean", ["amount"]), window, now)).toEqual(refused("no_data", "amount"));
  expect(await reader.measure(set, data("null_rate", ["amount"]), { start: 0, end: 1 }, now)).toEqual(
    refused("no_data", "data/rows.csv"),
  );
  expect(await reader.measure(set, data("new_category_rate", ["country"]), window, now)).toEqual(
    refused("no_reference", "country"),
  );
  expect(await reader.measure(set, data("mean", ["nothing"]), window, now)).toEqual(
    refused("schema_mismatch", "data/rows.csv", '"nothing"', "id, at, amount"),
  );
  put(root, "infinite.csv", "id,at,amount,country,late\n1,2001-01-01,inf,DE,true\n2,2001-01-01,1,DE,true\n");
  expect(await reader.measure(dataset("infinite.csv"), data("mean", ["amount"]), window, now)).toEqual(
    refused("undefined_value", "amount"),
  );
});

it("several files of a pattern are one table, matched by the names of their columns", async () => {
  const root = folder();
  const rows = hourly(100);
  put(root, "parts/a.csv", csv(rows.slice(0, 50)));
  put(
    root,
    "parts/b.csv",
    `late;amount;id;at;country\n${rows
      .slice(50)
      .map((row) => `${row.late};${row.amount};${row.id};${new Date(row.at).toISOString()};${row.country}`)
      .join("\n")}\n`,
  );
  const reader = source(root);
  expect(await reader.measure(dataset("parts/*.csv"), data("max", ["amount"]), window, START + 30 * DAY)).toMatchObject(
    { value: 99, n: 100 },
  );
});

it("columns whose names need quoting are read and do no harm", async () => {
  const root = folder();
  put(root, "a.csv", `id,at,"a""; DROP TABLE x; --",country,late\n1,2001-01-01,5,DE,true\n`);
  const name = 'a"; DROP TABLE x; --';
  const set = dataset("a.csv", { columns: [{ name, type: "number", optional: false }] });
  expect(await source(root).measure(set, data("mean", [name]), window, START + 9 * DAY)).toMatchObject({ value: 5 });
});
