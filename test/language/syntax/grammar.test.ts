import { readFileSync } from "node:fs";
import { generateCstDts } from "chevrotain";
import { expect, it } from "vitest";
import { findConflicts } from "../../../language/syntax/grammar-sets.ts";
import { grammarText } from "../../../language/syntax/grammar-text.ts";
import { keywords, wordsThatBeginNoOperand } from "../../../language/syntax/keywords.ts";
import { parser } from "../../../language/syntax/parser.ts";
import { validateGrammar } from "../../../language/syntax/validation.ts";

const rules = parser.getGAstProductions();
const read = (path: string): string => readFileSync(new URL(`../../../language/${path}`, import.meta.url), "utf8");

it("lets Chevrotain validate the grammar in tests", () => {
  expect(validateGrammar).toBe(true);
});

it("needs one token of lookahead everywhere but at the known gates", () => {
  const conflicts = findConflicts(rules).map(({ rule, place, tokens }) => `${rule}: ${place} ${tokens.join(",")}`);
  expect(conflicts).toEqual([
    "condition: OPTION AtWord AtWord", // G4: a confidence, or the next statement begins with `at`
    "column: OPTION InWord InWord", // G2: a range, or the next column is named `in`
    "column: OPTION OneWord OneWord", // G2: a list, or the next column is named `one`
    "column: OPTION OptionalWord OptionalWord", // by rule: a column named optional is quoted
    "column: OPTION FromWord FromWord", // G3: a text, or the next column is named `from`
  ]);
});

it("needs the first gate in the lexer: as operands, these words would be taken for statements", () => {
  expect(wordsThatBeginNoOperand.size).toBe(28);
  for (const each of wordsThatBeginNoOperand) expect(keywords).toContain(each);
});

it("uses every keyword in some rule", () => {
  const used = new Set([...grammarText(rules).matchAll(/"([a-z_]+)"/g)].map((match) => match[1]));
  expect([...used].sort()).toEqual([...keywords].sort());
});

it("has the types of its syntax tree written down as they are", () => {
  expect(read("syntax/cst.gen.d.ts")).toBe(generateCstDts(rules, { includeVisitorInterface: false }));
});

it("is written down for readers as it is", () => {
  const [, written] = /```ebnf\n([\s\S]*?)```/.exec(read("grammar.md")) ?? [];
  expect(written).toBe(grammarText(rules));
});

it("lists for readers the words that begin no operand", () => {
  const [, listed] = /begin no operand: ([^.]*)\./.exec(read("grammar.md").replaceAll("\n", " ")) ?? [];
  expect([...(listed ?? "").matchAll(/`([a-z]+)`/g)].map((match) => match[1]).sort()).toEqual(
    [...wordsThatBeginNoOperand].sort(),
  );
});
