import { expect, it, vi } from "vitest";
import { walk } from "../../../language/syntax/child-keys.ts";
import { keywords } from "../../../language/syntax/keywords.ts";
import { lex } from "../../../language/syntax/lex.ts";
import { parse } from "../../../language/syntax/parse.ts";
import { createSource, positionAt } from "../../../language/text/source.ts";
import { corpusCases } from "../../support/corpus.ts";
import { everythingElse } from "../../support/everything-else.ts";

// Many inputs: a busy machine takes its time.
vi.setConfig({ testTimeout: 300_000 });

const known = new Set<string>(keywords);

/** Slips of the hand, each at every place of a word. */
const slips: Readonly<Record<string, (word: string, at: number) => string>> = {
  swapped: (word, at) => word.slice(0, at) + (word[at + 1] ?? "") + (word[at] ?? "") + word.slice(at + 2),
  doubled: (word, at) => word.slice(0, at) + (word[at] ?? "") + word.slice(at),
  left_out: (word, at) => word.slice(0, at) + word.slice(at + 1),
};

/** Misspelt words that are not another word of the language, the slip in the middle of the word. */
function misspellings(word: string): string[] {
  const middle = Math.floor((word.length - 1) / 2);
  const made = Object.entries(slips).map(([slip, make]) =>
    slip === "left_out" && word.length < 5 ? word : make(word, middle),
  );
  return [...new Set(made)].filter((text) => text !== word && !known.has(text));
}

/** The places at which a text has a word of the language that is not used as a name. */
function wordPlaces(text: string): { readonly word: string; readonly start: number }[] {
  const names = new Set<number>();
  walk(parse(createSource("p", text)).file, (node) => {
    if (node.kind === "Name") names.add(node.span.start);
    return undefined;
  });
  return lex(text)
    .tokens.filter(({ image, startOffset }) => known.has(image) && !names.has(startOffset))
    .map(({ image, startOffset }) => ({ word: image, start: startOffset }));
}

const texts = [everythingElse, ...corpusCases("valid").map(({ text }) => text)];

it("names every misspelt word of the language at its own place, once, with the word that was meant", () => {
  const seen = new Set<string>();
  const wrong: string[] = [];
  let tried = 0;
  for (const text of texts) {
    for (const { word, start } of wordPlaces(text)) {
      for (const misspelt of misspellings(word)) {
        tried += 1;
        seen.add(word);
        const source = createSource("p", text.slice(0, start) + misspelt + text.slice(start + word.length));
        const { diagnostics } = parse(source);
        const { line, column } = positionAt(source, start);
        const found = diagnostics.map(({ code, span, fixes }) => {
          const place = positionAt(source, span.start);
          return `${place.line}:${place.column} ${code} ${fixes.map(({ edits }) => edits[0]?.text).join()}`;
        });
        const allowed = ["syntax/unexpected-token", "syntax/unknown-statement"].map(
          (code) => `${line}:${column} ${code} ${word}`,
        );
        if (found.length !== 1 || !allowed.includes(found[0] ?? "")) {
          wrong.push(`${word} -> ${misspelt} at ${line}:${column}: ${found.join("; ")}`);
        }
      }
    }
  }
  expect(wrong).toEqual([]);
  expect([...seen].sort()).toEqual([...keywords].sort());
  expect(tried).toBeGreaterThan(1_500);
});
