import { logBeta } from "./beta.ts";
import { signChange } from "./root.ts";

/** Events among trials of one version, cumulated. */
export interface Count {
  readonly events: number;
  readonly trials: number;
}

/** Bounds that hold at all looks together; each end is one-sided. Infinite where nothing is known. */
export interface AnytimeBounds {
  readonly low: number;
  readonly high: number;
}

/**
 * Beta-binomial confidence sequence of one rate with mixing distribution Beta(1/2, 1/2): the rates p with
 * B(k + 1/2, n - k + 1/2)/B(1/2, 1/2) < p^k (1 - p)^(n - k)/alpha. Both ends hold at all n together with probability 1 - `alpha`.
 * Source: S. Howard, A. Ramdas, J. McAuliffe, J. Sekhon, Time-uniform confidence sequences, Annals of Statistics 49 (2021).
 */
export function betaBinomialBounds({ events, trials }: Count, alpha: number): AnytimeBounds {
  if (trials === 0) return { low: 0, high: 1 };
  const misses = trials - events;
  const ceiling = logBeta(events + 0.5, misses + 0.5) - logBeta(0.5, 0.5) + Math.log(alpha);
  const likelihood = (p: number) =>
    (events > 0 ? events * Math.log(p) : 0) + (misses > 0 ? misses * Math.log1p(-p) : 0);
  const rate = events / trials;
  return {
    low: events === 0 ? 0 : signChange((p) => likelihood(p) - ceiling, 0, rate),
    high: misses === 0 ? 1 : signChange((p) => ceiling - likelihood(p), rate, 1),
  };
}

/**
 * Parameter rho of the one-sided asymptotic sequence that makes it tightest at `planned` observations: sqrt((-2 ln 2a + ln(1 - 2 ln 2a))/n*).
 * It must be fixed before the first look. `alpha` exclusive 0 to 0.5.
 */
export function mixtureScale(planned: number, alpha: number): number {
  const log = Math.log(2 * alpha);
  return Math.sqrt((-2 * log + Math.log(1 - 2 * log)) / planned);
}

/**
 * Half-width of the asymptotic confidence sequence of a mean after n observations with standard deviation sigma; one-sided:
 * sigma sqrt(2 (n rho^2 + 1)/(n^2 rho^2) ln(1 + sqrt(n rho^2 + 1)/(2 alpha))); two-sided with ln(sqrt(n rho^2 + 1)/alpha).
 * Source: I. Waudby-Smith, D. Arbour, R. Sinha, E. Kennedy, A. Ramdas, Time-uniform central limit theory, Annals of Statistics 52 (2024).
 */
export function asymptoticRadius(n: number, sigma: number, rho: number, alpha: number, sides: 1 | 2 = 1): number {
  const growth = n * rho * rho + 1;
  const log = sides === 1 ? Math.log(1 + Math.sqrt(growth) / (2 * alpha)) : Math.log(Math.sqrt(growth) / alpha);
  return sigma * Math.sqrt(((2 * growth) / (n * n * rho * rho)) * log);
}

/** Fewest events, and fewest trials without an event, in each arm before the asymptotic sequence is consulted. */
const fewestOfEach = 50;

const nothing: AnytimeBounds = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

function enough({ events, trials }: Count): boolean {
  return events >= fewestOfEach && trials - events >= fewestOfEach;
}

/** Variance of one trial, with the rate drawn away from 0 and 1: p (1 - p) at p = (k + 1/2)/(n + 1). */
function trialVariance({ events, trials }: Count): number {
  const rate = (events + 0.5) / (trials + 1);
  return rate * (1 - rate);
}

/** What the two sequences that run side by side say; a verdict by either stands. */
export interface Sequences {
  readonly exact: AnytimeBounds;
  /** Infinite until each arm has 50 events and 50 trials without one. */
  readonly asymptotic: AnytimeBounds;
}

/**
 * Anytime bounds of one rate, wrong at any look with probability at most `alpha` on a side: beta-binomial at alpha/5, asymptotic at 4 alpha/5.
 * @param planned trials at which the asymptotic sequence is tightest, fixed before the first look
 */
export function rateSequences(count: Count, alpha: number, planned: number): Sequences {
  const exact = betaBinomialBounds(count, alpha / 5);
  if (!enough(count)) return { exact, asymptotic: nothing };
  const level = 0.8 * alpha;
  const radius = asymptoticRadius(count.trials, Math.sqrt(trialVariance(count)), mixtureScale(planned, level), level);
  const rate = count.events / count.trials;
  return { exact, asymptotic: { low: rate - radius, high: rate + radius } };
}

/**
 * Anytime bounds of rate(left) - `scale` x rate(right), wrong at any look with probability at most `alpha` on a side: beta-binomial bounds
 * of each arm at alpha/10 (upper of one minus lower of the other), asymptotic at 4 alpha/5 with effective n = n1 n2/(n1 + n2) and
 * sigma^2 = n (v1/n1 + scale^2 v2/n2).
 *
 * Measured in test/runtime/stats/sequence.test.ts (48 looks, 1,000 rehearsals a case): docs/statistics.md.
 * @param planned effective n at which the asymptotic sequence is tightest, fixed before the first look
 * @param scale above 0; 1 for a difference, 1 + m for a relative margin m
 */
export function rateDifferenceSequences(
  left: Count,
  right: Count,
  alpha: number,
  planned: number,
  scale = 1,
): Sequences {
  const one = betaBinomialBounds(left, alpha / 10);
  const other = betaBinomialBounds(right, alpha / 10);
  const exact = { low: one.low - scale * other.high, high: one.high - scale * other.low };
  if (!enough(left) || !enough(right)) return { exact, asymptotic: nothing };
  const n = (left.trials * right.trials) / (left.trials + right.trials);
  const sigma = Math.sqrt(
    n * (trialVariance(left) / left.trials + (scale * scale * trialVariance(right)) / right.trials),
  );
  const level = 0.8 * alpha;
  const radius = asymptoticRadius(n, sigma, mixtureScale(planned, level), level);
  const difference = left.events / left.trials - (scale * right.events) / right.trials;
  return { exact, asymptotic: { low: difference - radius, high: difference + radius } };
}

/** Both sequences as one interval: the greater lower and the lesser upper bound. */
export function together({ exact, asymptotic }: Sequences): AnytimeBounds {
  return { low: Math.max(exact.low, asymptotic.low), high: Math.min(exact.high, asymptotic.high) };
}
