import { expect, it } from "vitest";
import type { Diagnostic } from "../../../../language/diagnostics/diagnostic.ts";
import { applyFixes } from "../../../../language/diagnostics/fix/apply.ts";
import { diagnostic } from "../../../../language/diagnostics/report.ts";

const path = "p";
type Change = readonly [start: number, end: number, text: string, path?: string];

function found(...fixes: readonly (readonly Change[])[]): Diagnostic {
  return diagnostic(
    "syntax/list-comma",
    { path, start: 0, end: 0 },
    {},
    {
      fixes: fixes.map((edits) => ({
        label: "do it",
        edits: edits.map(([start, end, text, file = path]) => ({ span: { path: file, start, end }, text })),
      })),
    },
  );
}

function fixed(text: string, ...diagnostics: readonly Diagnostic[]) {
  const result = applyFixes(new Map([[path, text]]), diagnostics);
  return {
    text: result.texts.get(path),
    applied: result.applied.length,
    waiting: result.waiting.length,
    choices: result.choices.length,
  };
}

it("applies every fix that leaves no choice, wherever it stands", () => {
  expect(fixed("abcdef", found([[4, 5, "X"]]), found([[0, 1, ""]]), found([[2, 2, "-"]]))).toEqual({
    text: "b-cdXf".replace("b-", "b-"),
    applied: 3,
    waiting: 0,
    choices: 0,
  });
});

it("picks none of several fixes and counts them", () => {
  expect(fixed("abc", found([[0, 1, "x"]], [[0, 1, "y"]]))).toEqual({
    text: undefined,
    applied: 0,
    waiting: 0,
    choices: 1,
  });
});

it("lets the first of two overlapping fixes win, and keeps a fix whole", () => {
  expect(
    fixed(
      "abcdef",
      found([[1, 3, "X"]]),
      found([
        [2, 4, "Y"],
        [5, 6, "Z"],
      ]),
    ),
  ).toEqual({
    text: "aXdef",
    applied: 1,
    waiting: 1,
    choices: 0,
  });
});

it("makes an edit that several diagnostics ask for once, and does not order two insertions at one place", () => {
  expect(fixed("ab", found([[1, 1, "-"]]), found([[1, 1, "-"]]))).toMatchObject({ text: "a-b", applied: 2 });
  expect(fixed("ab", found([[1, 1, "-"]]), found([[1, 1, "+"]]))).toMatchObject({
    text: "a-b",
    applied: 1,
    waiting: 1,
  });
});

it("leaves fixes alone that touch files which are not there or overlap themselves", () => {
  expect(
    fixed(
      "ab",
      found([
        [0, 1, "x"],
        [0, 1, "x", "other"],
      ]),
    ),
  ).toMatchObject({ text: undefined, applied: 0 });
  expect(fixed("ab", found([[0, 9, "x"]]))).toMatchObject({ text: undefined, applied: 0 });
  expect(
    fixed(
      "abc",
      found([
        [0, 2, "x"],
        [1, 3, "y"],
      ]),
    ),
  ).toMatchObject({ text: undefined, waiting: 1 });
});
