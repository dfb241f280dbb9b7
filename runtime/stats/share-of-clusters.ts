/**
 * A weighted share of yes with its effective number of independent rows p (1 - p)/var(p): var by linearisation of the ratio over clusters,
 * C/(C - 1) sum (sum of w (y - p) in a cluster)^2/(sum w)^2. Where nothing varies it is the number of clusters.
 * Source: L. Kish, Survey Sampling (1965), 5.4; E. Korn and B. Graubard, Survey Methodology 24 (1998).
 * @param event 0 or 1 for each row
 * @param weight not negative, not all 0
 * @param cluster what each row belongs to
 */
export function clusteredShare(
  event: Float64Array,
  weight: Float64Array,
  cluster: readonly string[],
): { rate: number; effective: number } {
  const all = weight.reduce((sum, one) => sum + one, 0);
  const yes = event.reduce((sum, one, row) => sum + one * (weight[row] as number), 0);
  const rate = yes / all;
  const sums = new Map<string, number>();
  event.forEach((one, row) => {
    const name = cluster[row] ?? "";
    sums.set(name, (sums.get(name) ?? 0) + (weight[row] as number) * (one - rate));
  });
  const clusters = sums.size;
  let squares = 0;
  for (const sum of sums.values()) squares += (sum / all) ** 2;
  const variance = (squares * clusters) / (clusters - 1);
  return { rate, effective: variance > 0 ? (rate * (1 - rate)) / variance : clusters };
}
