/**
 * How many observations it takes to decide, before any were seen: levels 5 % (wrongly passing) and 20 % (missing), one-sided.
 * Sources: S6 of the semantics (two rates, paired proportions), factor 2.4 for looking all the time.
 */

const bothLevels = (1.6448536269514722 + 0.8416212335729143) ** 2;

/** What a confidence sequence costs over one look at the end. */
const lookingAllTheTime = 2.4;

/** Error rates for which needs are printed: what is usual for model servers. */
export const usualRates = [0.001, 0.005, 0.01] as const;

/** Shares of rows on which two versions of a model disagree, for which needs are printed: 1 % is a retrained twin. */
export const usualDisagreements = [0.01, 0.05, 0.1] as const;

/**
 * Requests of the challenger that show a rate to be at most `margin` above the champion's, when both have the rate `rate` and the
 * challenger gets `share` (exclusive 0 to 1) of the traffic.
 */
export function requestsForMargin(rate: number, margin: number, share: number): number {
  const arms = 1 + share / (1 - share);
  return Math.ceil((lookingAllTheTime * bothLevels * rate * (1 - rate) * arms) / margin ** 2);
}

/** Requests that show a rate of `rate` to be below `limit`. */
export function requestsForLimit(rate: number, limit: number): number {
  return Math.ceil((lookingAllTheTime * bothLevels * rate * (1 - rate)) / (limit - rate) ** 2);
}

/** Rows that show a proportion to be at most `margin` worse on the same rows, when the versions disagree on `disagreement` of them. */
export function rowsForMargin(disagreement: number, margin: number): number {
  return Math.ceil((bothLevels * disagreement) / margin ** 2);
}

/** AUCs for which needs are printed, each with the standard normal quantile of it: the first is as good as models of people's behaviour get. */
export const usualAucs = [
  { auc: 0.98, quantile: 2.0537489106318225 },
  { auc: 0.9, quantile: 1.2815515655446004 },
  { auc: 0.8, quantile: 0.8416212335729143 },
] as const;

/** Correlation, among the positives, of the scores that two versions give to the same rows: that of a retrained twin. */
export const twinCorrelation = 0.99;

/**
 * Positives that show an AUC to be at most `margin` lower on the same rows, when both versions have the AUC whose normal quantile
 * is given, their scores correlate at `correlation` (0 to 1), and negatives are plenty. The binormal model: a positive counts by
 * the share F(x) of negatives below it, and the difference of two such shares has the variance 2 (E F(x)^2 - E F(x) F(y)). Both
 * means are probabilities of two normal values that correlate at 1/2 and at correlation/2; between these two the probability
 * grows by its derivative exp(-q^2 / (1 + t)) / (2 pi sqrt(1 - t^2)) (Plackett 1954), summed here in a hundred steps.
 * Simulated with DeLong's interval: equal versions pass in 80 %. Never below 10, where that interval begins.
 */
export function positivesForAucMargin(quantile: number, margin: number, correlation: number = twinCorrelation): number {
  const steps = 100;
  const width = (1 - correlation) / 2 / steps;
  let sum = 0;
  for (let step = 0; step < steps; step += 1) {
    const t = correlation / 2 + (step + 0.5) * width;
    sum += (width * Math.exp(-(quantile ** 2) / (1 + t))) / (2 * Math.PI * Math.sqrt(1 - t * t));
  }
  return Math.max(10, Math.ceil((bothLevels * 2 * sum) / margin ** 2));
}

/** Standard deviations of the difference of two losses of a row, as shares of the mean loss, for which needs are printed: 10 % is a retrained twin. */
export const usualDeviations = [0.1, 0.5, 1] as const;

/** Rows that show a mean loss to be at most `margin` (a share of it) higher on the same rows, by a paired t test. */
export function rowsForMeanMargin(deviation: number, margin: number): number {
  return Math.ceil((bothLevels * deviation ** 2) / margin ** 2);
}

/** Smallest sample whose largest value bounds the quantile `q` from above at a one-sided level: q^n <= 1 - level. 59 for p95, 299 for p99 at 95%. */
export function quantileSamples(q: number, level: number): number {
  return Math.ceil(Math.log(1 - level) / Math.log(q));
}

/**
 * Smallest number of requests which, without any event, brings the anytime upper bound of a rate to `margin`: beta-binomial
 * sequence with Beta(1/2, 1/2) at level `alpha` (0.005 for one of two arms at a tenth of 5%, 0.01 for one rate). At n requests
 * without event the bound is 1 - exp(-(ln(1/alpha) + ln(pi / B(1/2, n + 1/2))) / n). 924 for a margin of one point.
 */
export function requestsWithoutEvent(margin: number, alpha = 0.005): number {
  const bound = (n: number) => 1 - Math.exp(-(-Math.log(alpha) + 0.5 * Math.log(Math.PI * n)) / n);
  let low = 1;
  let high = 1;
  while (bound(high) > margin && high < 1e12) high *= 2;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (bound(middle) <= margin) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Mean and standard deviation of the range of k standard normal values, k from 2 (control chart constants d2 and d3). */
const ranges = [
  [1.128, 0.853],
  [1.693, 0.888],
  [2.059, 0.88],
  [2.326, 0.864],
  [2.534, 0.848],
  [2.704, 0.833],
  [2.847, 0.82],
  [2.97, 0.808],
  [3.078, 0.797],
] as const;

const fewestOfGroup = 30;

/**
 * Rows a group of a model that treats `groups` groups alike, so that the upper bound of the largest difference of their rates is below
 * `limit` in nine of ten runs. The bound lies about 2.8 standard errors of a rate above the difference that was seen
 * (simulated: six groups at 10 % and 5pp pass in 94 % at 1,500 rows a group, in 47 % at 1,000). Never below 30 rows and 10 events.
 */
export function rowsOfFairModel(groups: number, rate: number, limit: number): number {
  const [mean, deviation] = ranges[Math.min(Math.max(groups, 2), 10) - 2] ?? ranges[0];
  const byNoise = Math.ceil((rate * (1 - rate) * (mean + 1.2816 * deviation + 2.8) ** 2) / limit ** 2);
  return Math.max(byNoise, fewestOfGroup, Math.ceil(10 / rate));
}

/** Rows a group below which the bound is beyond the limit even where all groups have exactly the same rate. */
export function rowsOfEqualRates(rate: number, limit: number): number {
  return Math.max(fewestOfGroup, Math.ceil((rate * (1 - rate) * 2.8 ** 2) / limit ** 2));
}
