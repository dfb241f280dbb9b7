import { expect, it, vi } from "vitest";
import { check } from "../../../language/semantics/check.ts";
import { lex } from "../../../language/syntax/lex.ts";
import { parse } from "../../../language/syntax/parse.ts";
import { createSource, positionAt } from "../../../language/text/source.ts";
import { corpusCases } from "../../support/corpus.ts";
import { everythingElse } from "../../support/everything-else.ts";

// Many inputs: a busy machine takes its time.
vi.setConfig({ testTimeout: 300_000 });

const texts = [everythingElse, ...corpusCases("valid").map(({ text }) => text)];

/** `line:column code` of every syntax error; the checker must bear the file as well. */
function syntaxErrors(text: string): string[] {
  const source = createSource("p", text);
  const parsed = parse(source);
  check([{ source, ...parsed }]);
  return parsed.diagnostics.map(({ span, code }) => {
    const { line, column } = positionAt(source, span.start);
    return `${line}:${column} ${code}`;
  });
}

/** The text without each of its braces in turn. */
function withoutEach(brace: "{" | "}"): { readonly text: string; readonly whole: string; readonly at: number }[] {
  return texts.flatMap((whole) =>
    lex(whole)
      .tokens.filter(({ image }) => image === brace)
      .map(({ startOffset: at }) => ({ text: whole.slice(0, at) + whole.slice(at + 1), whole, at })),
  );
}

it("says of every opening brace that is left out that it is missing, once and where it stood", () => {
  const cases = withoutEach("{");
  expect(cases.length).toBeGreaterThanOrEqual(75);
  for (const { text, whole, at } of cases) {
    const before = whole.slice(0, at).trimEnd();
    const { line, column } = positionAt(createSource("p", text), before.length);
    expect(syntaxErrors(text), whole.slice(at - 40, at + 40)).toEqual([`${line}:${column} syntax/missing-brace`]);
  }
});

it("says of every closing brace that is left out that one is missing, once, behind the place at which it stood", () => {
  const cases = withoutEach("}");
  expect(cases.length).toBeGreaterThanOrEqual(75);
  let alone = 0;
  for (const { text, whole, at } of cases) {
    const found = syntaxErrors(text);
    const place = whole.slice(at - 40, at + 40);
    if (found.length === 1) alone += 1;
    expect(found.filter((each) => each.endsWith("syntax/missing-brace")).length, place).toBe(1);
    // A statement that then seems to belong to the block that stayed open is said to be out of place: one message each.
    expect(found.length, place).toBeLessThanOrEqual(3);
    expect(new Set(found.map((each) => each.split(" ")[0])).size, place).toBe(found.length);
    const first = /^(\d+):/.exec(found[0] ?? "")?.[1];
    expect(Number(first), place).toBeGreaterThanOrEqual(positionAt(createSource("p", text), at).line - 1);
  }
  // Exactly one message where the next line tells that the block has ended.
  expect(alone / cases.length).toBeGreaterThan(0.85);
});

it("says of every brace that is written twice that one is too many or not closed, and no more than once a statement", () => {
  for (const whole of texts) {
    for (const { image, startOffset: at } of lex(whole).tokens) {
      if (image !== "{" && image !== "}") continue;
      const found = syntaxErrors(`${whole.slice(0, at)}${image}${whole.slice(at)}`);
      const place = whole.slice(at - 40, at + 40);
      expect(found.length, place).toBeGreaterThan(0);
      expect(new Set(found).size, place).toBe(found.length);
    }
  }
});
