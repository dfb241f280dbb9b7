import { expect, it } from "vitest";
import type { Diagnostic } from "../../../language/diagnostics/diagnostic.ts";
import { format } from "../../../language/format/format.ts";
import { parse } from "../../../language/syntax/parse.ts";
import { createSource, positionAt, type Source } from "../../../language/text/source.ts";
import { corpusCases, corpusFile } from "../../support/corpus.ts";

const expected = JSON.parse(corpusFile("syntax", "expected.json")) as Record<string, string[]>;

function placeOf(source: Source, { span }: Diagnostic): string {
  const { line, column } = positionAt(source, span.start);
  return `${line}:${column}`;
}

it("has at least 22 broken files, and says of each what is wrong, where and how often", () => {
  const cases = corpusCases("syntax");
  expect(cases.length).toBeGreaterThanOrEqual(22);
  expect(cases.map((each) => each.name)).toEqual(Object.keys(expected).sort());
  for (const { name, text } of cases) {
    const source = createSource(name, text);
    const found = parse(source).diagnostics.map((each) => `${placeOf(source, each)} ${each.code}`);
    expect(found, name).toEqual(expected[name]);
  }
});

it("finds nothing wrong with valid policies and formats them to themselves", () => {
  for (const { name, text } of corpusCases("valid")) {
    const formatted = format(createSource(name, text));
    expect(formatted.diagnostics, name).toEqual([]);
    expect(formatted.text, name).toBe(text);
  }
});

it("offers fixes that settle what they promise to settle", () => {
  for (const { name, text } of corpusCases("syntax")) {
    const source = createSource(name, text);
    const { diagnostics } = parse(source);
    for (const each of diagnostics) {
      for (const { edits } of each.fixes) {
        const fixed = [...edits]
          .sort((left, right) => right.span.start - left.span.start)
          .reduce((before, edit) => before.slice(0, edit.span.start) + edit.text + before.slice(edit.span.end), text);
        const again = parse(createSource(name, fixed)).diagnostics;
        const same = again.filter(
          (other) => other.code === each.code && other.span.start === each.span.start && other.message === each.message,
        );
        expect(same, `${name}: ${each.message}`).toEqual([]);
      }
    }
  }
});
