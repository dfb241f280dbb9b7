import type { PredictionMeasure } from "../../compiler/plan/measure.ts";
import { type Average, type ClassMetricName, classMetrics, prepareClassMetric } from "../stats/classes.ts";
import type { Metric } from "../stats/metric.ts";
import type { NoAnswer } from "./answer.ts";
import { brokenColumns, fewestOfClass, fewestRows, tooFewOf } from "./checks.ts";
import type { Qualifiers } from "./context.ts";
import type { ScoredRows } from "./observation.ts";
import type { Prepared } from "./prepared.ts";
import { decisionOf, measured, type Party, scoreOf } from "./subset.ts";

const names: readonly string[] = classMetrics;
const averages: readonly string[] = ["macro", "micro", "weighted"] satisfies readonly Average[];

/** Metrics of a model of several classes, whose rows hold the number of a class as label and as decision. As `prepare` does. */
export function prepareClasses(
  measure: PredictionMeasure,
  parties: readonly Party[],
  given: ScoredRows,
  qualifiers: Qualifiers,
): Prepared | NoAnswer {
  const { metric: name, options } = measure;
  if (!names.includes(name))
    return { reason: "source_rejected", detail: "no metric of this name is built in for several classes" };
  const average = String(options["average"] ?? "macro");
  if (!averages.includes(average)) return { reason: "schema_mismatch", detail: `there is no average ${average}` };
  if (given.classes === undefined) return { reason: "schema_mismatch", detail: "the rows carry no classes" };
  const classes = given.classes.length;
  const rows = measured(given);
  const n = rows.label.length;
  if (n === 0) return { reason: "no_data", detail: "there are no rows", n: 0 };
  const isClass = (column: Float64Array) => column.every((one) => Number.isInteger(one) && one >= 0 && one < classes);
  const metrics: Metric[] = [];
  for (const party of parties) {
    const decision = decisionOf(rows, party);
    const score = scoreOf(rows, party);
    if (party === "champion" && decision === undefined && score === undefined) {
      return { reason: "no_champion", detail: "the rows carry no decisions of a champion", n };
    }
    const asked = name === "log_loss" ? score : decision;
    if (asked === undefined) return { reason: "schema_mismatch", detail: `the rows carry no decision of ${party}`, n };
    const broken = brokenColumns(n, [rows.label, asked], rows.weight);
    if (broken !== undefined) return { ...broken, n };
    if (!isClass(rows.label) || (name !== "log_loss" && !isClass(asked))) {
      return { reason: "schema_mismatch", detail: "a label or decision is none of the classes", n };
    }
    if (name === "log_loss" && !asked.every((one) => one >= 0 && one <= 1)) {
      return { reason: "schema_mismatch", detail: "a score is no probability between 0 and 1", n };
    }
    const side = { label: rows.label, decision: decision ?? rows.label, score: score ?? rows.label };
    metrics.push(prepareClassMetric(name as ClassMetricName, side, classes, average as Average));
  }
  const counts = new Map<number, number>();
  for (const label of rows.label) counts.set(label, (counts.get(label) ?? 0) + 1);
  const ofClass = [...counts].map(([label, has]) => {
    return [`rows of class ${given.classes?.[label] ?? ""}`, has, fewestOfClass] as const;
  });
  const few = tooFewOf(n, [["rows", n, fewestRows], ...ofClass], qualifiers);
  if (few !== undefined) return few;
  if (counts.size < 2) return { reason: "undefined_value", detail: "all labels are of one class", n };
  return { metrics, rows, n, positives: 0, negatives: 0 };
}
