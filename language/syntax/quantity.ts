import type { QuantityUnit } from "./tree-values.ts";

const durations = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;
const sizes = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
} as const;

/** Digits before two more places move: `0.5%` must be the double 0.005, not 0.5 / 100 rounded twice. */
function hundredth(number: string): number {
  return Number(`${number}e-2`);
}

/** What a quantity means, by its unit: see `Quantity`. NaN when it means nothing (a bad one, a day that no calendar has). */
export function quantityValue(raw: string, unit: QuantityUnit): number {
  const plain = raw.replaceAll("_", "");
  if (unit === "number") return Number(plain);
  if (unit === "percent") return hundredth(plain.slice(0, -1));
  if (unit === "points") return hundredth(plain.slice(0, -2));
  if (unit === "duration") return durationValue(plain);
  if (unit === "size") return sizeValue(plain);
  if (unit === "date") return dateValue(plain);
  return Number.NaN;
}

function durationValue(plain: string): number {
  let total = 0;
  for (const [, digits, unit] of plain.matchAll(/(\d+)(ms|[wdhms])/g)) {
    total += Number(digits) * durations[unit as keyof typeof durations];
  }
  return total;
}

function sizeValue(plain: string): number {
  const [, number, unit] = /^(-?[\d.]+)([A-Za-z]+)$/.exec(plain) ?? [];
  return Number(number) * sizes[unit as keyof typeof sizes];
}

function dateValue(plain: string): number {
  const time = Date.parse(`${plain}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(plain) ? time : Number.NaN;
}

const meant: readonly (readonly [RegExp, string])[] = [
  [/^(?:seconds?|secs?|sec)$/i, "s"],
  [/^(?:milliseconds?|millis|msecs?|MS|Ms)$/, "ms"],
  [/^(?:minutes?|mins?)$/i, "m"],
  [/^(?:hours?|hrs?|hr|H)$/i, "h"],
  [/^(?:days?|D)$/i, "d"],
  [/^(?:weeks?|wks?|W)$/i, "w"],
  [/^(?:S|M)$/, "lower"],
  [/^(?:k|ki|kib|mi|mib|gi|gib|g|ti|tib|kb|mb|gb|tb|b)$/i, "size"],
  [/^(?:p|pt|pts|points?|ppt|PP|Pp)$/, "pp"],
  [/^(?:pct|percent)$/i, "%"],
];

/** How a bad quantity was probably meant, in the language's own writing: `5min` is `5m`, `1.5h` is `1h30m`. */
export function suggestQuantity(raw: string): string | undefined {
  const plain = raw.replaceAll("_", "");
  const date = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(plain);
  if (date !== null) return checkedDate(`${date[1]}-${date[2]?.padStart(2, "0")}-${date[3]?.padStart(2, "0")}`);
  const [, number, letters] = /^(-?\d+(?:\.\d+)?)([A-Za-z%]+)$/.exec(plain) ?? [];
  if (number === undefined || letters === undefined) return suggestSum(plain);
  if (letters in durations) return wholeDuration(Number(number) * durations[letters as keyof typeof durations]);
  const unit = meant.find(([pattern]) => pattern.test(letters))?.[1];
  if (unit === undefined) return undefined;
  if (unit === "size") return `${number}${sizeUnit(letters)}`;
  const written = unit === "lower" ? letters.toLowerCase() : unit;
  if (!(written in durations)) return `${number}${written}`;
  if (!number.includes(".")) return number.startsWith("-") ? undefined : `${number}${written}`;
  return wholeDuration(Number(number) * durations[written as keyof typeof durations]);
}

function checkedDate(text: string): string | undefined {
  return Number.isNaN(dateValue(text)) ? undefined : text;
}

/** `30m1h`: units that do not fall are put in order. */
function suggestSum(plain: string): string | undefined {
  return /^(?:\d+(?:ms|[wdhms]))+$/.test(plain) ? wholeDuration(durationValue(plain)) : undefined;
}

function wholeDuration(milliseconds: number): string | undefined {
  if (!(milliseconds > 0) || !Number.isSafeInteger(milliseconds)) return undefined;
  let rest = milliseconds;
  let text = "";
  for (const [unit, length] of Object.entries(durations)) {
    // Weeks are left to those who write weeks: `1.5d` is `1d12h`, and `10.5d` stays in days.
    if (unit === "w") continue;
    const count = Math.floor(rest / length);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * length;
  }
  return text;
}

function sizeUnit(letters: string): string {
  const first = letters.slice(0, 1).toUpperCase();
  if (first === "B") return "B";
  return letters.toLowerCase().endsWith("b") && letters.length === 2 ? `${first}B` : `${first}i`;
}
