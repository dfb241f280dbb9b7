import { chiSquareQuantile, chiSquareUpper } from "./gamma.ts";
import { normalQuantile } from "./normal.ts";

/** Distances of two binned samples that this room computes. */
export type DriftName = "psi" | "js_distance" | "js_divergence" | "hellinger" | "tvd" | "l_infinity" | "chi_square";

export interface Drift {
  /** 0 for equal shares; larger is further apart. */
  readonly value: number;
  /** What the value stays below in 95 % of samples of these sizes when nothing has changed (a bound from above for tvd and l_infinity). */
  readonly noiseBound: number;
  /** p-value of the chi-square test of homogeneity; only for `chi_square`. */
  readonly p?: number;
}

export interface DriftOptions {
  /** Least share of a bin, exclusive 0 to 1; `psi` only. */
  readonly epsilon?: number;
  /** Probability with which sampling alone stays below the noise bound, exclusive 0 to 1; 0.95 where absent. */
  readonly level?: number;
}

/**
 * How far two binned samples are apart, and how far sampling alone takes them. Bins that are empty on both sides are left out.
 *
 * - psi: sum (a - e) ln(a / e) over shares after adding 0.5 to every count; noise chi2(0.95, B - 1) (1/N + 1/M).
 * - js_divergence: base 2, 0..1; js_distance its root. hellinger: sqrt(1 - sum sqrt(p q)). For small differences
 *   JS (in nats) and the squared Hellinger distance are an eighth of PSI, which gives their noise bounds.
 * - tvd: half the sum of |p - q|, at most half the root of PSI for small differences (Cauchy-Schwarz). l_infinity: max |p - q|,
 *   noise by normal bounds of each bin at 0.05 / 2B.
 * - chi_square: Cramer's V of the 2 x B table, cells pooled until each is expected to hold 5 or more; noise is the V at p = 0.05.
 *
 * Sources: J. Lin, IEEE Transactions on Information Theory 37 (1991); B. Yurdakul, Statistical Properties of PSI (2018).
 * With `epsilon` psi floors every share at it instead of adding 0.5, as other programs do; its noise bound stays the same.
 * @param reference counts of each bin
 * @param current counts of the same bins
 * @returns NaN values when a side is empty
 */
export function drift(
  name: DriftName,
  reference: readonly number[],
  current: readonly number[],
  { epsilon, level = 0.95 }: DriftOptions = {},
): Drift {
  const kept = reference.flatMap((e, bin) => (e + (current[bin] ?? 0) > 0 ? [[e, current[bin] ?? 0] as const] : []));
  const total = kept.reduce(([n, m], [e, a]) => [n + e, m + a] as const, [0, 0] as const);
  const [n, m] = total;
  if (n === 0 || m === 0) return { value: Number.NaN, noiseBound: Number.NaN };
  const scale = 1 / n + 1 / m;
  const noise = kept.length > 1 ? chiSquareQuantile(level, kept.length - 1) * scale : 0;
  const shares = kept.map(([e, a]) => [e / n, a / m] as const);
  switch (name) {
    case "psi":
      return { value: epsilon === undefined ? psi(kept) : flooredPsi(shares, epsilon), noiseBound: noise };
    case "js_divergence":
      return { value: divergence(shares), noiseBound: noise / (8 * Math.LN2) };
    case "js_distance":
      return { value: Math.sqrt(divergence(shares)), noiseBound: Math.sqrt(noise / (8 * Math.LN2)) };
    case "hellinger": {
      const affinity = shares.reduce((sum, [p, q]) => sum + Math.sqrt(p * q), 0);
      return { value: Math.sqrt(Math.max(0, 1 - affinity)), noiseBound: Math.sqrt(noise / 8) };
    }
    case "tvd":
      return {
        value: shares.reduce((sum, [p, q]) => sum + Math.abs(p - q), 0) / 2,
        noiseBound: Math.sqrt(noise) / 2,
      };
    case "l_infinity": {
      const z = normalQuantile(1 - (1 - level) / (2 * kept.length));
      const spread = kept.map(([e, a]) => {
        const pooled = (e + a) / (n + m);
        return Math.sqrt(pooled * (1 - pooled) * scale);
      });
      return { value: Math.max(...shares.map(([p, q]) => Math.abs(p - q))), noiseBound: z * Math.max(...spread) };
    }
    case "chi_square":
      return cramer(kept, n, m, level);
  }
}

function psi(counts: readonly (readonly [number, number])[]): number {
  const bins = counts.length;
  const n = counts.reduce((sum, [e]) => sum + e, 0) + 0.5 * bins;
  const m = counts.reduce((sum, [, a]) => sum + a, 0) + 0.5 * bins;
  return counts.reduce((sum, [expected, actual]) => {
    const e = (expected + 0.5) / n;
    const a = (actual + 0.5) / m;
    return sum + (a - e) * Math.log(a / e);
  }, 0);
}

function flooredPsi(shares: readonly (readonly [number, number])[], epsilon: number): number {
  return shares.reduce((sum, [p, q]) => {
    const e = Math.max(p, epsilon);
    const a = Math.max(q, epsilon);
    return sum + (a - e) * Math.log(a / e);
  }, 0);
}

/** Jensen-Shannon divergence to base 2, 0..1. */
function divergence(shares: readonly (readonly [number, number])[]): number {
  const part = (p: number, middle: number) => (p > 0 ? p * Math.log2(p / middle) : 0);
  return Math.max(
    0,
    shares.reduce((sum, [p, q]) => sum + (part(p, (p + q) / 2) + part(q, (p + q) / 2)) / 2, 0),
  );
}

function cramer(counts: readonly (readonly [number, number])[], n: number, m: number, level: number): Drift {
  const pooled: [number, number][] = [];
  const least = Math.min(n, m) / (n + m);
  let open: [number, number] = [0, 0];
  for (const [e, a] of [...counts].sort((x, y) => y[0] + y[1] - x[0] - x[1])) {
    open = [open[0] + e, open[1] + a];
    if ((open[0] + open[1]) * least < 5) continue;
    pooled.push(open);
    open = [0, 0];
  }
  const last = pooled.at(-1);
  if (last === undefined) return { value: 0, noiseBound: 0, p: 1 };
  last[0] += open[0];
  last[1] += open[1];
  if (pooled.length === 1) return { value: 0, noiseBound: 0, p: 1 };
  let statistic = 0;
  for (const [e, a] of pooled) {
    const row = (e + a) / (n + m);
    statistic += (e - row * n) ** 2 / (row * n) + (a - row * m) ** 2 / (row * m);
  }
  const degrees = pooled.length - 1;
  return {
    value: Math.sqrt(statistic / (n + m)),
    noiseBound: Math.sqrt(chiSquareQuantile(level, degrees) / (n + m)),
    p: chiSquareUpper(statistic, degrees),
  };
}
