import { expect, it } from "vitest";
import { createSource, lineText, offsetAt, positionAt, spanText } from "../../../language/text/source.ts";

it("gives 1-based lines and columns for every kind of line end", () => {
  const source = createSource("p", "ab\ncd\r\nef\rgh");
  expect(positionAt(source, 0)).toEqual({ line: 1, column: 1 });
  expect(positionAt(source, 3)).toEqual({ line: 2, column: 1 });
  expect(positionAt(source, 7)).toEqual({ line: 3, column: 1 });
  expect(positionAt(source, 10)).toEqual({ line: 4, column: 1 });
  expect(positionAt(source, 12)).toEqual({ line: 4, column: 3 });
});

it("moves offsets outside of the text to its nearer end", () => {
  const source = createSource("p", "ab\n");
  expect(positionAt(source, -5)).toEqual({ line: 1, column: 1 });
  expect(positionAt(source, 99)).toEqual({ line: 2, column: 1 });
});

it("counts columns in UTF-16 code units", () => {
  const source = createSource("p", "\u{1F600}x");
  expect(positionAt(source, 2)).toEqual({ line: 1, column: 3 });
});

it("turns a position back into its offset", () => {
  const source = createSource("p", "ab\ncd\r\nef\rgh");
  for (let offset = 0; offset <= source.text.length; offset += 1) {
    expect(offsetAt(source, positionAt(source, offset))).toBe(offset);
  }
});

it("gives a line without its line break, and nothing for a line that does not exist", () => {
  const source = createSource("p", "ab\r\ncd");
  expect([1, 2, 3].map((line) => lineText(source, line))).toEqual(["ab", "cd", ""]);
  expect(spanText(source, { path: "p", start: 4, end: 6 })).toBe("cd");
});
