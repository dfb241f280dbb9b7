import { kolmogorovQuantile } from "./kolmogorov.ts";
import { normalQuantile } from "./normal.ts";
import { meanAndDeviation } from "./paired.ts";

/** Two cumulative distributions F (reference) and G (current), reduced to what `ks` and `wasserstein` are made of. */
export interface Gap {
  /** Rows of each side, with those that have no value. */
  readonly reference: number;
  readonly current: number;
  /** sup |F - G| over all values, 0..1. Rows without a value stand behind every value, so that a column that empties moves. */
  readonly largest: number;
  /** Whether some value, or a missing one, occurs more than once among both sides. */
  readonly ties: boolean;
  /** Integral of |F - G| over the values, in their unit, rows without a value left out. NaN where a value is infinite or a side is empty. */
  readonly area: number;
  /** Standard deviation (n) of the reference's values, in their unit. */
  readonly deviation: number;
  /** Integral of sqrt(F (1 - F)) of the reference, in their unit: how far sampling alone takes the area. */
  readonly spread: number;
  /** Rows of each side without a value. */
  readonly missing: { readonly reference: number; readonly current: number };
}

/**
 * Reduces two samples; O(n log n).
 * @param reference values; infinite ones are ordered like others
 * @param missing rows of each side that have no value
 */
export function gapOf(
  reference: Float64Array,
  current: Float64Array,
  missing: Gap["missing"] = { reference: 0, current: 0 },
): Gap {
  const before = reference.slice().sort();
  const now = current.slice().sort();
  const n = before.length + missing.reference;
  const m = now.length + missing.current;
  let largest = 0;
  let area = 0;
  let spread = 0;
  let ties = missing.reference + missing.current > 1;
  let i = 0;
  let j = 0;
  while (i < before.length || j < now.length) {
    const value = Math.min(before[i] ?? Number.POSITIVE_INFINITY, now[j] ?? Number.POSITIVE_INFINITY);
    const from = i + j;
    while (i < before.length && before[i] === value) i++;
    while (j < now.length && now[j] === value) j++;
    if (i + j - from > 1) ties = true;
    largest = Math.max(largest, Math.abs(i / n - j / m));
    if (i === before.length && j === now.length) break;
    const width = Math.min(before[i] ?? Number.POSITIVE_INFINITY, now[j] ?? Number.POSITIVE_INFINITY) - value;
    const share = i / before.length;
    area += width * Math.abs(share - j / now.length);
    spread += width * Math.sqrt(share * (1 - share));
  }
  const { deviation } = meanAndDeviation(reference);
  const size = reference.length;
  return {
    reference: n,
    current: m,
    largest,
    ties,
    area,
    deviation: size > 1 ? deviation * Math.sqrt((size - 1) / size) : 0,
    spread,
    missing,
  };
}

/** What D stays below with probability `level` when nothing has changed: Kolmogorov's quantile times sqrt(1/n + 1/m). */
export function smirnovNoise({ reference: n, current: m }: Gap, level = 0.95): number {
  return kolmogorovQuantile(level) * Math.sqrt(1 / n + 1 / m);
}

/**
 * Wasserstein-1 distance divided by the reference's standard deviation, and a bound from above of what sampling alone takes it to with
 * probability `level`. The scaled area tends to the integral of |B(F)|, B a Brownian bridge: a convex function of a Gaussian process with
 * mean sqrt(2/pi) integral sqrt(F (1 - F)) and steepness sd(X), so that its quantile is at most the mean plus z sd(X)
 * (median at most mean; C. Borell's and B. Tsirelson's isoperimetric inequality, 1975-76).
 *
 * Distance 0 between equal samples, NaN where the reference does not vary and the samples differ, or where a value is infinite.
 * Source of the statistic: L. Kantorovich; S. Vallender, Theory of Probability and its Applications 18 (1974).
 */
export function wasserstein(gap: Gap, level = 0.95): { value: number; noiseBound: number } {
  const { area, deviation, spread, missing } = gap;
  if (area === 0) return { value: 0, noiseBound: 0 };
  if (!(deviation > 0) || !Number.isFinite(area)) return { value: Number.NaN, noiseBound: Number.NaN };
  const rows = Math.sqrt(1 / (gap.reference - missing.reference) + 1 / (gap.current - missing.current));
  const mean = Math.sqrt(2 / Math.PI) * (spread / deviation);
  return { value: area / deviation, noiseBound: (mean + normalQuantile(level)) * rows };
}
