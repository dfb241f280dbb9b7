import { expect, it } from "vitest";
import { readText, readTripleText } from "../../../language/syntax/text-value.ts";

it("reads the escapes of a text and knows where each of its characters stands", () => {
  const { value, offsets, mistakes } = readText(String.raw`"a\n\t\"\\\u{1F600}b"`);
  expect(value).toBe('a\n\t"\\\u{1F600}b');
  expect(offsets).toEqual([1, 2, 4, 6, 8, 10, 10, 19, 20]);
  expect(mistakes).toEqual([]);
});

it("names escapes that do not exist and keeps them as they were written", () => {
  const { value, mistakes } = readText(String.raw`"\q\u{110000}\u{D800}\u{}"`);
  expect(value).toBe(String.raw`\q\u{110000}\u{D800}\u{}`);
  expect(mistakes.map((mistake) => mistake.raw)).toEqual([
    String.raw`\q`,
    String.raw`\u{110000}`,
    String.raw`\u{D800}`,
    String.raw`\u`,
  ]);
});

it("removes the common indent and the outer line breaks of a text over several lines", () => {
  expect(readTripleText('"""\n    a\n      b\n\n    c\n  """').value).toBe("a\n  b\n\nc");
  expect(readTripleText('"""a\\n"""').value).toBe("a\\n");
  expect(readTripleText('"""\r\n  a\r\n  b\r\n"""').value).toBe("a\nb");
});

it("knows where the characters of a text over several lines stand", () => {
  const raw = '"""\n  ab\n  c\n"""';
  const { value, offsets } = readTripleText(raw);
  expect([...value].map((_, index) => raw[offsets[index] ?? 0])).toEqual(["a", "b", "\n", "c"]);
});
