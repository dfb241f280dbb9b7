import type { Metric } from "./metric.ts";

export const rankingMetrics = ["ndcg", "map", "recall_at"] as const;
export type RankingMetricName = (typeof rankingMetrics)[number];

/** Ranked rows of one version. */
export interface RankedRows {
  /** Relevance of each row, not negative; 0 or 1 for `map` and `recall_at`. */
  readonly label: Float64Array;
  readonly score: Float64Array;
  /** Which query each row answers. */
  readonly query: readonly string[];
}

/**
 * Prepares a metric of rankings: its mean over the queries that have a relevant row; a query without one has nothing to find and is left out.
 * Rows are ranked by descending score within their query, and equal scores are averaged over their orders.
 *
 * - ndcg(k): sum of rel/log2(rank + 1) over the first k, divided by that of the best order (K. Jarvelin and J. Kekalainen, ACM TOIS 20 (2002)); ties
 *   as F. McSherry and M. Najork, ECIR 2008.
 * - map: average precision of each query, rows of equal score together.
 * - recall_at(k): the share of relevant rows among the first k.
 *
 * The same numbers as scikit-learn's ndcg_score and average_precision_score query by query. A weight counts a query by the mean weight of its rows.
 * @param k first ranks that count, at least 1; not read by `map`
 */
export function prepareRanking(name: RankingMetricName, rows: RankedRows, k: number): Metric {
  const numbers = new Map([...new Set(rows.query)].sort().map((query, index) => [query, index]));
  const members = Array.from({ length: numbers.size }, () => [] as number[]);
  rows.query.forEach((query, row) => {
    members[numbers.get(query) ?? 0]?.push(row);
  });
  const useful = members.filter((own) => own.some((row) => (rows.label[row] as number) > 0));
  const values = Float64Array.from(useful, (own) => {
    const ranked = own.toSorted((a, b) => (rows.score[b] as number) - (rows.score[a] as number));
    const relevance = ranked.map((row) => rows.label[row] as number);
    const score = ranked.map((row) => rows.score[row] as number);
    if (name === "ndcg") return ndcg(relevance, score, k);
    return name === "map" ? averagePrecision(relevance, score) : recallAt(relevance, score, k);
  });
  return {
    form: "queries",
    values,
    statistic(weight) {
      let sum = 0;
      let all = 0;
      useful.forEach((own, query) => {
        const w =
          weight === undefined ? 1 : own.reduce((total, row) => total + (weight[row] as number), 0) / own.length;
        sum += w * (values[query] as number);
        all += w;
      });
      return sum / all;
    },
  };
}

/** Visits stretches of equal score from the first rank: ranks `from` (from 0) to before `to`, and the mean relevance of the stretch. */
function stretches(
  relevance: readonly number[],
  score: readonly number[],
  visit: (from: number, to: number, mean: number) => void,
): void {
  let from = 0;
  while (from < score.length) {
    let to = from;
    let sum = 0;
    while (to < score.length && score[to] === score[from]) sum += relevance[to++] as number;
    visit(from, to, sum / (to - from));
    from = to;
  }
}

function ndcg(relevance: readonly number[], score: readonly number[], k: number): number {
  const discount = (rank: number) => 1 / Math.log2(rank + 2);
  let gained = 0;
  stretches(relevance, score, (from, to, mean) => {
    for (let rank = from; rank < Math.min(to, k); rank++) gained += mean * discount(rank);
  });
  const best = relevance.toSorted((a, b) => b - a).slice(0, k);
  return gained / best.reduce((sum, one, rank) => sum + one * discount(rank), 0);
}

function averagePrecision(relevance: readonly number[], score: readonly number[]): number {
  const relevant = relevance.reduce((sum, one) => sum + one, 0);
  let found = 0;
  let sum = 0;
  stretches(relevance, score, (from, to, mean) => {
    const here = mean * (to - from);
    found += here;
    sum += (here / relevant) * (found / to);
  });
  return sum;
}

function recallAt(relevance: readonly number[], score: readonly number[], k: number): number {
  let found = 0;
  stretches(relevance, score, (from, to, mean) => {
    found += mean * Math.max(0, Math.min(to, k) - from);
  });
  return found / relevance.reduce((sum, one) => sum + one, 0);
}
