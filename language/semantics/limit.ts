import type { Fix } from "../diagnostics/diagnostic.ts";
import { value as valueText } from "../format/print-values.ts";
import type { Operand, Quantity, Value } from "../syntax/tree.ts";
import type { Collector } from "./collector.ts";
import type { Resolved } from "./site.ts";
import { duration, grouped, percent, plain, points, unitName, valueKind } from "./wording.ts";

/** A value that a measure is compared with, in the measure's unit: a ratio as a share of one, a length in milliseconds. Reports a value of another kind or outside of the range. */
export function readLimit(value: Exclude<Value, Operand>, measured: Resolved, out: Collector): number | undefined {
  if (value.kind !== "Quantity") return wrongKind(value, measured, out);
  if (value.unit === "bad") return undefined;
  const limit = inUnit(value, measured, out);
  if (limit === undefined) return undefined;
  const { low, high } = measured;
  if ((low !== undefined && limit < low) || (high !== undefined && limit > high))
    return outOfRange(value, measured, out);
  return limit;
}

/** The number of a quantity in the unit of the measure. */
function inUnit(value: Quantity, measured: Resolved, out: Collector): number | undefined {
  const bounded = measured.high !== undefined;
  switch (measured.measure.unit) {
    case "ratio":
      if (value.unit === "percent" || (value.unit === "number" && bounded)) return value.value;
      if (value.unit === "points") {
        const level = percent(value.value);
        return out.report(
          "unit/points-as-level",
          value.span,
          { written: value.raw, measure: measured.text, percent: level },
          { fixes: [write(value, level)] },
        );
      }
      if (value.unit === "number") return wrongKind(value, measured, out, [write(value, percent(value.value))]);
      return wrongKind(value, measured, out);
    case "points":
      if (value.unit === "points") return value.value;
      if (value.unit === "percent") return wrongKind(value, measured, out, [write(value, points(value.value))]);
      return wrongKind(
        value,
        measured,
        out,
        value.unit === "number" && value.value <= 1 ? [write(value, points(value.value))] : [],
      );
    case "duration":
      if (value.unit === "duration") return value.value;
      return wrongKind(
        value,
        measured,
        out,
        value.unit === "number" ? [write(value, `${value.raw}ms`), write(value, `${value.raw}s`)] : [],
      );
    case "size":
      return value.unit === "size" ? value.value : wrongKind(value, measured, out);
    case "count":
      if (value.unit === "number" && Number.isSafeInteger(value.value)) return value.value;
      return wrongKind(value, measured, out);
    case "number":
    case "rate":
      if (value.unit === "number") return value.value;
      return wrongKind(value, measured, out, value.unit === "percent" ? [write(value, plain(value.value))] : []);
  }
}

function write(value: Quantity, text: string): Fix {
  return { label: `write \`${text}\``, edits: [{ span: value.span, text }] };
}

/** What a limit of this measure looks like. */
function wantedLimit(measured: Resolved): string {
  const bounded = measured.high !== undefined;
  const wanted = {
    ratio: bounded ? "a percentage or a number from 0 to 1, such as `92%` or `0.92`" : "a percentage, such as `20%`",
    points: "a number of points, such as `5pp`",
    number: "a plain number, such as `0.25`",
    duration: "a length of time, such as `120ms`",
    count: "a whole number, such as `50_000`",
    size: "a size, such as `500Mi`",
    rate: "a number of events a second, such as `100`",
  } as const;
  return wanted[measured.measure.unit];
}

function wrongKind(
  value: Exclude<Value, Operand>,
  measured: Resolved,
  out: Collector,
  fixes: readonly Fix[] = [],
): undefined {
  return out.report(
    "unit/limit",
    value.span,
    {
      measure: measured.text,
      unit: unitName(measured.measure.unit),
      written: valueText(value),
      found: valueKind(value),
      wanted: wantedLimit(measured),
    },
    { fixes },
  );
}

/** A bound in the unit of the measure, as a person writes it. */
function boundText(value: number, measured: Resolved): string {
  switch (measured.measure.unit) {
    case "ratio":
      return percent(value);
    case "points":
      return points(value);
    case "duration":
      return duration(value);
    case "count":
      return grouped(value);
    default:
      return plain(value);
  }
}

function outOfRange(value: Quantity, measured: Resolved, out: Collector): undefined {
  const { low, high } = measured;
  const range =
    high === undefined
      ? `${boundText(low ?? 0, measured)} and above`
      : low === undefined
        ? `${boundText(high, measured)} and below`
        : `${boundText(low, measured)} to ${boundText(high, measured)}`;
  const meant =
    value.unit === "number" && high === 1 && value.value > 1 && value.value <= 100
      ? percent(value.value / 100)
      : undefined;
  return out.report(
    "type/limit-out-of-range",
    value.span,
    {
      measure: measured.text,
      written: value.raw,
      range,
      ...(meant === undefined ? {} : { hint: `If a percentage was meant, write \`${meant}\`.` }),
    },
    meant === undefined ? {} : { fixes: [write(value, meant)] },
  );
}
