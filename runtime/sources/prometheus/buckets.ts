import type { Instant } from "../../clock/clock.ts";
import type { BucketCounts, Unanswered } from "../../judge/observation.ts";
import { type Ask, type Series, unanswered } from "./client.ts";
import { counted, oneNumber, stale } from "./numbers.ts";
import { bucketsOf, QueryError } from "./query.ts";

/** The buckets of one version's histogram, and what a reader must know about them. */
export interface Histogram {
  readonly buckets: BucketCounts;
  readonly notes: readonly string[];
}

/**
 * Reads the buckets behind `histogram_quantile(q, X)`: one series an upper end (`le`), cumulated, the last without an end. `rate` counts a second, so the
 * window turns it back into a count; `countedBy` tells the number of all, where it is given.
 * @param scale factor from Prometheus's unit into that of the metric: 1,000 for durations, which Prometheus counts in seconds
 */
export async function histogramOf(
  ask: Ask,
  queries: { readonly quantile: string; readonly countedBy?: string },
  { freshWithin, window, scale, at }: { freshWithin: number; window: number; scale: number; at: Instant },
): Promise<Histogram | Unanswered> {
  let asked: ReturnType<typeof bucketsOf>;
  try {
    asked = bucketsOf(queries.quantile);
  } catch (error) {
    if (error instanceof QueryError) return unanswered("source_rejected", error.message);
    throw error;
  }
  const series = await ask(asked.counts, at);
  if ("kind" in series) return series;
  const read = cumulated(series);
  if ("kind" in read) return read;
  const old = await stale(ask, asked.counts, { within: freshWithin, at });
  if (old !== undefined) return old;
  const total = read.at(-1)?.count ?? 0;
  if (!(total > 0)) return unanswered("no_data", "the histogram has counted nothing yet");
  let all = asked.perSecond ? total * (window / 1000) : total;
  if (queries.countedBy !== undefined) {
    const number = await oneNumber(ask, queries.countedBy, at);
    if (typeof number === "object") return number;
    if (number === undefined) return unanswered("no_data", "no series answers the query after `counted by`");
    all = number;
  }
  const n = counted(all);
  if ("kind" in n) return n;
  if (n.count === 0) return unanswered("no_data", "the histogram has counted nothing yet");
  return {
    buckets: {
      upper: read.map(({ end }) => end * scale),
      atOrBelow: read.map(({ count }) => Math.round((count / total) * n.count)),
    },
    notes: ["counts that Prometheus extrapolated are rounded to whole ones"],
  };
}

function cumulated(
  series: readonly Series[],
): readonly { readonly end: number; readonly count: number }[] | Unanswered {
  if (series.length === 0) return unanswered("no_data", "no series answers the buckets of the query");
  const others = new Set(series.map(({ labels }) => JSON.stringify({ ...labels, le: "" }, Object.keys(labels).sort())));
  if (others.size > 1) {
    const detail = `the buckets are those of ${others.size} histograms, and one is needed: write \`sum by (le) (...)\``;
    return unanswered("schema_mismatch", detail);
  }
  const buckets = series.map(({ labels, value }) => ({ end: endOf(labels["le"]), count: value }));
  if (buckets.some(({ end }) => Number.isNaN(end)))
    return unanswered("schema_mismatch", "a bucket has no upper end in its label `le`");
  if (buckets.some(({ count }) => !Number.isFinite(count) || count < 0))
    return unanswered("undefined_value", "a bucket's count is not a number of 0 or more");
  buckets.sort((one, other) => one.end - other.end);
  if (buckets.at(-1)?.end !== Number.POSITIVE_INFINITY)
    return unanswered("schema_mismatch", "the histogram has no last bucket without an end (`+Inf`)");
  if (buckets.some(({ end }, index) => end === buckets[index - 1]?.end))
    return unanswered("schema_mismatch", "two buckets have the same upper end");
  // Scrapes of several copies are not taken at one instant, so that a bucket may lag behind a smaller one by a little; more than that is no histogram.
  let most = 0;
  for (const { count } of buckets) {
    if (count < most - Math.max(1, most * 0.01))
      return unanswered("schema_mismatch", "a bucket counts less than a smaller one");
    most = Math.max(most, count);
  }
  let reached = 0;
  return buckets.map(({ end, count }) => {
    reached = Math.max(reached, count);
    return { end, count: reached };
  });
}

function endOf(text: string | undefined): number {
  if (text === "+Inf" || text === "Inf") return Number.POSITIVE_INFINITY;
  return text === undefined || text.trim() === "" ? Number.NaN : Number(text);
}
