import type { Metric } from "./metric.ts";

export const classMetrics = ["accuracy", "log_loss", "precision", "recall", "f1"] as const;
export type ClassMetricName = (typeof classMetrics)[number];

/** How the metrics of single classes become one: each class alike, all rows together, or each class by its rows. */
export type Average = "macro" | "micro" | "weighted";

/** Rows of one version of a model of several classes, all of the same length. */
export interface ClassRows {
  /** Number of the class of each row, from 0. */
  readonly label: Float64Array;
  readonly decision: Float64Array;
  /** Probability 0..1 that the version gave to the row's label; read by `log_loss` alone. */
  readonly score: Float64Array;
}

/**
 * Prepares a metric of several classes. accuracy sum[d = y]/n; log_loss -mean ln of the probability given to the label, clipped to 2^-52;
 * precision TP/(TP+FP), recall TP/(TP+FN), f1 2TP/(2TP+FP+FN) of each class, averaged: macro the plain mean over the classes that occur among
 * labels or decisions, weighted the mean by the rows with that label, micro from the sums of TP, FP and FN. A class that is never decided has
 * precision 0, one that is only decided has recall 0: the same numbers as scikit-learn's with zero_division=0.
 * @param average read by precision, recall and f1
 */
export function prepareClassMetric(name: ClassMetricName, rows: ClassRows, classes: number, average: Average): Metric {
  const { label, decision, score } = rows;
  const n = label.length;
  if (name === "accuracy") {
    const counts = new Uint8Array(n).fill(1);
    const hits = Uint8Array.from(label, (y, row) => (decision[row] === y ? 1 : 0));
    return { form: "proportion", counts, hits, statistic: (weight) => weightedMean(hits, weight) };
  }
  if (name === "log_loss") {
    const values = score.map((p) => -Math.log(Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, p))));
    return { form: "mean", values, statistic: (weight) => weightedMean(values, weight) };
  }
  return {
    form: "other",
    statistic(weight) {
      const hits = new Float64Array(classes);
      const actual = new Float64Array(classes);
      const decided = new Float64Array(classes);
      for (let row = 0; row < n; row++) {
        const w = weight === undefined ? 1 : (weight[row] as number);
        const y = label[row] as number;
        const d = decision[row] as number;
        actual[y] = (actual[y] as number) + w;
        decided[d] = (decided[d] as number) + w;
        if (y === d) hits[y] = (hits[y] as number) + w;
      }
      return averaged(name, average, hits, actual, decided);
    },
  };
}

function averaged(
  name: "precision" | "recall" | "f1",
  average: Average,
  hits: Float64Array,
  actual: Float64Array,
  decided: Float64Array,
): number {
  const sum = (column: Float64Array) => column.reduce((all, one) => all + one, 0);
  const of = (tp: number, y: number, d: number) => {
    const below = name === "precision" ? d : name === "recall" ? y : (y + d) / 2;
    return below > 0 ? tp / below : 0;
  };
  const rows = sum(actual);
  if (!(rows > 0)) return Number.NaN;
  if (average === "micro") return of(sum(hits), rows, sum(decided));
  let total = 0;
  let all = 0;
  hits.forEach((tp, one) => {
    const y = actual[one] as number;
    const d = decided[one] as number;
    if (y + d === 0) return;
    const share = average === "macro" ? 1 : y;
    total += share * of(tp, y, d);
    all += share;
  });
  return total / all;
}

function weightedMean(values: ArrayLike<number>, weight: Float64Array | undefined): number {
  let sum = 0;
  let all = 0;
  for (let row = 0; row < values.length; row++) {
    const w = weight === undefined ? 1 : (weight[row] as number);
    sum += w * (values[row] as number);
    all += w;
  }
  return sum / all;
}
