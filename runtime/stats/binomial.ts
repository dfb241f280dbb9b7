import { binomialLike, incompleteBeta } from "./beta.ts";

/** P(X = k) of `trials` independent trials with success rate `p` (0..1). 0 outside 0..trials. */
export function binomialDensity(k: number, trials: number, p: number): number {
  return k < 0 || k > trials ? 0 : binomialLike(k, trials, p, 1 - p);
}

/** P(X <= k) of `trials` independent trials with success rate `p`: I_{1-p}(trials - k, k + 1). */
export function binomialCdf(k: number, trials: number, p: number): number {
  if (k < 0) return 0;
  if (k >= trials) return 1;
  return incompleteBeta(1 - p, trials - k, k + 1);
}

/** P(X >= k), accurate relative to itself where it is small. */
export function binomialUpper(k: number, trials: number, p: number): number {
  if (k <= 0) return 1;
  if (k > trials) return 0;
  return incompleteBeta(p, k, trials - k + 1);
}

/**
 * Exact two-sided binomial test: the probability of all outcomes that are not likelier than `k`.
 * A relative slack of 1e-7 counts outcomes as equally likely, as R's binom.test and SciPy's binomtest do.
 * @returns p-value 0..1; 1 for no trials
 */
export function binomialTest(k: number, trials: number, p: number): number {
  if (trials === 0) return 1;
  const own = binomialDensity(k, trials, p) * (1 + 1e-7);
  if (k === p * trials) return 1;
  const notLikelier = (outcome: number) => binomialDensity(outcome, trials, p) <= own;
  if (k < p * trials) {
    let low = Math.ceil(p * trials);
    let high = trials + 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (notLikelier(middle)) high = middle;
      else low = middle + 1;
    }
    return Math.min(1, binomialCdf(k, trials, p) + binomialUpper(low, trials, p));
  }
  let low = -1;
  let high = Math.floor(p * trials);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (notLikelier(middle)) low = middle;
    else high = middle - 1;
  }
  return Math.min(1, binomialCdf(low, trials, p) + binomialUpper(k, trials, p));
}
