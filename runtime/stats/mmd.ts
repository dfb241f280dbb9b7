import { below, type Generator } from "./random.ts";

/** Rows of each side above which a sub-sample is taken. */
export const mostRows = 1000;

/**
 * Median of the distances between all pairs of values, in their unit; 1 where it is 0. The usual bandwidth of a Gaussian kernel.
 * @param values at least two
 */
export function medianDistance(values: Float64Array): number {
  const n = values.length;
  const distances = new Float64Array((n * (n - 1)) / 2);
  let at = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) distances[at++] = Math.abs((values[i] as number) - (values[j] as number));
  }
  distances.sort();
  const middle = distances.length / 2;
  const median = ((distances[Math.ceil(middle) - 1] ?? 0) + (distances[Math.floor(middle)] ?? 0)) / 2;
  return median > 0 ? median : 1;
}

/**
 * Unbiased squared maximum mean discrepancy with the Gaussian kernel exp(-(x - y)^2/(2 h^2)), h the median distance of the pooled sample,
 * and its permutation p-value (1 + #{permuted >= observed})/(1 + permutations). The unbiased estimate may be below 0.
 * Source: A. Gretton, K. Borgwardt, M. Rasch, B. Schoelkopf, A. Smola, JMLR 13 (2012), equation 3.
 * @param reference finite values, at least two; at most 1,000 are meant, since it takes O(n^2) memory and O(n^2 permutations) steps
 */
export function mmd(
  reference: Float64Array,
  current: Float64Array,
  next: Generator,
  { permutations = 999, bandwidth }: { readonly permutations?: number; readonly bandwidth?: number } = {},
): { value: number; p: number; bandwidth: number } {
  const n = reference.length;
  const m = current.length;
  const pooled = new Float64Array(n + m);
  pooled.set(reference);
  pooled.set(current, n);
  const width = bandwidth ?? medianDistance(pooled);
  const size = n + m;
  const chosen = [Uint32Array.from(reference, (_, index) => index), ...draws(n, size, permutations, next)];
  const passed = new Uint32Array(chosen.length);
  const within = new Float64Array(chosen.length);
  const touching = new Float64Array(chosen.length);
  const row = new Float64Array(size);
  let total = 0;
  // Row by row, so that the row of the kernel stays near while all permutations read it.
  for (let i = 0; i < size; i++) {
    const own = pooled[i] as number;
    let sum = -1;
    for (let j = 0; j < size; j++) {
      const distance = own - (pooled[j] as number);
      const value = Math.exp(-(distance * distance) / (2 * width * width));
      row[j] = value;
      sum += value;
    }
    total += sum;
    for (let which = 0; which < chosen.length; which++) {
      const members = chosen[which] as Uint32Array;
      let at = passed[which] as number;
      if (members[at] !== i) continue;
      passed[which] = ++at;
      let pairs = 0;
      for (; at < n; at++) pairs += row[members[at] as number] as number;
      within[which] = (within[which] as number) + pairs;
      touching[which] = (touching[which] as number) + sum;
    }
  }
  const statistic = (which: number) => {
    const pairs = within[which] as number;
    const between = (touching[which] as number) - 2 * pairs;
    const rest = total - 2 * between - 2 * pairs;
    return (2 * pairs) / (n * (n - 1)) + rest / (m * (m - 1)) - (2 * between) / (n * m);
  };
  const value = statistic(0);
  // The same sums in another order differ in their last digits; such a permutation is no smaller.
  const slack = 1e-12;
  let reached = 0;
  for (let which = 1; which < chosen.length; which++) if (statistic(which) >= value - slack) reached++;
  return { value, p: (1 + reached) / (1 + permutations), bandwidth: width };
}

/** Ascending numbers of the rows that a permutation puts on the reference's side. */
function draws(n: number, size: number, permutations: number, next: Generator): Uint32Array[] {
  const order = Uint32Array.from({ length: size }, (_, index) => index);
  return Array.from({ length: permutations }, () => {
    for (let i = 0; i < n; i++) {
      const j = i + below(next, size - i);
      const kept = order[i] as number;
      order[i] = order[j] as number;
      order[j] = kept;
    }
    return order.slice(0, n).sort();
  });
}
