import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, it } from "vitest";
import { format } from "../../language/format/format.ts";
import { childrenOf } from "../../language/syntax/child-keys.ts";
import { dumpTree } from "../../language/syntax/dump.ts";
import { lex } from "../../language/syntax/lex.ts";
import { type Parsed, parse } from "../../language/syntax/parse.ts";
import type { TreeNode } from "../../language/syntax/tree.ts";
import { createSource } from "../../language/text/source.ts";
import { corpusCases } from "../support/corpus.ts";

/** Mutated files a run; the nightly run sets more. */
const runs = Number(process.env["RETRAIN_PROPERTY_RUNS"] ?? 3_000);

const valid = corpusCases("valid").map((each) => each.text);
const all = [...valid, ...corpusCases("syntax").map((each) => each.text)];

const pieces = fc.constantFrom(
  ...'{ } ( ) [ ] , : . .. " """ // /* */ >= = at 95% 5min 1.5h -1 require gate policy stage of on in from optional relative x \\ $ # \n'.split(
    " ",
  ),
  "\r\n",
  "\u00E9",
  "\u{1F600}",
  "\u0000",
  "\uD800",
);

type Change = { readonly at: number; readonly length: number; readonly insert: string };
const change: fc.Arbitrary<Change> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(12), fc.nat(200)),
  insert: fc.oneof(
    { weight: 3, arbitrary: pieces.map((piece) => ` ${piece} `) },
    pieces,
    fc.string({ maxLength: 8 }),
    fc.constant(""),
  ),
});

function applyChanges(text: string, changes: readonly Change[]): string {
  return changes.reduce((before, { at, length, insert }) => {
    const start = Math.floor(at * before.length);
    return before.slice(0, start) + insert + before.slice(start + length);
  }, text);
}

const mutated = fc
  .tuple(fc.constantFrom(...all), fc.array(change, { minLength: 1, maxLength: 4 }))
  .map(([text, changes]) => applyChanges(text, changes));

/** Everything that is true of any parse: the tree is complete, in order, and each broken statement is explained. */
function expectSound(text: string, { file, diagnostics }: Parsed): void {
  let broken = 0;
  const visit = (node: TreeNode): void => {
    if (node.kind === "Broken") broken += 1;
    expect(node.span.start).toBeGreaterThanOrEqual(0);
    expect(node.span.end).toBeLessThanOrEqual(text.length);
    expect(node.span.start).toBeLessThanOrEqual(node.span.end);
    for (const child of childrenOf(node)) {
      expect(child.span.start).toBeGreaterThanOrEqual(node.span.start);
      expect(child.span.end).toBeLessThanOrEqual(node.span.end);
      visit(child);
    }
  };
  visit(file);
  if (broken > 0) expect(diagnostics.length, text).toBeGreaterThan(0);
}

it("reads any mutated file to a sound tree, and formats it to a text that it then leaves alone", () => {
  fc.assert(
    fc.property(mutated, (text) => {
      const source = createSource("p", text);
      const parsed = parse(source);
      expectSound(text, parsed);
      const formatted = format(source);
      expect(formatted.diagnostics.map((each) => each.code)).not.toContain("internal/formatter");
      const again = createSource("p", formatted.text);
      expect(dumpTree(again, parse(again).file)).toBe(dumpTree(source, parsed.file));
      expect(format(again).text).toBe(formatted.text);
    }),
    { numRuns: runs },
  );
});

it("reads any text at all", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string({ unit: "binary", maxLength: 6 })), { maxLength: 60 }), (parts) => {
      const text = parts.join("");
      expectSound(text, parse(createSource("p", text)));
    }),
    { numRuns: 1_000 },
  );
});

/** A valid file with comments and other space put between its tokens. */
const commented = fc
  .tuple(
    fc.constantFrom(...valid),
    fc.array(
      fc.tuple(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(
          " // c\n",
          "\n// own\n",
          " /* b */ ",
          "/* two\n   lines */",
          "\n\n\n",
          "\n",
          "\t",
          "\r\n",
          "\n\n  // \u00E9 \n\n",
          "/**/",
        ),
      ),
      { maxLength: 12 },
    ),
  )
  .map(([text, insertions]) => {
    const starts = lex(text).tokens.map((token) => token.startOffset);
    const places = insertions.map(([at, insert]) => ({ offset: starts[Math.floor(at * starts.length)] ?? 0, insert }));
    places.sort((left, right) => right.offset - left.offset);
    return {
      text,
      changed: places.reduce(
        (before, { offset, insert }) => before.slice(0, offset) + insert + before.slice(offset),
        text,
      ),
    };
  });

it("keeps meaning and every comment of a valid file, wherever the comments stand", () => {
  fc.assert(
    fc.property(commented, ({ text, changed }) => {
      const plain = createSource("p", text);
      const source = createSource("p", changed);
      const { diagnostics, text: formatted } = format(source);
      expect(diagnostics).toEqual([]);
      const again = createSource("p", formatted);
      const parsed = parse(again);
      expect(dumpTree(again, parsed.file)).toBe(dumpTree(plain, parse(plain).file));
      const comments = (read: Parsed): string[] =>
        read.comments.map((each) => each.text.trimEnd().replaceAll("\r\n", "\n")).sort();
      expect(comments(parsed)).toEqual(comments(parse(source)));
      expect(format(again).text).toBe(formatted);
    }),
    { numRuns: Math.ceil(runs / 3) },
  );
});

it("takes time in proportion to the text in each phase, for good files and for broken ones", () => {
  const script = fileURLToPath(new URL("./scaling.run.ts", import.meta.url));
  const flags = ["--expose-gc", "--min-semi-space-size=256", "--max-semi-space-size=256"];
  const printed = execFileSync(process.execPath, [...flags, script, "1.15"], { encoding: "utf8" });
  const slopes = Object.entries(JSON.parse(printed) as Record<string, number>);
  expect(slopes).toHaveLength(20);
  for (const [name, slope] of slopes) expect(slope, name).toBeLessThanOrEqual(1.15);
});
