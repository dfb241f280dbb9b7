/** Numeric bins before duplicate edges are merged. */
const numericBins = 10;

/**
 * Inner edges of ten bins of equal mass: type-7 quantiles k/10 of the finite values, duplicates merged (R. Hyndman and Y. Fan, The American
 * Statistician 50 (1996)). Bins are (low, high], the outer ones open. Empty where there is no finite value.
 */
export function decileEdges(values: Float64Array): number[] {
  const sorted = values.filter((value) => Number.isFinite(value)).sort();
  if (sorted.length === 0) return [];
  const edges = Array.from({ length: numericBins - 1 }, (_, at) => {
    // Position (n - 1) k / 10 in whole numbers: no rounding decides on which side of an edge a value lies.
    const scaled = (sorted.length - 1) * (at + 1);
    const low = sorted[Math.floor(scaled / numericBins)] as number;
    const high = sorted[Math.min(sorted.length - 1, Math.floor(scaled / numericBins) + 1)] as number;
    return between(low, high, (scaled % numericBins) / numericBins);
  });
  return edges.filter((edge, at) => at === 0 || edge !== edges[at - 1]);
}

/** Linear interpolation, never outside of its ends. */
export function between(low: number, high: number, part: number): number {
  if (low === high || part === 0) return low;
  const value = part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part);
  return Math.min(high, Math.max(low, value));
}

/** How many values fall into each bin (low, high] of ascending inner edges; infinite values into the outer bins. */
export function countBins(values: Float64Array, edges: readonly number[]): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (const value of values) {
    let low = 0;
    let high = edges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (value <= (edges[middle] as number)) high = middle;
      else low = middle + 1;
    }
    counts[low] = (counts[low] as number) + 1;
  }
  return counts;
}

/** Names of the bins, `(low, high]`. */
export function binLabels(edges: readonly number[]): string[] {
  return Array.from({ length: edges.length + 1 }, (_, at) => {
    const high = edges[at];
    return `(${edges[at - 1] ?? "-inf"}, ${high === undefined ? "inf)" : `${high}]`}`;
  });
}
