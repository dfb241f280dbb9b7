import type { PredictionMeasure } from "../../compiler/plan/measure.ts";
import {
  binaryMetrics,
  calibrationRows,
  type MetricName,
  type MetricRows,
  prepareMetric,
  probabilityMetrics,
  regressionMetrics,
} from "../stats/metric.ts";
import { rankingMetrics } from "../stats/ranking.ts";
import type { NoAnswer } from "./answer.ts";
import { brokenColumns, fewestOfClass, fewestRows, tooFewOf } from "./checks.ts";
import type { Context, Qualifiers } from "./context.ts";
import type { ScoredRows } from "./observation.ts";
import { prepareClasses } from "./prepare-classes.ts";
import { prepareRankings } from "./prepare-ranking.ts";
import type { Prepared } from "./prepared.ts";
import { decisionOf, measured, type Party, scoreOf } from "./subset.ts";

const rankingNames: readonly string[] = rankingMetrics;
const names: readonly string[] = [...binaryMetrics, ...regressionMetrics];

/**
 * Checks rows and prepares a metric for each party. No answer where a version is missing, the sides differ in length, a number is
 * not finite, labels do not fit the task, or there are too few rows: see docs/statistics.md for the order and the limits.
 */
export function prepare(
  measure: PredictionMeasure,
  parties: readonly Party[],
  given: ScoredRows,
  context: Context,
  qualifiers: Qualifiers,
): Prepared | NoAnswer {
  const name = measure.metric;
  if (rankingNames.includes(name)) return prepareRankings(measure, parties, given, qualifiers);
  if (context.task === "multiclass") return prepareClasses(measure, parties, given, qualifiers);
  if (!names.includes(name)) return { reason: "source_rejected", detail: `no metric of this name is built in` };
  const binary = (binaryMetrics as readonly string[]).includes(name);
  const rows = measured(given);
  const n = rows.label.length;
  if (n === 0) return { reason: "no_data", detail: "there are no rows", n: 0 };
  const sides: MetricRows[] = [];
  for (const party of parties) {
    const score = scoreOf(rows, party);
    if (score === undefined) return { reason: "no_champion", detail: "the rows carry no scores of a champion", n };
    const decision = decisionOf(rows, party) ?? score.map((one) => (one >= context.decidesAt ? 1 : 0));
    sides.push({ label: rows.label, score, decision });
  }
  const broken = check(name, binary, rows, sides);
  if (broken !== undefined) return { ...broken, n };
  let positives = 0;
  if (binary) for (const label of rows.label) positives += label;
  const few = tooFewOf(
    n,
    [
      ["rows", n, fewestRows],
      ...(binary ? [["positives", positives, fewestOfClass] as const] : []),
      ...(binary ? [["negatives", n - positives, fewestOfClass] as const] : []),
    ],
    qualifiers,
  );
  if (few !== undefined) return few;
  const needed = name === "calibration_error" ? calibrationRows : 0;
  const fewForBins = tooFewOf(n, [["rows", n, needed]], { id: qualifiers.id });
  if (fewForBins !== undefined) return fewForBins;
  const q = Number(measure.options["q"] ?? 0.5);
  const metrics = sides.map((side) => prepareMetric(name as MetricName, side, q));
  return { metrics, rows, n, positives, negatives: n - positives };
}

function check(name: string, binary: boolean, rows: ScoredRows, sides: readonly MetricRows[]): NoAnswer | undefined {
  const columns = [rows.label, ...sides.flatMap((side) => [side.score, side.decision])];
  const broken = brokenColumns(rows.label.length, columns, rows.weight);
  if (broken !== undefined || !binary) return broken;
  const zeroOrOne = (column: Float64Array) => column.every((value) => value === 0 || value === 1);
  if (!zeroOrOne(rows.label)) return { reason: "schema_mismatch", detail: "a label is neither 0 nor 1" };
  if (!sides.every((side) => zeroOrOne(side.decision))) {
    return { reason: "schema_mismatch", detail: "a decision is neither 0 nor 1" };
  }
  if (probabilityMetrics.includes(name) && !sides.every((side) => side.score.every((s) => s >= 0 && s <= 1))) {
    return { reason: "schema_mismatch", detail: "a score is no probability between 0 and 1" };
  }
  return undefined;
}

/** Rows of a binary model fit for rates of decisions: every check of `prepare` but those on how many there are. */
export function checkedDecisions(given: ScoredRows, context: Context): { readonly rows: ScoredRows } | NoAnswer {
  if (context.task !== "binary") return { reason: "schema_mismatch", detail: "only a binary model decides yes or no" };
  const rows = measured(given);
  const n = rows.label.length;
  if (n === 0) return { reason: "no_data", detail: "there are no rows", n: 0 };
  const decision = rows.challengerDecision ?? rows.challenger.map((one) => (one >= context.decidesAt ? 1 : 0));
  const side = { label: rows.label, score: rows.challenger, decision };
  const broken = check("positive_rate", true, rows, [side]);
  return broken === undefined ? { rows } : { ...broken, n };
}
