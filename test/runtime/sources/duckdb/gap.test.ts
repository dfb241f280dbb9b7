import { expect, it } from "vitest";
import type { DriftMeasure } from "../../../../compiler/plan/measure.ts";
import { gapOf } from "../../../../runtime/stats/gap.ts";
import { DAY, dataset, drift, folder, put, refused, START, source } from "./fixture.ts";

const reference = { start: START, end: START + DAY };
const current = { start: START + DAY, end: START + 2 * DAY };
const later = START + 3 * DAY;

/** Two days of values, the second moved by `shift`; some are missing where `gaps` says so. */
function rows(shift: number, gaps: number): { text: string; before: number[]; now: number[]; missing: number } {
  const before = Array.from({ length: 500 }, (_, at) => ((at * 7919) % 997) / 10);
  const now = Array.from({ length: 300 }, (_, at) => ((at * 7907) % 991) / 10 + shift);
  const line = (at: number, start: number, value: number | string) =>
    `${start + at},${new Date(start + at * 1000).toISOString()},${value}`;
  const empty = Array.from({ length: gaps }, (_, at) => line(at + 5000, START + DAY, ""));
  const lines = [
    ...before.map((v, at) => line(at, START, v)),
    ...now.map((v, at) => line(at, START + DAY, v)),
    ...empty,
  ];
  return { text: `id,at,x\n${lines.join("\n")}\n`, before, now, missing: gaps };
}

const set = dataset("rows.csv", { columns: [{ name: "x", type: "number", optional: true }] });
const measure = (name: DriftMeasure["name"], options = {}): DriftMeasure => ({ ...drift("x", options), name });

it.each([
  [0, 0],
  [3.3, 0],
  [3.3, 120],
])(
  "the aggregates of both distributions are those of the values themselves, moved by %d with %d missing",
  async (shift, gaps) => {
    const root = folder();
    const { text, before, now, missing } = rows(shift, gaps);
    put(root, "rows.csv", text);
    const found = await source(root).gap(set, measure("ks"), reference, current, later);
    if (found.kind !== "gap") throw new Error(found.detail);
    const own = gapOf(Float64Array.from(before), Float64Array.from(now), { reference: 0, current: missing });
    for (const [key, value] of Object.entries(own)) {
      if (typeof value === "number") expect(found.gap[key as "area"], key).toBeCloseTo(value, 9);
      else expect(found.gap[key as "ties"], key).toEqual(value);
    }
  },
);

it("missing values that the policy ignores are no rows", async () => {
  const root = folder();
  put(root, "rows.csv", rows(0, 120).text);
  const found = await source(root).gap(set, measure("ks", { missing: "ignore" }), reference, current, later);
  expect(found).toMatchObject({ gap: { reference: 500, current: 300, missing: { reference: 0, current: 0 } } });
});

it("samples for mmd are values of their own side, the same whatever the order of the rows", async () => {
  const root = folder();
  const { text, before, now } = rows(1000, 0);
  const [head = "", ...lines] = text.trim().split("\n");
  put(root, "rows.csv", text);
  const one = await source(root).samples(set, measure("mmd"), reference, current, later);
  put(root, "rows.csv", `${[head, ...lines.reverse()].join("\n")}\n`);
  const other = await source(root).samples(set, measure("mmd"), reference, current, later);
  expect(one).toEqual(other);
  if (one.kind !== "samples") throw new Error(one.detail);
  expect([...one.reference].sort()).toEqual([...before].sort());
  expect([...one.current].sort()).toEqual([...now].sort());
});

it("takes a thousand of many rows, and not the same ones on both sides", async () => {
  const root = folder();
  const lines = Array.from(
    { length: 3000 },
    (_, at) => `${at},${new Date(START + at * 50_000).toISOString()},${at % 1500}`,
  );
  put(root, "rows.csv", `id,at,x\n${lines.join("\n")}\n`);
  const half = { start: START, end: START + 1500 * 50_000 };
  const rest = { start: half.end, end: START + 3000 * 50_000 };
  const found = await source(root).samples(set, measure("mmd"), half, rest, later);
  if (found.kind !== "samples") throw new Error(found.detail);
  expect([found.reference.length, found.current.length]).toEqual([1000, 1000]);
  expect(found.rows).toEqual({ reference: 1500, current: 1500 });
  expect([...found.reference]).not.toEqual([...found.current]);
});

it("says of a column of words that it has no values to compare", async () => {
  const root = folder();
  put(root, "rows.csv", rows(0, 0).text);
  const words = dataset("rows.csv", { columns: [{ name: "x", type: "category", optional: true }] });
  expect(await source(root).gap(words, measure("ks"), reference, current, later)).toEqual(
    refused("schema_mismatch", "ks(x)", "category"),
  );
});
