import { fewestForUpperBound, quantileBounds } from "../stats/quantile.ts";
import type { Estimate, NoAnswer } from "./answer.ts";
import type { Context } from "./context.ts";
import { count } from "./quantity.ts";

/** Level at which point quantiles are read. */
const usualConfidence = 0.95;

/**
 * Quantile with order-statistic bounds. Where looks are repeated, look k is taken once n has doubled k - 1 times since the first n that can say
 * anything, on the first values up to there, at alpha/(k (k + 1)): all looks together are wrong with probability at most alpha.
 */
export function sampleLevel(
  values: Float64Array,
  q: number,
  confidence: number | undefined,
  live: Context["live"],
): Estimate | NoAnswer {
  const n = values.length;
  if (n === 0) return { reason: "no_data", detail: "there are no values", n };
  if (!values.every((value) => Number.isFinite(value))) {
    return { reason: "undefined_value", detail: "a value is not a finite number", n };
  }
  if (confidence === undefined) {
    const { value } = quantileBounds(values.slice().sort(), q, usualConfidence);
    return { value, low: value, high: value, n, noun: "values", method: "nearest rank" };
  }
  const alpha = live === undefined ? 1 - confidence : (1 - confidence) / 2;
  const fewest = Math.max(fewestForUpperBound(q, 1 - alpha), fewestForUpperBound(1 - q, 1 - alpha));
  if (n < fewest) {
    return {
      reason: "too_few_samples",
      detail: `${count(n)} values are too few for a bound of this quantile, ${count(fewest)} are needed`,
      n,
      flip: `${count(fewest - n)} more values would allow an answer.`,
    };
  }
  const look = live === undefined ? 1 : Math.floor(Math.log2(n / fewest)) + 1;
  const used = live === undefined ? n : fewest * 2 ** (look - 1);
  const level = live === undefined ? confidence : 1 - (1 - confidence) / (look * (look + 1));
  const { value, low, high } = quantileBounds(values.slice(0, used).sort(), q, level);
  return {
    value,
    low: low ?? Number.NEGATIVE_INFINITY,
    high: high ?? Number.POSITIVE_INFINITY,
    level: confidence,
    n: used,
    noun: "values",
    method: live === undefined ? "order statistics" : `order statistics, look ${look}`,
  };
}
