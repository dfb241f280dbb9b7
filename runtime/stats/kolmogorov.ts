import { signChange } from "./root.ts";

/** Larger side up to which the two-sample p-value is exact; above it is the limit's. */
export const exactUpTo = 10_000;

/**
 * P(K > x) of Kolmogorov's limiting distribution, 0..1: 2 sum (-1)^(k-1) exp(-2 k^2 x^2), below x = 0.8 by the equal
 * series 1 - sqrt(2 pi)/x sum exp(-(2k - 1)^2 pi^2/(8 x^2)), which converges faster there. 1 for x <= 0, NaN for NaN.
 * Source: A. Kolmogorov (1933); N. Smirnov, Annals of Mathematical Statistics 19 (1948).
 */
export function kolmogorovUpper(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x <= 0) return 1;
  let sum = 0;
  if (x < 0.8) {
    for (let k = 1; k <= 15; k += 2) sum += Math.exp((-k * k * Math.PI * Math.PI) / (8 * x * x));
    return Math.min(1, 1 - (Math.sqrt(2 * Math.PI) / x) * sum);
  }
  for (let k = 1; k <= 30; k++) {
    const term = Math.exp(-2 * k * k * x * x);
    sum += k % 2 === 1 ? term : -term;
    if (term < 1e-18 * sum) break;
  }
  return Math.max(0, 2 * sum);
}

/** The x that Kolmogorov's limit exceeds with probability 1 - `probability` (exclusive 0 to 1): 1.3581 at 0.95. NaN outside. */
export function kolmogorovQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1)) return Number.NaN;
  return signChange((x) => 1 - probability - kolmogorovUpper(x), 0.1, 5);
}

/**
 * P(D >= `d`) of the two-sample Kolmogorov-Smirnov statistic when both samples come from one continuous distribution: the share of the
 * lattice paths from (0, 0) to (n, m) that touch |i/n - j/m| >= d. The last step into (i, j) comes from (i - 1, j) with probability
 * i/(i + j), which gives the share without large numbers and without subtracting from 1. O(n m) steps.
 * Source: J. Hodges, Arkiv foer Matematik 3 (1958).
 * @param d an attainable value of the statistic, 0..1
 * @param n rows of one sample, at least 1
 * @param m rows of the other, at least 1
 */
export function smirnovExact(d: number, n: number, m: number): number {
  const limit = Math.round(d * n * m);
  if (limit <= 0) return 1;
  const outside = new Float64Array(m + 1);
  for (let j = 0; j <= m; j++) outside[j] = j * n >= limit ? 1 : 0;
  for (let i = 1; i <= n; i++) {
    outside[0] = i * m >= limit ? 1 : (outside[0] as number);
    for (let j = 1; j <= m; j++) {
      outside[j] =
        Math.abs(i * m - j * n) >= limit ? 1 : (i * (outside[j] as number) + j * (outside[j - 1] as number)) / (i + j);
    }
  }
  return Math.min(1, outside[m] as number);
}

/**
 * p-value of a two-sample statistic D: exact by lattice paths up to 10,000 rows on the larger side without ties, else Kolmogorov's limit at
 * sqrt(n m/(n + m)) D. With ties the limit is conservative.
 */
export function smirnovTest(d: number, n: number, m: number, ties: boolean): { p: number; exact: boolean } {
  if (!(n > 0 && m > 0) || Number.isNaN(d)) return { p: Number.NaN, exact: false };
  if (!ties && Math.max(n, m) <= exactUpTo) return { p: smirnovExact(d, n, m), exact: true };
  return { p: kolmogorovUpper(Math.sqrt((n * m) / (n + m)) * d), exact: false };
}
