import type { Instant } from "../../clock/clock.ts";
import type { Unanswered } from "../../judge/observation.ts";
import { type Ask, type Series, unanswered } from "./client.ts";
import { selectorsOf } from "./query.ts";

/** The one number of a query; undefined where no series answers. */
export async function oneNumber(ask: Ask, query: string, at: Instant): Promise<number | undefined | Unanswered> {
  const series = await ask(query, at);
  if ("kind" in series) return series;
  const [only, ...others] = series;
  if (only === undefined) return undefined;
  if (others.length > 0) {
    const detail = `the query gives ${series.length} series, and one number is needed: sum them, or name more labels`;
    return unanswered("schema_mismatch", detail);
  }
  return Number.isFinite(only.value) ? only.value : unanswered("undefined_value", `the query gives ${spelt(only)}`);
}

function spelt({ value }: Series): string {
  return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
}

/**
 * Whether the newest sample of every series that a query reads is younger than `within` (milliseconds). An instant answer carries the time at which it
 * was asked, so the samples' own times are asked for. Undefined: fresh. A series that has ended has no newest sample, although a query over a window still
 * counts its old ones: that is stale too, unless `mayHaveEnded` (a series of failures need not go on).
 */
export async function stale(
  ask: Ask,
  query: string,
  { within, at, mayHaveEnded = false }: { within: number; at: Instant; mayHaveEnded?: boolean },
): Promise<Unanswered | undefined> {
  for (const selector of selectorsOf(query)) {
    const newest = await oneNumber(ask, `max(timestamp(${selector}))`, at);
    if (typeof newest === "object") return newest;
    if (newest === undefined) {
      if (mayHaveEnded) continue;
      return unanswered("stale", `${selector} has no sample now: the series has ended, or there never was one`);
    }
    const age = at - newest * 1000;
    if (age > within) {
      const detail = `the newest sample of ${selector} is ${seconds(age)} old, and it must be younger than ${seconds(within)}`;
      return unanswered("stale", detail);
    }
  }
  return undefined;
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 1000)} s`;
}

/** A count as Prometheus gives it: extrapolated at the window's ends, so that it is seldom whole. `exact` keeps what was said. */
export interface Counted {
  readonly count: number;
  readonly exact: number;
}

/** Counts are whole numbers. Negative ones are none. */
export function counted(exact: number): Counted | Unanswered {
  if (exact < 0) return unanswered("schema_mismatch", `the query counts ${exact}`);
  return { count: Math.round(exact), exact };
}
