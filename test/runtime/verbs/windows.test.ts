import { expect, it } from "vitest";
import type { Dataset } from "../../../compiler/plan/dataset.ts";
import { currentWindow, driftWindows } from "../../../runtime/verbs/windows.ts";

const DAY = 86_400_000;
const now = 100 * DAY;
const dataset = (more: Partial<Dataset>): Dataset => ({
  name: "flights",
  source: { kind: "parquet", uri: "x.parquet", place: { file: "p", line: 1, column: 1, endLine: 1, endColumn: 2 } },
  time: "at",
  key: ["id"],
  columns: [],
  current: 7 * DAY,
  reference: { kind: "before_promotion", length: 28 * DAY },
  ...more,
});

it("a reference ends where the champion's training window ends", () => {
  expect(driftWindows(dataset({}), 80 * DAY, now)).toEqual({
    reference: { start: 52 * DAY, end: 80 * DAY },
    current: { start: 93 * DAY, end: 100 * DAY },
  });
});

it("the current window never overlaps the reference", () => {
  expect(driftWindows(dataset({}), 97 * DAY, now)).toMatchObject({ current: { start: 97 * DAY, end: 100 * DAY } });
});

it("without a champion there is no reference, and that is said", () => {
  expect(driftWindows(dataset({}), undefined, now)).toMatchObject({ kind: "unanswered", reason: "no_reference" });
  expect(driftWindows(dataset({ reference: { kind: "fixed", uri: "r" } }), undefined, now)).toMatchObject({
    current: { start: 93 * DAY },
  });
});

it("without a length all rows up to now are current", () => {
  const { current: _current, ...unlimited } = dataset({});
  expect(currentWindow(unlimited, now)).toEqual({ start: 0, end: now });
});
