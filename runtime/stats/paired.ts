import { studentQuantile, studentUpper } from "./beta.ts";
import { binomialCdf, binomialDensity } from "./binomial.ts";
import { chiSquareUpper } from "./gamma.ts";

/** Mean and standard deviation (n - 1) by two passes with a correction for rounding, so that large values with small differences keep their digits. */
export function meanAndDeviation(values: Float64Array): { mean: number; deviation: number } {
  const n = values.length;
  let sum = 0;
  for (const value of values) sum += value;
  const first = sum / n;
  let rest = 0;
  for (const value of values) rest += value - first;
  const mean = first + rest / n;
  let squares = 0;
  let drift = 0;
  for (const value of values) {
    squares += (value - mean) ** 2;
    drift += value - mean;
  }
  return { mean, deviation: Math.sqrt((squares - (drift * drift) / n) / (n - 1)) };
}

/**
 * Student's interval of a mean; of the mean difference when given differences of pairs. Each end is one-sided at `level`.
 * `standardError` is NaN for fewer than two values. `p` is two-sided against a mean of 0.
 */
export function meanInterval(
  values: Float64Array,
  level: number,
): { mean: number; low: number; high: number; standardError: number; t: number; p: number } {
  const { mean, deviation } = meanAndDeviation(values);
  const degrees = values.length - 1;
  const standardError = deviation / Math.sqrt(values.length);
  const half = degrees > 0 ? studentQuantile(level, degrees) * standardError : Number.NaN;
  const t = mean / standardError;
  return { mean, low: mean - half, high: mean + half, standardError, t, p: 2 * studentUpper(Math.abs(t), degrees) };
}

/**
 * McNemar's tests of b against c discordant pairs: `exact` = min(1, 2 P(Bin(b+c, 1/2) <= min)), `mid` the mid-p variant,
 * `chiSquare` and `corrected` the statistics with 1 degree of freedom (0 without discordant pairs, p-values then 1).
 * Source: Q. McNemar, Psychometrika 12 (1947); M. Fagerland, S. Lydersen, P. Laake, BMC Medical Research Methodology 13 (2013).
 */
export function mcnemar(
  b: number,
  c: number,
): { exact: number; mid: number; chiSquare: number; corrected: number; p: number } {
  const n = b + c;
  if (n === 0) return { exact: 1, mid: 1, chiSquare: 0, corrected: 0, p: 1 };
  const least = Math.min(b, c);
  const cumulated = 2 * binomialCdf(least, n, 0.5);
  const chiSquare = (b - c) ** 2 / n;
  return {
    exact: Math.min(1, cumulated),
    mid: Math.min(1, cumulated - binomialDensity(least, n, 0.5)),
    chiSquare,
    corrected: Math.max(0, Math.abs(b - c) - 1) ** 2 / n,
    p: chiSquareUpper(chiSquare, 1),
  };
}
