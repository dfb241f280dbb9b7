import { diagnosticsOf, examplesOf, filesBeside, policyOf } from "../../support/diagnostic-pages.ts";

/** Numbers that a pattern finds; a group that is not there is NaN, which no page says. */
export type Numbers = readonly [number, number, number, number];

/** What the figures of a page are computed from. */
export interface Page {
  /** The first wrong example, completed to a whole policy. */
  readonly example: string;
  /** The numbers in the groups of the pattern's first match in the wrong example. */
  readonly wrong: (pattern: RegExp) => Numbers;
  /** The same of the first right example. */
  readonly right: (pattern: RegExp) => Numbers;
  /** What the checker says of the wrong example: message and help. */
  readonly message: string;
  /** The numbers in that. */
  readonly said: (pattern: RegExp) => Numbers;
  /** How many diagnostics of a code an example gives. */
  readonly found: (example: string, code: string) => number;
}

/**
 * By code: the phrases with numbers that the why of its page must contain. A phrase is computed from the page's own examples, from
 * functions of the project, or by arithmetic that is written out.
 */
export type Figures = Readonly<Record<string, (page: Page) => readonly string[]>>;

export function pageOf(code: string): Page {
  const first = (kind: "wrong" | "right") => examplesOf(code, kind)[0] ?? "";
  const whole = (kind: "wrong" | "right") =>
    [policyOf(first(kind)), ...filesBeside(code).map(([, text]) => text)].join("\n");
  const message = diagnosticsOf(first("wrong"), code)
    .filter((one) => one.code === code)
    .map((one) => `${one.message}. ${one.help ?? ""}`)
    .join("\n");
  return {
    example: whole("wrong"),
    message,
    wrong: (pattern) => numbersIn(whole("wrong"), pattern),
    right: (pattern) => numbersIn(whole("right"), pattern),
    said: (pattern) => numbersIn(message, pattern),
    found: (example, wanted) => diagnosticsOf(example, code).filter((one) => one.code === wanted).length,
  };
}

/** The numbers in the groups of the first match; a pattern that finds nothing is a bug of the figure. */
export function numbersIn(text: string, pattern: RegExp): Numbers {
  const match = pattern.exec(text);
  if (match === null) throw new Error(`${String(pattern)} is not in: ${text}`);
  const read = (index: number) => Number.parseFloat((match[index] ?? "").replaceAll(/[_,]/gu, ""));
  return [read(1), read(2), read(3), read(4)];
}

/** `12,345`. */
export function count(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: 0 });
}

/** Rounded to so many digits that count: `0.0137` with two is `0.014`. */
export function digits(value: number, figures: number): string {
  return String(Number(value.toPrecision(figures)));
}

/** `33.7 %` with three digits. */
export function percent(share: number, figures = 2): string {
  return `${digits(share * 100, figures)} %`;
}

/** Weeks that begin in a year: runs of a weekly schedule. */
export const weeksOfYear = Math.floor(365 / 7);
