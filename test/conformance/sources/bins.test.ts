import { expect, it } from "vitest";
import { DAY, dataset, drift, folder, put, START, source } from "../../runtime/sources/duckdb/fixture.ts";
import cases from "./bins.json" with { type: "json" };

/** The generator of `goldens/psi_bins.py`. */
function stream(seed: number, length: number): number[] {
  let state = seed;
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state;
  });
}

const shapes: Readonly<Record<string, (state: number) => number | null>> = {
  uniform: (s) => s / 2_147_483_647,
  skewed: (s) => -Math.log1p(-(s / 2_147_483_648)),
  integers: (s) => s % 13,
  mostly_zero: (s) => (s % 10 < 7 ? 0 : s % 1000),
  two_values: (s) => s % 2,
  signed: (s) => ((s % 2001) - 1000) / 8,
  gaps: (s) => (s % 7 === 0 ? null : s % 50),
  infinite: (s) => (s % 50 === 0 ? Number.POSITIVE_INFINITY : s % 50 === 1 ? Number.NEGATIVE_INFINITY : (s % 997) / 4),
};

it.each(cases)("bins of $shape, $reference_rows rows against $current_rows, are numpy's", async (one) => {
  const root = folder();
  const shape = shapes[one.shape];
  if (shape === undefined) throw new Error(`no shape ${one.shape}`);
  const cell = (value: number | null): string => (value === null ? "" : String(value).replace("Infinity", "inf"));
  const before = stream(one.seed, one.reference_rows).map(
    (state, at) => `${at},${new Date(START + at).toISOString()},${cell(shape(state))}`,
  );
  const after = stream(one.seed + 7, one.current_rows).map((state, at) => {
    const value = shape(state);
    return `${at},${new Date(START + DAY + at).toISOString()},${cell(value === null ? null : value + one.shift)}`;
  });
  put(root, "rows.csv", `id,at,x\n${[...before, ...after].join("\n")}\n`);
  const set = dataset("rows.csv", { columns: [{ name: "x", type: "number", optional: true }] });
  const found = await source(root).bins(
    set,
    drift("x"),
    { start: START, end: START + DAY },
    { start: START + DAY, end: START + 2 * DAY },
    START + 3 * DAY,
  );
  if (found.kind !== "bins") throw new Error(found.detail);
  const missing = (one.reference.at(-1) ?? 0) + (one.current.at(-1) ?? 0) > 0;
  expect([...found.reference]).toEqual(missing ? one.reference : one.reference.slice(0, -1));
  expect([...found.current]).toEqual(missing ? one.current : one.current.slice(0, -1));
  expect(found.labels.at(-1) === "(missing)").toBe(missing);
  const edges = found.labels.flatMap((label) => /, (.*)\]$/.exec(label)?.[1] ?? []).map(Number);
  expect(edges.length).toBe(one.edges.length);
  one.edges.forEach((edge, at) => {
    expect(Math.abs((edges[at] ?? Number.NaN) - edge)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(edge)));
  });
});
