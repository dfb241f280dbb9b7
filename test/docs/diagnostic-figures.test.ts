import { expect, it } from "vitest";
import { pageCodes, pageText, whyOf } from "../support/diagnostic-pages.ts";
import { pageOf } from "./diagnostic-figures/figure.ts";
import { figures } from "./diagnostic-figures/figures.ts";

/** Pages whose why has nothing to count, and the reason. */
const withoutFigure: Readonly<Record<string, string>> = {
  "internal/formatter": "a bug of the formatter, which no file of a user shows",
};

/** A number that is no part of a name such as `p99`. */
const written = /(?<![\p{L}\d])\d+(?:[_,.]\d+)*/gu;

/** Numbers of a text in one way of writing: without the marks that group digits. */
function numbersOf(text: string): string[] {
  return [...text.matchAll(written)].map(([number]) => number.replaceAll(/[_,]/gu, ""));
}

it("computes figures for every page but those with a reason, and for no other", () => {
  const expected = pageCodes().filter((code) => !Object.hasOwn(withoutFigure, code));
  expect(Object.keys(figures).sort()).toEqual(expected);
});

it.each(Object.keys(figures))("finds the computed figures in the why of %s, and no number from elsewhere", (code) => {
  const phrases = figures[code]?.(pageOf(code)) ?? [];
  expect(phrases.filter((phrase) => /\d/u.test(phrase)).length).toBeGreaterThan(0);
  let rest = whyOf(code);
  for (const phrase of phrases) expect(rest).toContain(phrase);
  for (const phrase of phrases.toSorted((left, right) => right.length - left.length)) {
    rest = rest.replaceAll(phrase, " ");
  }
  const fences = [...pageText(code).matchAll(/```retrain[^\n]*\n([\s\S]*?)\n```/gu)].map(([, text = ""]) => text);
  const quoted = new Set(numbersOf(fences.join("\n")));
  expect(numbersOf(rest).filter((number) => !quoted.has(number))).toEqual([]);
});
