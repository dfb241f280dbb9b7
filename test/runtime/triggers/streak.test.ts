import { expect, it } from "vitest";
import { countAnswer, holds, NO_STREAK, type StreakState, type Truth } from "../../../runtime/triggers/streak.ts";

const two = { kind: "checks", count: 2 } as const;

function count(state: StreakState, truth: Truth, at: number): StreakState {
  return countAnswer(two, state, { truth, at, check: 1, onMissing: "hold" });
}

it("counts a check once, however often it is looked at", () => {
  const once = count(NO_STREAK, true, 5);
  expect(count(once, true, 5)).toEqual(once);
  expect(holds(two, count(once, true, 5))).toBe(false);
  expect(holds(two, count(once, true, 6))).toBe(true);
});

it("has no memory of missing answers before the first true one", () => {
  expect(count(count(NO_STREAK, "unknown", 1), "unknown", 2)).toBe(NO_STREAK);
  expect(count(count(NO_STREAK, true, 1), false, 2)).toBe(NO_STREAK);
});
