import { expect, it } from "vitest";
import { identifier, literal, timestamp } from "../../../../runtime/sources/duckdb/quote.ts";

it("names and texts are quoted so that nothing in them is read as SQL", () => {
  expect(identifier('a"b')).toBe('"a""b"');
  expect(literal("it's; --")).toBe("'it''s; --'");
  expect(() => identifier("a\0b")).toThrow(RangeError);
  expect(() => literal("a\0b")).toThrow(RangeError);
});

it("an instant is a whole millisecond", () => {
  expect(timestamp(1)).toBe("make_timestamp(1000)");
  expect(() => timestamp(Number.NaN)).toThrow(RangeError);
  expect(() => timestamp(0.5001)).toThrow(RangeError);
});
