import { normalCdf, normalQuantile } from "./normal.ts";
import { nearestRank } from "./quantile.ts";
import { below, type Generator } from "./random.ts";

/** What is resampled: `units` rows or clusters, and a statistic of how often each was drawn (undefined: once each). NaN where undefined. */
export interface Resampled {
  readonly units: number;
  statistic(counts?: Float64Array): number;
}

export interface BootstrapInterval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Standard deviation of the resampled statistic. */
  readonly standardError: number;
  /** Share of resamples, 0..1, in which the statistic was undefined. Above 0.01 the interval must not be used. */
  readonly undefinedShare: number;
}

const jackknifeGroups = 200;

/**
 * BCa bootstrap interval: each end is exceeded with probability 1 - `level` (one-sided level, exclusive 0.5 to 1).
 * Source: B. Efron, Better Bootstrap Confidence Intervals, JASA 82 (1987); B. Efron and R. Tibshirani, An Introduction to the
 * Bootstrap, 14.3. Bias from the share of resamples below the estimate with half of the ties; acceleration by the jackknife,
 * leaving out one unit up to 200 units, one of 200 random groups above. Ends are nearest ranks of the resampled values.
 * The result depends on the order of units and on the generator; sort the units for an answer that does not depend on row order.
 */
export function bootstrapInterval(
  resampled: Resampled,
  level: number,
  next: Generator,
  resamples = 2000,
): BootstrapInterval {
  const { units } = resampled;
  const value = resampled.statistic();
  const counts = new Float64Array(units);
  const drawn = new Float64Array(resamples);
  let defined = 0;
  for (let resample = 0; resample < resamples; resample++) {
    counts.fill(0);
    for (let draw = 0; draw < units; draw++) {
      const unit = below(next, units);
      counts[unit] = (counts[unit] as number) + 1;
    }
    const result = resampled.statistic(counts);
    if (Number.isFinite(result)) drawn[defined++] = result;
  }
  const values = drawn.subarray(0, defined).sort();
  const undefinedShare = 1 - defined / resamples;
  if (defined === 0 || !Number.isFinite(value)) {
    return { value, low: Number.NaN, high: Number.NaN, standardError: Number.NaN, undefinedShare };
  }
  let lower = 0;
  let ties = 0;
  let sum = 0;
  for (const one of values) {
    if (one < value) lower++;
    else if (one === value) ties++;
    sum += one;
  }
  const mean = sum / defined;
  let squares = 0;
  for (const one of values) squares += (one - mean) ** 2;
  const standardError = Math.sqrt(squares / Math.max(1, defined - 1));
  const share = Math.min(1 - 0.5 / defined, Math.max(0.5 / defined, (lower + ties / 2) / defined));
  const bias = normalQuantile(share);
  const acceleration = jackknifeAcceleration(resampled, next);
  const end = (probability: number) => {
    const shifted = bias + normalQuantile(probability);
    const adjusted = normalCdf(bias + shifted / (1 - acceleration * shifted));
    return nearestRank(values, Math.min(1, Math.max(1 / defined, adjusted)));
  };
  return { value, low: end(1 - level), high: end(level), standardError, undefinedShare };
}

function jackknifeAcceleration(resampled: Resampled, next: Generator): number {
  const { units } = resampled;
  const groups = Math.min(units, jackknifeGroups);
  const group = new Uint32Array(units);
  for (let unit = 0; unit < units; unit++) group[unit] = unit % groups;
  if (groups < units) {
    for (let last = units - 1; last > 0; last--) {
      const other = below(next, last + 1);
      const kept = group[last] as number;
      group[last] = group[other] as number;
      group[other] = kept;
    }
  }
  const counts = new Float64Array(units);
  const left: number[] = [];
  for (let without = 0; without < groups; without++) {
    for (let unit = 0; unit < units; unit++) counts[unit] = group[unit] === without ? 0 : 1;
    const result = resampled.statistic(counts);
    if (Number.isFinite(result)) left.push(result);
  }
  const mean = left.reduce((sum, one) => sum + one, 0) / left.length;
  let squares = 0;
  let cubes = 0;
  for (const one of left) {
    squares += (mean - one) ** 2;
    cubes += (mean - one) ** 3;
  }
  return squares > 0 ? cubes / (6 * squares ** 1.5) : 0;
}
