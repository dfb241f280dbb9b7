import { amount as amountText } from "../../format/print-values.ts";
import type { Freeze } from "../../syntax/tree.ts";
import type { CheckedFreeze } from "../checked/trigger.ts";
import type { Collector } from "../collector.ts";
import { readDate } from "../quantity.ts";
import { choose } from "../scope.ts";
import { readZone } from "../zone.ts";

/** Checks a freeze, and says where its last day has passed. */
export function checkFreezeToday(node: Freeze, today: number | undefined, out: Collector): CheckedFreeze | undefined {
  const freeze = checkFreeze(node, out);
  if (freeze !== undefined && today !== undefined && freeze.until <= today)
    out.report(
      "policy/freeze-over",
      node.span,
      { until: amountText(node.range.high) },
      { fixes: [{ label: "remove it", edits: [{ span: node.span, text: "" }] }] },
    );
  return freeze;
}

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

const hour = 3_600_000;

/** First instant of the day `plusDays` after a UTC midnight, as a zone counts days: found by halving, because no zone is more than 15h off UTC. */
function startOfDay(utcMidnight: number, plusDays: number, zone: string): number {
  const midnight = utcMidnight + plusDays * 24 * hour;
  const wanted = new Date(midnight).toISOString().slice(0, 10);
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  let before = midnight - 15 * hour;
  let since = midnight + 15 * hour;
  while (since - before > 1) {
    const middle = Math.floor((before + since) / 2);
    if (format.format(middle) >= wanted) since = middle;
    else before = middle;
  }
  return since;
}
