import { expect, it } from "vitest";
import type { Diagnostic } from "../../../language/diagnostics/diagnostic.ts";
import { renderCompact } from "../../../language/diagnostics/render/compact.ts";
import { renderJson } from "../../../language/diagnostics/render/json.ts";
import { sourcesOf } from "../../../language/diagnostics/render/position.ts";
import { renderPretty } from "../../../language/diagnostics/render/pretty.ts";
import { summarise } from "../../../language/diagnostics/render/summary.ts";
import { displayWidth, wrap } from "../../../language/diagnostics/render/width.ts";
import { diagnostic } from "../../../language/diagnostics/report.ts";
import { createSource, type Source } from "../../../language/text/source.ts";

function spanOf(source: Source, word: string) {
  const start = source.text.indexOf(word);
  return { path: source.path, start, end: start + word.length };
}

function duplicate(source: Source, again: string, first: string): Diagnostic {
  const labels = [{ span: spanOf(source, first), text: "declared here first" }];
  return diagnostic("name/duplicate", spanOf(source, again), { kind: "gate", name: "offline" }, { labels });
}

/** The printed source line and the line of carets below it, of the first mark. */
function marked(text: string): { readonly line: string; readonly carets: string } {
  const lines = text.split("\n");
  const at = lines.findIndex((line) => /\|\s+\^/u.test(line));
  return { line: lines[at - 1] ?? "", carets: lines[at] ?? "" };
}

/** Column at which something begins, in columns of a terminal. */
function columnOf(line: string, word: string): number {
  return displayWidth(line.slice(0, line.indexOf(word)));
}

it("prints severity, code, message, place, both lines, help and how to read more", () => {
  const source = createSource("a.retrain", "one first\ntwo\nthree again\n");
  expect(
    renderPretty([duplicate(source, "again", "first")], sourcesOf([source])),
  ).toBe(`error name/duplicate: gate \`offline\` is declared twice
  at a.retrain:3:7
  |
1 | one first
  |     ----- declared here first
 ...
3 | three again
  |       ^^^^^
  |
  help: Every name stands for one thing. Rename or remove one of the two.
  explain: retrain explain name/duplicate
`);
});

it("puts the caret under the word after tabs, wide characters, emoji and combining marks", () => {
  for (const before of ["\t", "a\tb\t", "\u4f60\u597d ", "\u{1F600}\u{1F600} ", "e\u0301e\u0301 "]) {
    const source = createSource("a.retrain", `${before}word\n`);
    const text = renderPretty(
      [diagnostic("type/no-direction", spanOf(source, "word"), { measure: "x" })],
      sourcesOf([source]),
    );
    const { line, carets } = marked(text);
    expect(columnOf(carets, "^"), JSON.stringify(before)).toBe(columnOf(line, "word"));
    expect(carets.trim().endsWith("^^^^")).toBe(true);
  }
});

it("writes out control and bidirectional characters of files, paths and names", () => {
  const source = createSource("a\u202e.retrain", "x \u202e word \u0007\n");
  const found = diagnostic("type/no-direction", spanOf(source, "word"), { measure: "a\u001b[31mb" });
  for (const text of [renderPretty([found], sourcesOf([source])), renderCompact([found], sourcesOf([source]))]) {
    for (const raw of ["\u0007", "\u001b", "\u202e"]) expect(text).not.toContain(raw);
    expect(text).toContain("\\u{1b}[31mb");
    expect(text).toContain("a\\u{202e}.retrain");
  }
  const { line, carets } = marked(renderPretty([found], sourcesOf([source])));
  expect(line).toContain("x \\u{202e} word \\u{7}");
  expect(columnOf(carets, "^")).toBe(columnOf(line, "word"));
});

it("stays within 80 columns and shows the word of a long line", () => {
  const source = createSource("a.retrain", `${"long ".repeat(60)}word ${"more ".repeat(60)}\n`);
  const text = renderPretty(
    [diagnostic("type/no-direction", spanOf(source, "word"), { measure: "m".repeat(200) })],
    sourcesOf([source]),
  );
  const { line, carets } = marked(text);
  expect(line).toContain("word");
  expect(columnOf(carets, "^")).toBe(columnOf(line, "word"));
  const long = text.split("\n").filter((one) => displayWidth(one) > 80 && !one.includes("mmm"));
  expect(long).toEqual([]);
});

it("colours only when asked, and says the same without colours", () => {
  const source = createSource("a.retrain", "first again\n");
  const found = [duplicate(source, "again", "first")];
  const plain = renderPretty(found, sourcesOf([source]));
  const coloured = renderPretty(found, sourcesOf([source]), { colour: true });
  expect(plain).not.toContain("\u001b");
  expect(coloured).toContain("\u001b[1;31m");
  expect(
    coloured
      .split("\u001b")
      .map((part, index) => (index === 0 ? part : part.replace(/^\[[\d;]*m/u, "")))
      .join(""),
  ).toBe(plain);
});

it("prints a label of another file under its own place, and a place without text when the file is not known", () => {
  const here = createSource("a.retrain", "again\n");
  const there = createSource("b.retrain", "\nfirst\n");
  const labels = [{ span: spanOf(there, "first"), text: "declared here first" }];
  const found = diagnostic("name/duplicate", spanOf(here, "again"), { kind: "gate", name: "x" }, { labels });
  expect(renderPretty([found], sourcesOf([here, there]))).toContain("  and b.retrain:2:1\n");
  expect(renderPretty([found], sourcesOf([]))).toContain("  at a.retrain:1:1\n");
});

it("marks an empty span at the end of a file with one caret", () => {
  const source = createSource("a.retrain", "word");
  const span = { path: source.path, start: 4, end: 4 };
  const { line, carets } = marked(
    renderPretty([diagnostic("type/no-direction", span, { measure: "x" })], sourcesOf([source])),
  );
  expect(columnOf(carets, "^")).toBe(columnOf(line, "word") + 4);
});

it("prints one compact line a diagnostic: path, line, column, severity, code, message", () => {
  const source = createSource("p/a.retrain", "one\r\ntwo again\r\nfirst\r\n");
  expect(renderCompact([duplicate(source, "again", "first")], sourcesOf([source]))).toBe(
    "p/a.retrain:2:5: error name/duplicate gate `offline` is declared twice\n",
  );
});

it("prints JSON with places, labels, help and fixes", () => {
  const source = createSource("a.retrain", "first again\n");
  const span = spanOf(source, "again");
  const fixes = [{ label: "write `other`", edits: [{ span, text: "other" }] }];
  const found = { ...duplicate(source, "again", "first"), fixes };
  const place = { path: "a.retrain", line: 1, column: 7, endLine: 1, endColumn: 12, start: 6, end: 11 };
  expect(JSON.parse(renderJson([found], sourcesOf([source])))).toEqual({
    schema: "retrain.check/1",
    diagnostics: [
      {
        code: "name/duplicate",
        severity: "error",
        message: "gate `offline` is declared twice",
        place,
        labels: [{ text: "declared here first", place: { ...place, column: 1, endColumn: 6, start: 0, end: 5 } }],
        help: "Every name stands for one thing. Rename or remove one of the two.",
        fixes: [{ label: "write `other`", edits: [{ text: "other", place }] }],
      },
    ],
  });
});

it("counts what was found in words", () => {
  const source = createSource("a.retrain", "first again\n");
  const found = duplicate(source, "again", "first");
  expect(summarise([])).toBe("nothing found");
  expect(summarise([found])).toBe("1 error");
  const note = diagnostic("check/too-many", found.span, { left: 2 });
  expect(summarise([found, found, note])).toBe("2 errors, 1 note");
});

it("knows how many columns of a terminal a text takes", () => {
  const widths: readonly (readonly [string, number])[] = [
    ["", 0],
    ["abc", 3],
    ["\u4f60\u597d", 4],
    ["\uff21", 2],
    ["\uff71", 1],
    ["\u{1F600}", 2],
    ["e\u0301", 1],
    ["\ud55c\uad6d", 4],
    ["\u00e4\u03b1\u0416", 3],
  ];
  for (const [text, width] of widths) expect(displayWidth(text), JSON.stringify(text)).toBe(width);
});

it("breaks texts at spaces and leaves long words whole", () => {
  expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
  expect(wrap("\u4f60\u597d \u4f60\u597d", 8)).toEqual(["\u4f60\u597d", "\u4f60\u597d"]);
  expect(wrap("incomprehensible word", 5)).toEqual(["incomprehensible", "word"]);
});
