import type { PredictionMeasure } from "../../compiler/plan/measure.ts";
import {
  binaryMetrics,
  calibrationRows,
  type Metric,
  type MetricName,
  type MetricRows,
  prepareMetric,
  probabilityMetrics,
  regressionMetrics,
} from "../stats/metric.ts";
import type { NoAnswer } from "./answer.ts";
import type { Context, Qualifiers } from "./context.ts";
import type { ScoredRows } from "./observation.ts";
import { count } from "./quantity.ts";

type Party = PredictionMeasure["party"];

/** Rows below which nothing is said unless the requirement names its own minimum. */
const fewestRows = 100;
const fewestOfClass = 30;

const names: readonly string[] = [...binaryMetrics, ...regressionMetrics];

/** Metrics prepared on rows that have passed every check: one a party asked for, in the order asked. */
export interface Prepared {
  readonly metrics: readonly Metric[];
  readonly rows: ScoredRows;
  readonly n: number;
  readonly positives: number;
  readonly negatives: number;
}

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
  if (!names.includes(name)) return { reason: "source_rejected", detail: `no metric of this name is built in` };
  if (context.task === "multiclass") {
    return { reason: "source_rejected", detail: "rows of a multi-class model carry no classes to compare" };
  }
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
  const few = tooFew(name, binary, n, positives, qualifiers);
  if (few !== undefined) return few;
  const q = Number(measure.options["q"] ?? 0.5);
  const metrics = sides.map((side) => prepareMetric(name as MetricName, side, q));
  return { metrics, rows, n, positives, negatives: n - positives };
}

function check(name: string, binary: boolean, rows: ScoredRows, sides: readonly MetricRows[]): NoAnswer | undefined {
  const n = rows.label.length;
  const columns = [rows.label, ...sides.flatMap((side) => [side.score, side.decision])];
  if (rows.weight !== undefined) columns.push(rows.weight);
  for (const column of columns) {
    if (column.length !== n) {
      return { reason: "rows_mismatch", detail: `${count(n)} labels stand beside ${count(column.length)} values` };
    }
    const broken = column.reduce((sum, value) => sum + (Number.isFinite(value) ? 0 : 1), 0);
    if (broken > 0) {
      return {
        reason: "undefined_value",
        detail: `${count(broken)} of ${count(n)} rows hold a value that is not a finite number`,
      };
    }
  }
  if (rows.weight?.some((weight) => weight < 0)) return { reason: "schema_mismatch", detail: "a weight is negative" };
  if (!binary) return undefined;
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

function tooFew(
  name: string,
  binary: boolean,
  n: number,
  positives: number,
  { minimum }: Qualifiers,
): NoAnswer | undefined {
  const asked = (of: string, otherwise: number) => (minimum?.of === of ? minimum.count : otherwise);
  const needed: [string, number, number][] = [["rows", n, asked("rows", fewestRows)]];
  if (name === "calibration_error") needed.push(["rows", n, calibrationRows]);
  if (binary) {
    needed.push(["positives", positives, asked("positives", fewestOfClass)]);
    needed.push(["negatives", n - positives, asked("negatives", fewestOfClass)]);
  }
  if (minimum !== undefined && (minimum.of === "requests" || minimum.of === "pairs")) {
    needed.push([minimum.of, n, minimum.count]);
  }
  for (const [noun, has, needs] of needed) {
    if (has < needs) {
      return {
        reason: "too_few_samples",
        detail: `${count(has)} ${noun} are too few, ${count(needs)} are needed`,
        n,
        flip: `${count(needs - has)} more ${noun} would allow an answer.`,
      };
    }
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

/** Rows of a slice, in their order. */
export function subset(rows: ScoredRows, keeps: (row: number) => boolean): ScoredRows {
  return reordered(
    rows,
    Uint32Array.from(rows.label, (_, row) => row).filter((row) => keeps(row)),
  );
}

/** The rows with these numbers, in this order. */
export function reordered(rows: ScoredRows, chosen: Uint32Array): ScoredRows {
  const taken = (column: Float64Array) => Float64Array.from(chosen, (row) => column[row] ?? Number.NaN);
  return {
    kind: "rows",
    label: taken(rows.label),
    challenger: taken(rows.challenger),
    ...(rows.champion === undefined ? {} : { champion: taken(rows.champion) }),
    ...(rows.challengerDecision === undefined ? {} : { challengerDecision: taken(rows.challengerDecision) }),
    ...(rows.championDecision === undefined ? {} : { championDecision: taken(rows.championDecision) }),
    ...(rows.weight === undefined ? {} : { weight: taken(rows.weight) }),
    ...(rows.challengerLatency === undefined ? {} : { challengerLatency: taken(rows.challengerLatency) }),
    ...(rows.championLatency === undefined ? {} : { championLatency: taken(rows.championLatency) }),
    groups: Object.fromEntries(
      Object.entries(rows.groups).map(([name, column]) => [name, Array.from(chosen, (row) => column[row] ?? "")]),
    ),
  };
}

function scoreOf(rows: ScoredRows, party: Party): Float64Array | undefined {
  return party === "champion" ? rows.champion : rows.challenger;
}

function decisionOf(rows: ScoredRows, party: Party): Float64Array | undefined {
  return party === "champion" ? rows.championDecision : rows.challengerDecision;
}

/** Rows of weight 0 do not count as rows. */
function measured(rows: ScoredRows): ScoredRows {
  const { weight } = rows;
  return weight?.includes(0) ? subset(rows, (row) => weight[row] !== 0) : rows;
}
