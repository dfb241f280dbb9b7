import { binomialCdf, binomialUpper } from "./binomial.ts";

/**
 * Nearest-rank quantile: the smallest value such that at least `q` (0 < q <= 1) of all values are at or below it.
 * @param ascending sorted values, at least one
 */
export function nearestRank(ascending: Float64Array, q: number): number {
  const rank = Math.ceil(q * ascending.length - 1e-9);
  return ascending[Math.min(ascending.length, Math.max(1, rank)) - 1] ?? Number.NaN;
}

/** The nearest-rank quantile of values for many weightings: sorts once. Rows of weight 0 do not count; NaN without weight. */
export function weightedQuantile(values: Float64Array, q: number): (weight?: Float64Array) => number {
  const order = Uint32Array.from(values, (_, row) => row).sort((a, b) => (values[a] as number) - (values[b] as number));
  return (weight) => {
    const all = weight === undefined ? values.length : weight.reduce((sum, one) => sum + one, 0);
    let below = 0;
    for (const row of order) {
      below += weight === undefined ? 1 : (weight[row] as number);
      if (below > 0 && below >= q * all - 1e-9) return values[row] as number;
    }
    return Number.NaN;
  };
}

/** Fewest values from which an upper bound of the `q` quantile exists at one-sided `level`: the least n with q^n <= 1 - level (59 for p95, 299 for p99 at 0.95). */
export function fewestForUpperBound(q: number, level: number): number {
  return Math.ceil(Math.log(1 - level) / Math.log(q) - 1e-9);
}

/**
 * Distribution-free bounds of a quantile by order statistics (H. A. David, Order Statistics, 7.1): `high` is the r-th smallest value
 * with the least r such that P(Bin(n, q) <= r - 1) >= level, `low` the one with the greatest r such that P(Bin(n, q) >= r) >= level.
 * Each end is one-sided; `null` where n is too small for it.
 * @param ascending sorted values
 */
export function quantileBounds(
  ascending: Float64Array,
  q: number,
  level: number,
): { value: number; low: number | null; high: number | null } {
  const n = ascending.length;
  const upperRank = firstRank(n + 1, (r) => binomialCdf(r - 1, n, q) >= level);
  const beyondLower = firstRank(n + 1, (r) => binomialUpper(r, n, q) < level);
  return {
    value: nearestRank(ascending, q),
    low: beyondLower > 1 ? (ascending[beyondLower - 2] ?? null) : null,
    high: upperRank <= n ? (ascending[upperRank - 1] ?? null) : null,
  };
}

/** The least rank from 1 at which a monotone condition holds; `end` where it holds at none before. */
function firstRank(end: number, holds: (rank: number) => boolean): number {
  let low = 1;
  let high = end;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
