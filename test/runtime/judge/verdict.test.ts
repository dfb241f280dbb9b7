import { expect, it } from "vitest";
import { deciding, relate } from "../../../runtime/judge/verdict.ts";

it("counts an end that touches the limit to the side that includes it", () => {
  expect(relate(0.5, ">=", 0.5, 0.7)).toBe(true);
  expect(relate(0.3, ">=", 0.5, 0.5)).toBeUndefined();
  expect(relate(0.3, ">=", 0.5, 0.4999)).toBe(false);
  expect(relate(0.5, ">", 0.5, 0.7)).toBeUndefined();
  expect(relate(0.3, ">", 0.5, 0.5)).toBe(false);
  expect(relate(0.3, "<=", 0.5, 0.5)).toBe(true);
  expect(relate(0.5, "<=", 0.5, 0.7)).toBeUndefined();
  expect(relate(0.3, "<", 0.5, 0.5)).toBeUndefined();
  expect(relate(0.5, "<", 0.5, 0.7)).toBe(false);
  expect(relate(0.5, "==", 0.5, 0.5)).toBe(true);
  expect(relate(0.4, "==", 0.5, 0.6)).toBeUndefined();
  expect(relate(0.6, "==", 0.5, 0.7)).toBe(false);
  expect(relate(0.6, "!=", 0.5, 0.7)).toBe(true);
  expect(relate(0.5, "!=", 0.5, 0.5)).toBe(false);
});

it("knows nothing where an end or the limit is no number", () => {
  expect(relate(Number.NaN, ">=", 0.5, 0.7)).toBeUndefined();
  expect(relate(0.3, "<=", 0.5, Number.NaN)).toBeUndefined();
  expect(relate(0.3, "!=", Number.NaN, 0.7)).toBeUndefined();
  expect(relate(Number.NEGATIVE_INFINITY, ">=", 0.5, Number.POSITIVE_INFINITY)).toBeUndefined();
});

it("names the number of observations that would decide, where there is one", () => {
  expect(deciding(100, 0.6, 0.4, 0.8, 0.5)).toBe(400);
  expect(deciding(100, 0.4, 0.2, 0.6, 0.5)).toBe(400);
  expect(deciding(100, 0.5, 0.4, 0.6, 0.5)).toBeUndefined();
  expect(deciding(100, 0.6, Number.NEGATIVE_INFINITY, 1, 0.5)).toBeUndefined();
});
