import { Temporal } from "temporal-polyfill";
import { amount as amountText } from "../../format/print-values.ts";
import type { Freeze } from "../../syntax/tree.ts";
import type { CheckedFreeze } from "../checked/trigger.ts";
import type { Collector } from "../collector.ts";
import { readDate } from "../quantity.ts";
import { choose } from "../scope.ts";
import { readZone } from "../zone.ts";

/** Checks `freeze rollout A..B in "ZONE" because "..."`: from the first instant of day A to the last of day B, as the zone counts days. */
export function checkFreeze(node: Freeze, out: Collector): CheckedFreeze | undefined {
  const scope = choose(node.scope, ["rollout", "all"] as const, "something that can be frozen", out);
  const first = readDate(node.range.low, "the first day of a freeze", out);
  const last = readDate(node.range.high, "the last day of a freeze", out);
  const zone = readZone(node.zone, out);
  if (node.because.value.trim() === "")
    out.report("policy/empty-text", node.because.span, { what: "the reason of the freeze" });
  if (scope === undefined || first === undefined || last === undefined || zone === undefined) return undefined;
  if (last < first) {
    return out.report("policy/range-upside-down", node.range.span, {
      low: amountText(node.range.low),
      high: amountText(node.range.high),
    });
  }
  const from = startOfDay(first, 0, zone);
  const until = startOfDay(last, 1, zone);
  return { scope, from, until, because: node.because.value, span: node.span };
}

function startOfDay(utcMidnight: number, plusDays: number, zone: string): number {
  const date = new Date(utcMidnight);
  const day = Temporal.PlainDate.from({
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
  });
  return day.add({ days: plusDays }).toZonedDateTime(zone).epochMilliseconds;
}
