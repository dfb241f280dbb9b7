import type { Fix } from "../diagnostics/diagnostic.ts";
import { value as valueText } from "../format/print-values.ts";
import type { Margin, Quantity } from "../syntax/tree.ts";
import type { CheckedMargin } from "./checked/condition.ts";
import type { Collector } from "./collector.ts";
import type { Resolved } from "./site.ts";
import { duration, plain, points, unitName } from "./wording.ts";

/** How far a measure may move. Points and percentages are never mixed: a bare percentage on a ratio is refused with both of its readings. */
export function readMargin(margin: Margin, measured: Resolved, out: Collector): CheckedMargin | undefined {
  const { value } = margin;
  if (value.kind !== "Quantity") return mismatch(margin, measured, out);
  if (value.unit === "bad") return undefined;
  if (value.value < 0) {
    const without = value.raw.replace(/^-/u, "");
    return out.report(
      "unit/negative-margin",
      margin.span,
      { written: valueText(value) },
      { fixes: [replace(value, without)] },
    );
  }
  if (margin.relative) {
    if (value.unit === "percent" && measured.measure.unit !== "points") return { kind: "relative", value: value.value };
    const fixes =
      value.unit === "points" && measured.measure.unit !== "points" ? [relative(value), absolute(margin, value)] : [];
    return mismatch(margin, measured, out, fixes);
  }
  switch (measured.measure.unit) {
    case "ratio":
      if (value.unit === "points") return { kind: "absolute", value: value.value };
      if (value.unit === "percent") return barePercent(value, measured, out);
      return mismatch(
        margin,
        measured,
        out,
        value.unit === "number" && value.value < 1 ? [replace(value, points(value.value))] : [],
      );
    case "points":
      if (value.unit === "points") return { kind: "absolute", value: value.value };
      return mismatch(margin, measured, out, value.unit === "percent" ? [replace(value, points(value.value))] : []);
    case "duration":
      if (value.unit === "duration") return { kind: "absolute", value: value.value };
      break;
    case "size":
      if (value.unit === "size") return { kind: "absolute", value: value.value };
      break;
    default:
      if (value.unit === "number") return { kind: "absolute", value: value.value };
  }
  return mismatch(margin, measured, out, value.unit === "percent" ? [relative(value)] : []);
}

function replace(value: Quantity, text: string): Fix {
  return { label: `write \`${text}\``, edits: [{ span: value.span, text }] };
}

function relative(value: Quantity): Fix {
  const text = `relative ${plain(value.value * 100)}%`;
  return { label: `write \`${text}\`: a part of the value it is compared with`, edits: [{ span: value.span, text }] };
}

function absolute(margin: Margin, value: Quantity): Fix {
  return {
    label: `write \`${value.raw}\`: points of the scale itself`,
    edits: [{ span: margin.span, text: value.raw }],
  };
}

function barePercent(value: Quantity, measured: Resolved, out: Collector): undefined {
  const share = value.value;
  const start = measured.measure.better === "lower" ? 0.2 : 0.9;
  const sign = measured.measure.better === "lower" ? 1 : -1;
  const inPoints = points(share);
  const inPart = `relative ${plain(share * 100)}%`;
  const name = measured.text;
  const reading = (written: string, end: number) =>
    `\`${written}\` lets \`${name}\` go from ${plain(start)} to ${plain(end)}`;
  return out.report(
    "unit/bare-percent-margin",
    value.span,
    { written: value.raw },
    {
      help: `${reading(inPoints, start + sign * share)}, ${reading(inPart, start * (1 + sign * share)).replace(`lets \`${name}\` go from ${plain(start)} `, "only ")}. Write the one that is meant.`,
      fixes: [
        { label: `write \`${inPoints}\`: points of the scale itself`, edits: [{ span: value.span, text: inPoints }] },
        {
          label: `write \`${inPart}\`: a part of the value it is compared with`,
          edits: [{ span: value.span, text: inPart }],
        },
      ],
    },
  );
}

function mismatch(margin: Margin, measured: Resolved, out: Collector, fixes: readonly Fix[] = []): undefined {
  const wanted = {
    ratio: "`0.5pp` (points) or `relative 2%`",
    points: "`0.5pp`",
    number: "a plain number in the metric's own unit, or `relative 2%`",
    duration: `\`${duration(20)}\` or \`relative 2%\``,
    count: "a whole number, or `relative 2%`",
    size: "`100Mi` or `relative 2%`",
    rate: "a number of events a second, or `relative 2%`",
  } as const;
  return out.report(
    "unit/margin",
    margin.span,
    {
      measure: measured.text,
      unit: unitName(measured.measure.unit),
      written: `\`${margin.relative ? "relative " : ""}${valueText(margin.value)}\``,
      wanted: wanted[measured.measure.unit],
    },
    { fixes },
  );
}
