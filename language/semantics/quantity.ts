import { amount as amountText } from "../format/print-values.ts";
import type { Amount, Quantity, Range } from "../syntax/tree.ts";
import type { Collector } from "./collector.ts";
import { percent, plain, quantityKind } from "./wording.ts";

/** What a place takes: which units, in which range, and how to say it. */
interface Wanted {
  readonly units: readonly Quantity["unit"][];
  readonly name: string;
  readonly example: string;
}

const lengthOfTime: Wanted = { units: ["duration"], name: "a length of time", example: "24h" };
const wholeNumber: Wanted = { units: ["number"], name: "a whole number", example: "500" };
const shareOfOne: Wanted = { units: ["percent", "number"], name: "a share of one", example: "10%" };

/** The quantity of an amount, of one of the wanted units; reports anything else. A quantity that does not parse was reported by the lexer. */
function quantity(amount: Amount, place: string, wanted: Wanted, out: Collector): Quantity | undefined {
  if (amount.kind === "Name") {
    return out.report("unit/wrong-kind", amount.span, {
      place,
      wanted: wanted.name,
      found: `the name \`${amount.text}\``,
      example: wanted.example,
    });
  }
  if (amount.unit === "bad") return undefined;
  if (wanted.units.includes(amount.unit)) return amount;
  return out.report("unit/wrong-kind", amount.span, {
    place,
    wanted: wanted.name,
    found: `${amount.raw} (${quantityKind(amount)})`,
    example: wanted.example,
  });
}

/** A length of time in milliseconds, more than 0 unless `zero` allows it. */
export function readDuration(
  amount: Amount,
  place: string,
  out: Collector,
  zero: "zero" | "positive" = "positive",
): number | undefined {
  const read = quantity(amount, place, lengthOfTime, out);
  if (read === undefined) return undefined;
  if (read.value < 0 || (zero === "positive" && read.value === 0)) {
    const range = zero === "zero" ? "0s or longer" : "longer than 0s";
    return out.report("unit/out-of-range", read.span, { place, written: read.raw, range });
  }
  return read.value;
}

/** A whole number of at least `least`. */
export function readCount(amount: Amount, place: string, out: Collector, least = 1): number | undefined {
  const read = quantity(amount, place, wholeNumber, out);
  if (read === undefined) return undefined;
  if (!Number.isSafeInteger(read.value) || read.value < least) {
    return out.report("unit/out-of-range", read.span, {
      place,
      written: read.raw,
      range: `a whole number of at least ${least}`,
    });
  }
  return read.value;
}

/** A plain number above 0. */
export function readPositive(amount: Amount, place: string, out: Collector): number | undefined {
  const read = quantity(amount, place, { units: ["number"], name: "a number", example: "8" }, out);
  if (read === undefined) return undefined;
  if (!(read.value > 0))
    return out.report("unit/out-of-range", read.span, { place, written: read.raw, range: "above 0" });
  return read.value;
}

/** A size in bytes above 0. */
export function readSize(amount: Amount, place: string, out: Collector): number | undefined {
  const read = quantity(amount, place, { units: ["size"], name: "a size", example: "32Gi" }, out);
  if (read === undefined) return undefined;
  if (!(read.value > 0))
    return out.report("unit/out-of-range", read.span, { place, written: read.raw, range: "above 0B" });
  return read.value;
}

/** A share of one, 0 to 1; `open` leaves out both ends. `only` percentages where a plain number could be misread. */
export function readShare(
  amount: Amount,
  place: string,
  out: Collector,
  options: { ends: "open" | "closed" | "above-zero"; only?: "percent" },
): number | undefined {
  const wanted =
    options.only === "percent" ? { ...shareOfOne, units: ["percent"] as const, name: "a percentage" } : shareOfOne;
  const read = quantity(amount, place, wanted, out);
  if (read === undefined) return undefined;
  const { value } = read;
  const low = options.ends === "closed" ? value >= 0 : value > 0;
  const high = options.ends === "open" ? value < 1 : value <= 1;
  if (low && high) return value;
  const range = { open: "above 0% and below 100%", closed: "0% to 100%", "above-zero": "above 0% and at most 100%" };
  const meant = read.unit === "number" && value > 1 && value <= 100 ? percent(value / 100) : undefined;
  return out.report(
    "unit/out-of-range",
    read.span,
    { place, written: read.raw, range: range[options.ends] },
    meant === undefined ? {} : { fixes: [{ label: `write ${meant}`, edits: [{ span: read.span, text: meant }] }] },
  );
}

/** A level of confidence, exclusive 0.5 to 1. */
export function readConfidence(amount: Amount, out: Collector): number | undefined {
  const read = quantity(
    amount,
    "a confidence level",
    { units: ["percent"], name: "a percentage", example: "95%" },
    out,
  );
  if (read === undefined) return undefined;
  if (read.value > 0.5 && read.value < 1) return read.value;
  return out.report("type/confidence", read.span, { written: read.raw });
}

/** Both ends of a range, read by `read`; reports a range that ends before it begins. */
export function readRange(
  range: Range,
  read: (amount: Amount) => number | undefined,
  out: Collector,
): { readonly low: number; readonly high: number } | undefined {
  const low = read(range.low);
  const high = read(range.high);
  if (low === undefined || high === undefined) return undefined;
  if (low > high) {
    return out.report("policy/range-upside-down", range.span, {
      low: amountText(range.low),
      high: amountText(range.high),
    });
  }
  return { low, high };
}

/** A plain number of any size. */
export function readNumber(amount: Amount, place: string, out: Collector): number | undefined {
  return quantity(amount, place, { units: ["number"], name: "a plain number", example: plain(100) }, out)?.value;
}

/** Epoch milliseconds of midnight UTC of a calendar day; undefined for a day that does not exist, which the lexer reports. */
export function readDate(amount: Amount, place: string, out: Collector): number | undefined {
  const read = quantity(amount, place, { units: ["date"], name: "a date", example: "2027-06-30" }, out);
  return read !== undefined && Number.isFinite(read.value) ? read.value : undefined;
}
