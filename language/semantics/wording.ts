import { operand } from "../format/print-values.ts";
import type { Quantity, Value } from "../syntax/tree.ts";
import type { Unit } from "./checked/measure.ts";

/** What a quantity is, with its article: `a percentage`. */
export function quantityKind(quantity: Quantity): string {
  const kinds = {
    date: "a date",
    duration: "a length of time",
    size: "a size in bytes",
    points: "a number of points",
    percent: "a percentage",
    number: "a plain number",
    bad: "no quantity",
  } as const;
  return kinds[quantity.unit];
}

/** What a value is, with its article. */
export function valueKind(value: Value): string {
  if (value.kind === "Quantity") return quantityKind(value);
  if (value.kind === "Text") return "a text";
  return value.kind === "List" ? "a list" : `the name \`${operand(value)}\``;
}

/** What a measure counts in, for a sentence: `auc is a ratio`. */
export function unitName(unit: Unit): string {
  const names = {
    ratio: "a ratio",
    points: "a difference of ratios",
    number: "a plain number",
    duration: "a length of time",
    count: "a count",
    size: "a size in bytes",
    rate: "a rate",
  } as const;
  return names[unit];
}

/** A number without the noise of binary fractions: at most 10 digits, no exponent for ordinary sizes. */
export function plain(value: number): string {
  return String(Number(value.toPrecision(10)));
}

/** A share of one as a percentage: 0.925 is `92.5%`. */
export function percent(value: number): string {
  return `${plain(value * 100)}%`;
}

/** A difference of ratios in points: 0.03 is `3pp`. */
export function points(value: number): string {
  return `${plain(value * 100)}pp`;
}

const lengths = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
] as const;

/** A length of time as the language writes it: 90 minutes is `1h30m`. */
export function duration(milliseconds: number): string {
  let left = Math.round(milliseconds);
  let text = "";
  for (const [unit, length] of lengths) {
    const whole = Math.floor(left / length);
    if (whole > 0) text += `${whole}${unit}`;
    left -= whole * length;
  }
  return text === "" ? "0s" : text;
}

/** A whole number with its digits grouped: 66000 is `66_000`. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/gu, "_");
}
