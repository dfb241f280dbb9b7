import { expect, it } from "vitest";
import { canonicalJson } from "../../../compiler/plan/canonical.ts";

it("sorts keys by UTF-16 code units, as RFC 8785 section 3.2.3 shows", () => {
  const value = { "\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\u{1f600}": 5, "\u0080": 6, "\u00f6": 7 };
  expect(canonicalJson(value)).toBe('{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\u{1f600}":5,"\ufb33":3}');
});

it("writes numbers as ECMAScript does", () => {
  // biome-ignore lint/correctness/noPrecisionLoss: the example of RFC 8785, with more digits than a double holds.
  expect(canonicalJson([333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001, -0, 0.1 + 0.2])).toBe(
    "[333333333.3333333,1e+30,4.5,0.002,1e-27,0,0.30000000000000004]",
  );
});

it("leaves undefined members out, and keeps null and the order of arrays", () => {
  expect(canonicalJson({ b: null, a: undefined, c: [3, 1, 2] })).toBe('{"b":null,"c":[3,1,2]}');
});

it("refuses what JSON cannot hold, with its place", () => {
  expect(() => canonicalJson({ a: [1, Number.NaN] })).toThrow("$.a[1]");
  expect(() => canonicalJson(Number.POSITIVE_INFINITY)).toThrow(TypeError);
  expect(() => canonicalJson({ a: "\ud800" })).toThrow("$.a");
  expect(() => canonicalJson([undefined])).toThrow("$[0]");
  expect(() => canonicalJson({ a: new Date(0) })).toThrow("$.a");
});
