import { expect, it } from "vitest";
import { canonicalJson } from "../../../compiler/plan/canonical.ts";

it("writes the example of RFC 8785, section 3.2.2", () => {
  const input: unknown = JSON.parse(String.raw`{
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  }`);
  expect(canonicalJson(input)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

it("orders keys by UTF-16 code units, as RFC 8785, section 3.2.3 does", () => {
  const input = {
    "\u20ac": "Euro Sign",
    "\r": "Carriage Return",
    "\ufb33": "Hebrew Letter Dalet With Dagesh",
    "1": "One",
    "\ud83d\ude00": "Emoji: Grinning Face",
    "\u0080": "Control",
    "\u00f6": "Latin Small Letter O With Diaeresis",
  };
  expect(Object.values(JSON.parse(canonicalJson(input)))).toEqual([
    "One",
    "Carriage Return",
    "Control",
    "Latin Small Letter O With Diaeresis",
    "Euro Sign",
    "Emoji: Grinning Face",
    "Hebrew Letter Dalet With Dagesh",
  ]);
});

it("writes numbers as in RFC 8785, appendix B", () => {
  const bits: Readonly<Record<string, string>> = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "3e7ad7f29abcaf48": "1e-7",
    "41b3de4355555555": "333333333.3333333",
    becbf647612f3696: "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
  };
  for (const [hex, text] of Object.entries(bits)) {
    expect(canonicalJson(Buffer.from(hex, "hex").readDoubleBE())).toBe(text);
  }
});

it("leaves out what is undefined in objects and refuses, with its place, what JSON cannot hold", () => {
  expect(canonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}');
  expect(() => canonicalJson({ a: [1, { b: Number.NaN }] })).toThrow("$.a[1].b is NaN");
  expect(() => canonicalJson({ a: [undefined] })).toThrow("$.a[0] is of type undefined");
  expect(() => canonicalJson({ a: new Map() })).toThrow("$.a is not a plain object");
  expect(() => canonicalJson({ "\ud800": 1 })).toThrow("a key of $ holds half of a surrogate pair");
  expect(() => canonicalJson({ a: () => 1 })).toThrow("$.a is of type function");
});
