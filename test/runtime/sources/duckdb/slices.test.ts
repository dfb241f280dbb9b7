import { expect, it } from "vitest";
import { csv, DAY, data, dataset, folder, hourly, put, START, source } from "./fixture.ts";

const window = { start: START, end: START + 30 * DAY };
const now = START + 30 * DAY;
const places = ["DE", "SG", "FR", ""];
const rows = hourly(400, (row, at) => ({
  ...row,
  amount: at % 4 === 1 && at < 200 ? null : at,
  country: at === 7 ? "IS" : (places[at % 4] ?? ""),
}));

async function slices(name: Parameters<typeof data>[0], columns: string[], more: object = {}) {
  const root = folder();
  put(root, "p.csv", csv(rows));
  const by = { column: "country", exclude: [], ...more };
  const set = dataset("p.csv", {
    columns: [
      { name: "amount", type: "number", optional: true },
      { name: "country", type: "category", optional: true },
    ],
  });
  const found = await source(root).slices(set, data(name, columns), by, window, now);
  if (found.kind !== "slices") throw new Error(found.detail);
  return Object.fromEntries(found.slices.map(({ slice, observation }) => [slice, observation]));
}

it("measures every value of a column by itself, a missing one as the empty text", async () => {
  const found = await slices("null_rate", ["amount"]);
  expect(Object.keys(found)).toEqual(["", "DE", "FR", "IS", "SG"]);
  expect(found["SG"]).toEqual({ kind: "value", value: 0.5, n: 100, events: 50 });
  expect(found["DE"]).toEqual({ kind: "value", value: 0, n: 100, events: 0 });
  expect(found["IS"]).toMatchObject({ n: 1 });
});

it("pools small values and leaves out those that the policy names", async () => {
  const found = await slices("rows", [], { poolUnder: 50, exclude: ["FR"] });
  expect(Object.keys(found)).toEqual(["", "DE", "SG", "other"]);
  expect(found["other"]).toEqual({ kind: "value", value: 1, n: 1 });
});

it("a slice without an answer keeps its reason beside the others'", async () => {
  const root = folder();
  put(root, "p.csv", csv(rows.map((row) => (row.country === "SG" ? { ...row, amount: null } : row))));
  const set = dataset("p.csv", {
    columns: [
      { name: "amount", type: "number", optional: true },
      { name: "country", type: "category", optional: true },
    ],
  });
  const by = { column: "country", exclude: [] };
  const found = await source(root).slices(set, data("mean", ["amount"]), by, window, now);
  if (found.kind !== "slices") throw new Error(found.detail);
  const reasons = found.slices.map(({ observation }) =>
    observation.kind === "unanswered" ? observation.reason : "value",
  );
  expect(reasons).toEqual(["value", "value", "value", "value", "no_data"]);
});
