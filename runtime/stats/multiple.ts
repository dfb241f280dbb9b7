/**
 * Holm's step-down adjustment of p-values, in the order given: adjusted p <= alpha is a rejection with family-wise error alpha.
 * Source: S. Holm, Scandinavian Journal of Statistics 6 (1979).
 */
export function holm(p: readonly number[]): number[] {
  const ascending = p.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const adjusted = new Array<number>(p.length).fill(1);
  let largest = 0;
  ascending.forEach(({ value, index }, rank) => {
    largest = Math.max(largest, Math.min(1, value * (p.length - rank)));
    adjusted[index] = largest;
  });
  return adjusted;
}

/**
 * Benjamini and Hochberg's step-up adjustment of p-values, in the order given: adjusted p <= q are rejections of which a share of at most q is
 * false on average. Source: Y. Benjamini and Y. Hochberg, Journal of the Royal Statistical Society B 57 (1995).
 */
export function benjaminiHochberg(p: readonly number[]): number[] {
  const descending = p.map((value, index) => ({ value, index })).sort((a, b) => b.value - a.value);
  const adjusted = new Array<number>(p.length).fill(1);
  let least = 1;
  descending.forEach(({ value, index }, rank) => {
    least = Math.min(least, (value * p.length) / (p.length - rank));
    adjusted[index] = least;
  });
  return adjusted;
}
