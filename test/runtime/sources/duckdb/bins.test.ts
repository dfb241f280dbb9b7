import { expect, it } from "vitest";
import { csv, DAY, dataset, drift, folder, hourly, put, refused, START, source } from "./fixture.ts";

const reference = { start: START, end: START + 15 * DAY };
const current = { start: START + 15 * DAY, end: START + 30 * DAY };
const now = current.end;

it("categories below one percent of the reference and unseen ones are pooled, and missing values are a bin", async () => {
  const root = folder();
  const country = (at: number): string | null => {
    if (at < 360) return at < 3 ? "rare" : at < 13 ? null : at % 2 === 0 ? "DE" : "SG";
    return at < 370 ? "new" : at < 372 ? "rare" : at < 377 ? null : "DE";
  };
  put(root, "a.csv", csv(hourly(720, (row, at) => ({ ...row, country: country(at) }))));
  const reader = source(root);
  const set = dataset("a.csv");
  expect(await reader.bins(set, drift("country"), reference, current, now)).toEqual({
    kind: "bins",
    labels: ["SG", "DE", "(other)", "(missing)"],
    reference: [174, 173, 3, 10],
    current: [0, 343, 12, 5],
  });
  expect(await reader.bins(set, drift("country", { missing: "ignore" }), reference, current, now)).toMatchObject({
    current: [0, 343, 12],
  });
});

it("the current window begins where the reference ends, and too few rows on either side are no answer", async () => {
  const root = folder();
  put(root, "a.csv", csv(hourly(720)));
  const reader = source(root);
  const set = dataset("a.csv");
  const whole = await reader.bins(set, drift("amount"), reference, current, now);
  const overlapping = await reader.bins(set, drift("amount"), reference, { start: START, end: current.end }, now);
  expect(overlapping).toEqual({ ...whole, note: "the current window was cut where the reference ends" });
  expect(await reader.bins(set, drift("amount"), { start: START, end: START + 25 * DAY }, current, now)).toEqual(
    refused("too_few_samples", "600", "120", "newer than the reference"),
  );
  expect(await reader.bins(set, drift("amount"), { start: START, end: START + 31 * DAY }, current, now)).toEqual(
    refused("too_few_samples", "0 in the current"),
  );
  expect(await reader.bins(set, drift("amount"), { start: START, end: START + 5 * DAY }, current, now)).toEqual(
    refused("too_few_samples", "120", "360"),
  );
  expect(await reader.bins(set, drift("amount"), { start: 0, end: 1 }, current, now)).toEqual(
    refused("no_reference", "amount"),
  );
  expect(await reader.bins(set, drift("amount"), reference, { start: now + DAY, end: now + 2 * DAY }, now)).toEqual(
    refused("no_data", "current window"),
  );
});

it("a reference shorter than declared is used and said so", async () => {
  const root = folder();
  put(root, "a.csv", csv(hourly(720)));
  const found = await source(root).bins(
    dataset("a.csv"),
    drift("amount"),
    { start: START - 15 * DAY, end: START + 15 * DAY },
    current,
    now,
  );
  expect(found).toMatchObject({ kind: "bins", note: "the reference holds 15.0 of 30.0 days" });
});

it("a constant reference has no distribution; a constant current window is a drift like any other", async () => {
  const root = folder();
  put(root, "a.csv", csv(hourly(720, (row, at) => ({ ...row, amount: at < 360 ? 5 : at }))));
  put(root, "b.csv", csv(hourly(720, (row, at) => ({ ...row, amount: at < 360 ? at : 5 }))));
  const reader = source(root);
  expect(await reader.bins(dataset("a.csv"), drift("amount"), reference, current, now)).toEqual(
    refused("too_few_samples", "amount is constant"),
  );
  expect(await reader.bins(dataset("b.csv"), drift("amount"), reference, current, now)).toMatchObject({
    current: [360, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    reference: [36, 36, 36, 36, 36, 36, 36, 36, 36, 36],
  });
});

it("drift of the label sees mature labels only, and rows later than the clock are in neither window", async () => {
  const root = folder();
  put(root, "a.csv", csv(hourly(800)));
  const reader = source(root);
  const label = await reader.bins(
    dataset("a.csv"),
    drift("late"),
    reference,
    { start: current.start, end: current.end + 9 * DAY },
    now,
  );
  if (label.kind !== "bins") throw new Error(label.detail);
  expect(label.current.reduce((sum, one) => sum + one, 0)).toBe(29 * 24 - 360 + 1);
  const amount = await reader.bins(
    dataset("a.csv"),
    drift("amount"),
    reference,
    { start: current.start, end: current.end + 9 * DAY },
    now,
  );
  if (amount.kind !== "bins") throw new Error(amount.detail);
  expect(amount.current.reduce((sum, one) => sum + one, 0)).toBe(361);
});

it("a fixed reference is the whole of its own file", async () => {
  const root = folder();
  const rows = hourly(720);
  put(root, "all.csv", csv(rows));
  put(root, "fixed.csv", csv(rows.slice(0, 360)));
  const reader = source(root);
  const expected = await reader.bins(dataset("all.csv"), drift("amount"), reference, current, now);
  const fixed = dataset("all.csv", { reference: { kind: "fixed", uri: "fixed.csv" } });
  expect(await reader.bins(fixed, drift("amount"), { start: 0, end: 0 }, current, now)).toEqual(expected);
  const absent = dataset("all.csv", { reference: { kind: "fixed", uri: "absent.csv" } });
  expect(await reader.bins(absent, drift("amount"), reference, current, now)).toEqual(
    refused("source_unavailable", "absent.csv"),
  );
});
