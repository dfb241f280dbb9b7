import { expect, it } from "vitest";
import { DAY, data, dataset, drift, folder, source } from "./fixture.ts";

const flights = `${import.meta.dirname}/../../../../node_modules/vega-datasets/data/flights-3m.parquet`;
const January = Date.UTC(2001, 0, 1);

it("real flights: counts and edges of three million rows", async () => {
  const set = dataset(flights, {
    time: "date",
    key: ["date", "origin", "destination", "delay"],
    columns: [{ name: "distance", type: "number", optional: false }],
  });
  const reader = source(folder());
  const now = Date.UTC(2001, 6, 1);
  expect(await reader.measure(set, data("rows"), { start: January, end: now }, now)).toMatchObject({
    value: 2_999_994,
  });
  const found = await reader.bins(
    set,
    drift("distance"),
    { start: January, end: January + 90 * DAY },
    { start: January + 90 * DAY, end: now },
    now,
  );
  if (found.kind !== "bins") throw new Error(found.detail);
  // The edges are the deciles of the first quarter; whole numbers of miles, so that no rounding is involved.
  expect(found.labels.length).toBe(10);
  expect(found.reference.concat(found.current).reduce((sum, one) => sum + one, 0)).toBe(2_999_994);
  for (const count of found.reference)
    expect(count / found.reference.reduce((sum, one) => sum + one, 0)).toBeCloseTo(0.1, 1);
});
