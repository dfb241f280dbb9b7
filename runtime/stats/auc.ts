/** Row numbers in ascending order of a score. */
export function order(score: Float64Array): Uint32Array {
  const rows = new Uint32Array(score.length);
  for (let row = 0; row < rows.length; row++) rows[row] = row;
  return rows.sort((a, b) => (score[a] as number) - (score[b] as number));
}

/** Midranks, from 1: equal values share the mean of their ranks. */
export function midranks(values: Float64Array): Float64Array {
  const sorted = order(values);
  const ranks = new Float64Array(values.length);
  let start = 0;
  while (start < sorted.length) {
    let end = start + 1;
    const value = values[sorted[start] as number] as number;
    while (end < sorted.length && values[sorted[end] as number] === value) end++;
    for (let index = start; index < end; index++) ranks[sorted[index] as number] = (start + end + 1) / 2;
    start = end;
  }
  return ranks;
}

/** Structural components of one score: for each positive the share of negatives below it, for each negative the share of positives above it. */
export interface Placements {
  readonly auc: number;
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
}

/**
 * Area under the ROC curve with DeLong's components, ties counted half; O(n log n) by midranks.
 * Source: E. DeLong, D. DeLong, D. Clarke-Pearson, Biometrics 44 (1988); X. Sun and W. Xu, IEEE Signal Processing Letters 21 (2014).
 * `auc` is NaN where a class is missing.
 * @param label 0 or 1 for each row
 */
export function placements(label: Float64Array, score: Float64Array): Placements {
  const positive = score.filter((_, row) => label[row] === 1);
  const negative = score.filter((_, row) => label[row] !== 1);
  const overall = midranks(score);
  const inPositive = midranks(positive);
  const inNegative = midranks(negative);
  const positives = new Float64Array(positive.length);
  const negatives = new Float64Array(negative.length);
  let p = 0;
  let n = 0;
  let sum = 0;
  for (let row = 0; row < score.length; row++) {
    const rank = overall[row] as number;
    if (label[row] === 1) {
      const share = (rank - (inPositive[p] as number)) / negative.length;
      positives[p++] = share;
      sum += share;
    } else {
      negatives[n] = 1 - (rank - (inNegative[n] as number)) / positive.length;
      n++;
    }
  }
  return { auc: positive.length > 0 && negative.length > 0 ? sum / positive.length : Number.NaN, positives, negatives };
}

/** DeLong's variance of one area. NaN with fewer than two rows of a class. */
export function aucVariance(one: Placements): number {
  return aucCovariance(one, one);
}

/** DeLong's covariance of the areas of two scores of the same rows, in the same order. */
export function aucCovariance(one: Placements, other: Placements): number {
  return (
    covariance(one.positives, other.positives) / one.positives.length +
    covariance(one.negatives, other.negatives) / one.negatives.length
  );
}

/** AUC(challenger) - `championScale` x AUC(champion) on the same rows, with its standard error from the paired covariance. */
export function aucDifference(
  challenger: Placements,
  champion: Placements,
  championScale = 1,
): { difference: number; standardError: number } {
  const variance =
    aucVariance(challenger) +
    championScale * championScale * aucVariance(champion) -
    2 * championScale * aucCovariance(challenger, champion);
  return {
    difference: challenger.auc - championScale * champion.auc,
    standardError: Math.sqrt(Math.max(0, variance)),
  };
}

function covariance(x: Float64Array, y: Float64Array): number {
  let meanX = 0;
  let meanY = 0;
  for (let index = 0; index < x.length; index++) {
    meanX += x[index] as number;
    meanY += y[index] as number;
  }
  meanX /= x.length;
  meanY /= y.length;
  let sum = 0;
  for (let index = 0; index < x.length; index++) sum += ((x[index] as number) - meanX) * ((y[index] as number) - meanY);
  return sum / (x.length - 1);
}
