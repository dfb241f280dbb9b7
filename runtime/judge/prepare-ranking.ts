import type { PredictionMeasure } from "../../compiler/plan/measure.ts";
import type { Metric } from "../stats/metric.ts";
import { prepareRanking, type RankingMetricName } from "../stats/ranking.ts";
import type { NoAnswer } from "./answer.ts";
import { brokenColumns, fewestRows, tooFewOf } from "./checks.ts";
import type { Qualifiers } from "./context.ts";
import type { ScoredRows } from "./observation.ts";
import type { Prepared } from "./prepared.ts";
import { measured, type Party, scoreOf } from "./subset.ts";

/** Metrics of rankings, whose rows name their query in the column of option `group`. As `prepare` does. */
export function prepareRankings(
  measure: PredictionMeasure,
  parties: readonly Party[],
  given: ScoredRows,
  qualifiers: Qualifiers,
): Prepared | NoAnswer {
  const name = measure.metric as RankingMetricName;
  const column = String(measure.options["group"] ?? "");
  const k = Number(measure.options["k"] ?? 1);
  if (!Number.isInteger(k) || k < 1)
    return { reason: "schema_mismatch", detail: "the number of first ranks is no whole number" };
  const rows = measured(given);
  const n = rows.label.length;
  if (n === 0) return { reason: "no_data", detail: "there are no rows", n: 0 };
  const query = rows.groups[column];
  if (query === undefined) return { reason: "schema_mismatch", detail: `the rows have no column ${column}`, n };
  if (query.length !== n) {
    return { reason: "rows_mismatch", detail: `${column} has ${query.length} values for ${n} rows`, n };
  }
  const metrics: Metric[] = [];
  for (const party of parties) {
    const score = scoreOf(rows, party);
    if (score === undefined) return { reason: "no_champion", detail: "the rows carry no scores of a champion", n };
    const broken = brokenColumns(n, [rows.label, score], rows.weight);
    if (broken !== undefined) return { ...broken, n };
    if (!rows.label.every((label) => (name === "ndcg" ? label >= 0 : label === 0 || label === 1))) {
      const detail = name === "ndcg" ? "a relevance is negative" : "a label is neither 0 nor 1";
      return { reason: "schema_mismatch", detail, n };
    }
    metrics.push(prepareRanking(name, { label: rows.label, score, query }, k));
  }
  const positives = rows.label.reduce((sum, label) => sum + (label > 0 ? 1 : 0), 0);
  const needed = [
    ["rows", n, fewestRows],
    ["positives", positives, 0],
    ["negatives", n - positives, 0],
  ] as const;
  const few = tooFewOf(n, needed, qualifiers);
  if (few !== undefined) return few;
  if (positives === 0)
    return { reason: "undefined_value", detail: "no row is relevant, so that there is nothing to find", n };
  return { metrics, rows, n, positives, negatives: n - positives, together: column };
}
