import { order } from "./auc.ts";

/** Rows that a metric is computed on, of one version, all of the same length. */
export interface MetricRows {
  /** 0 or 1 for binary metrics, the value for regression. */
  readonly label: Float64Array;
  readonly score: Float64Array;
  /** 0 or 1; binary metrics only. */
  readonly decision: Float64Array;
}

/**
 * A metric prepared for its rows, so that it can be computed again for many weightings of them (resamples, subsets, weights).
 * `form` says how it is built, which decides the interval: a proportion of the rows that count, a mean of one value a row or a query, an area, or none of these.
 */
export type Metric = {
  /** The metric with each row counted `weight` times (once each where absent). NaN where it is undefined, for example precision without a positive decision. */
  statistic(weight?: Float64Array): number;
} & (
  | { readonly form: "proportion"; readonly counts: Uint8Array; readonly hits: Uint8Array }
  | { readonly form: "mean"; readonly values: Float64Array }
  | { readonly form: "queries"; readonly values: Float64Array }
  | { readonly form: "area" | "other" }
);

export const binaryMetrics = [
  "accuracy",
  "auc",
  "average_precision",
  "precision",
  "recall",
  "specificity",
  "f1",
  "positive_rate",
  "calibration_error",
  "log_loss",
  "brier",
] as const;
export const regressionMetrics = ["mae", "rmse", "r2", "mape", "wape", "pinball"] as const;
export type MetricName = (typeof binaryMetrics)[number] | (typeof regressionMetrics)[number];

/** Metrics that read the score as a probability 0..1. */
export const probabilityMetrics: readonly string[] = ["calibration_error", "log_loss", "brier"];

/** Calibration error asks for this many rows: 15 bins of fewer say nothing. */
export const calibrationRows = 1000;
const calibrationBins = 15;

/**
 * Prepares a metric. Formulas (y label, s score, d decision, sums over rows, weighted):
 * accuracy sum[d = y]/n; precision TP/(TP+FP); recall TP/(TP+FN); specificity TN/(TN+FP); f1 2TP/(2TP+FP+FN); positive_rate sum d/n;
 * auc P(s+ > s-) + P(s+ = s-)/2; average_precision sum (R_k - R_k-1) P_k over thresholds; log_loss -mean ln of the probability given to the
 * label, clipped to 2^-52; brier mean (s - y)^2; calibration_error sum n_b/n |mean y - mean s| over 15 bins of equal mass, (low, high],
 * equal scores never split; mae mean |s - y|; rmse; r2 1 - SSE/SST; mape mean |s - y|/|y| without rows of |y| < 1e-9 (NaN when they
 * are more than 5 %); wape sum |s - y|/sum |y|; pinball mean max(q (y - s), (q - 1)(y - s)).
 * The same numbers as scikit-learn 1.9 where it has the metric (test/conformance/goldens).
 * @param q quantile of `pinball`, exclusive 0 to 1
 */
export function prepareMetric(name: MetricName, rows: MetricRows, q = 0.5): Metric {
  const { label, score, decision } = rows;
  const n = label.length;
  const mask = (holds: (row: number) => boolean) => Uint8Array.from({ length: n }, (_, row) => (holds(row) ? 1 : 0));
  const proportion = (counts: Uint8Array, hits: Uint8Array): Metric => ({
    form: "proportion",
    counts,
    hits,
    statistic(weight) {
      let hit = 0;
      let all = 0;
      for (let row = 0; row < n; row++) {
        if (counts[row] === 0) continue;
        const w = weight === undefined ? 1 : (weight[row] as number);
        all += w;
        if (hits[row] === 1) hit += w;
      }
      return hit / all;
    },
  });
  const mean = (value: (y: number, s: number) => number): Metric => {
    const values = Float64Array.from(label, (y, row) => value(y, score[row] as number));
    return {
      form: "mean",
      values,
      statistic(weight) {
        let sum = 0;
        let all = 0;
        for (let row = 0; row < n; row++) {
          const w = weight === undefined ? 1 : (weight[row] as number);
          all += w;
          sum += w * (values[row] as number);
        }
        return sum / all;
      },
    };
  };
  const every = () => new Uint8Array(n).fill(1);
  const positive = () => mask((row) => label[row] === 1);
  const decided = () => mask((row) => decision[row] === 1);
  switch (name) {
    case "accuracy":
      return proportion(
        every(),
        mask((row) => decision[row] === label[row]),
      );
    case "positive_rate":
      return proportion(every(), decided());
    case "recall":
      return proportion(positive(), decided());
    case "precision":
      return proportion(decided(), positive());
    case "specificity":
      return proportion(
        mask((row) => label[row] !== 1),
        mask((row) => decision[row] !== 1),
      );
    case "f1":
      return { form: "other", statistic: (weight) => f1(label, decision, weight) };
    case "brier":
      return mean((y, s) => (s - y) ** 2);
    case "log_loss": {
      const clip = (p: number) => Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, p));
      return mean((y, s) => -Math.log(y === 1 ? clip(s) : 1 - clip(s)));
    }
    case "mae":
      return mean((y, s) => Math.abs(s - y));
    case "pinball":
      return mean((y, s) => Math.max(q * (y - s), (q - 1) * (y - s)));
    case "auc":
      return { form: "area", statistic: ascending(rows, aucOf) };
    case "average_precision":
      return { form: "other", statistic: ascending(rows, averagePrecisionOf) };
    case "calibration_error":
      return { form: "other", statistic: ascending(rows, calibrationErrorOf) };
    case "rmse":
      return { form: "other", statistic: (weight) => rootMeanSquare(rows, weight) };
    case "r2":
      return {
        form: "other",
        statistic(weight) {
          const { all, squares, labels, labelSquares } = sums(rows, weight);
          const total = labelSquares - (labels * labels) / all;
          return total > 0 ? 1 - squares / total : Number.NaN;
        },
      };
    case "wape":
      return {
        form: "other",
        statistic(weight) {
          const { absolute, labelMagnitude } = sums(rows, weight);
          return labelMagnitude > 0 ? absolute / labelMagnitude : Number.NaN;
        },
      };
    case "mape":
      return { form: "other", statistic: (weight) => mape(rows, weight) };
  }
}

function rootMeanSquare(rows: MetricRows, weight?: Float64Array): number {
  const { squares, all } = sums(rows, weight);
  return Math.sqrt(squares / all);
}

function f1(label: Float64Array, decision: Float64Array, weight?: Float64Array): number {
  let both = 0;
  let either = 0;
  for (let row = 0; row < label.length; row++) {
    const w = weight === undefined ? 1 : (weight[row] as number);
    const y = label[row] as number;
    const d = decision[row] as number;
    both += w * y * d;
    either += w * (y + d);
  }
  return (2 * both) / either;
}

function mape({ label, score }: MetricRows, weight?: Float64Array): number {
  let sum = 0;
  let used = 0;
  let all = 0;
  for (let row = 0; row < label.length; row++) {
    const w = weight === undefined ? 1 : (weight[row] as number);
    const y = label[row] as number;
    all += w;
    if (Math.abs(y) < 1e-9) continue;
    used += w;
    sum += (w * Math.abs((score[row] as number) - y)) / Math.abs(y);
  }
  return used >= 0.95 * all ? sum / used : Number.NaN;
}

function sums({ label, score }: MetricRows, weight?: Float64Array) {
  const shift = label[0] ?? 0;
  let all = 0;
  let squares = 0;
  let absolute = 0;
  let labels = 0;
  let labelSquares = 0;
  let labelMagnitude = 0;
  for (let row = 0; row < label.length; row++) {
    const w = weight === undefined ? 1 : (weight[row] as number);
    const y = label[row] as number;
    const error = (score[row] as number) - y;
    all += w;
    squares += w * error * error;
    absolute += w * Math.abs(error);
    labels += w * (y - shift);
    labelSquares += w * (y - shift) * (y - shift);
    labelMagnitude += w * Math.abs(y);
  }
  return { all, squares, absolute, labels, labelSquares, labelMagnitude };
}

/** Weights of one group of rows with the same score: how many, how many positive, and their score. */
type Visit = (all: number, positive: number, score: number) => void;

/** Sorts once and walks the groups of equal scores upwards for each weighting. */
function ascending(
  { label, score }: MetricRows,
  metric: (walk: (visit: Visit) => void, all: number, positive: number) => number,
): (weight?: Float64Array) => number {
  const rows = order(score);
  const sorted = Float64Array.from(rows, (row) => score[row] as number);
  const positives = Uint8Array.from(rows, (row) => (label[row] === 1 ? 1 : 0));
  const weights = new Float64Array(rows.length).fill(1);
  return (weight) => {
    let all = 0;
    let positive = 0;
    for (let index = 0; index < rows.length; index++) {
      const w = weight === undefined ? 1 : (weight[rows[index] as number] as number);
      weights[index] = w;
      all += w;
      if (positives[index] === 1) positive += w;
    }
    const walk = (visit: Visit) => {
      let start = 0;
      while (start < rows.length) {
        const value = sorted[start] as number;
        let group = 0;
        let hits = 0;
        while (start < rows.length && sorted[start] === value) {
          const w = weights[start] as number;
          group += w;
          if (positives[start] === 1) hits += w;
          start++;
        }
        if (group > 0) visit(group, hits, value);
      }
    };
    return metric(walk, all, positive);
  };
}

function aucOf(walk: (visit: Visit) => void, all: number, positive: number): number {
  let negativesBelow = 0;
  let wins = 0;
  walk((group, hits) => {
    const misses = group - hits;
    wins += hits * (negativesBelow + misses / 2);
    negativesBelow += misses;
  });
  return wins / (positive * (all - positive));
}

function averagePrecisionOf(walk: (visit: Visit) => void, all: number, positive: number): number {
  let below = 0;
  let positivesBelow = 0;
  let sum = 0;
  walk((group, hits) => {
    sum += hits * ((positive - positivesBelow) / (all - below));
    below += group;
    positivesBelow += hits;
  });
  return sum / positive;
}

function calibrationErrorOf(walk: (visit: Visit) => void, all: number): number {
  let below = 0;
  let bin = 1;
  let gap = 0;
  let sum = 0;
  walk((group, hits, score) => {
    gap += hits - group * score;
    below += group;
    if (below < (bin * all) / calibrationBins - 1e-9 * all) return;
    sum += Math.abs(gap);
    gap = 0;
    while (bin < calibrationBins && below >= (bin * all) / calibrationBins - 1e-9 * all) bin++;
  });
  return (sum + Math.abs(gap)) / all;
}
