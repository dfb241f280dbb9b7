import type { Dataset } from "../../../compiler/plan/dataset.ts";
import type { DataMeasure } from "../../../compiler/plan/measure.ts";
import type { Instant } from "../../clock/clock.ts";
import type { Value } from "../../judge/observation.ts";
import type { Window } from "../source.ts";
import { NoAnswer } from "./answer.ts";
import type { Field } from "./column.ts";
import { type Aggregates, count, numeric, type Session } from "./engine.ts";
import { identifier, literal } from "./quote.ts";
import {
  before,
  type Context,
  declared,
  field,
  from,
  mature,
  openView,
  refuseBad,
  seen,
  type View,
  within,
} from "./view.ts";

/** Clocks of machines differ a little: this far in the future a time counts as now, milliseconds. */
const skew = 300_000;
/** Larger share of rows in the future than this is a mistake of the feed. */
const futureShare = 0.001;

/**
 * A data function over the window; `reference` is what `new_category_rate` compares with, `slice` SQL of the rows that count (all where
 * absent). Throws NoAnswer.
 */
export async function measureData(
  session: Session,
  context: Context,
  dataset: Dataset,
  measure: DataMeasure,
  window: Window,
  now: Instant,
  reference: Window | undefined,
  slice = "true",
): Promise<Value> {
  const view = await openView(session, context, dataset, measure.columns);
  if (measure.name === "freshness") return freshness(session, context, view, now, slice);
  const scope = `${scopeOf(view, measure.columns, seen(window, now), now)} AND ${slice}`;
  switch (measure.name) {
    case "rows": {
      const row = await session.row(`SELECT count(*) AS n FROM ${view.table.from} WHERE ${scope}`);
      return { kind: "value", value: count(row, "n"), n: count(row, "n") };
    }
    case "duplicate_rate":
      return duplicateRate(session, view, measure.columns.length > 0 ? measure.columns : dataset.key, scope);
    case "new_category_rate":
      return newCategoryRate(session, context, view, only(view, measure), scope, reference, now);
    default:
      return columnMeasure(session, view, measure, only(view, measure), scope);
  }
}

/** Rows that a measure over these columns sees: of the label only what is mature. */
function scopeOf(view: View, columns: readonly string[], window: Window, now: Instant): string {
  const { label } = view.dataset;
  const labelled = label !== undefined && columns.includes(label.column);
  return labelled ? `${within(view, window)} AND ${mature(view, now)}` : within(view, window);
}

function only(view: View, measure: DataMeasure): Field {
  const [name] = measure.columns;
  if (name === undefined)
    throw new NoAnswer("schema_mismatch", `${measure.name} of ${view.dataset.name} names no column`);
  return field(view, name);
}

function nothing(view: View): NoAnswer {
  return new NoAnswer("no_data", `${view.table.shown} has no row in the window`);
}

/** now - newest time, milliseconds, over all rows: a feed that stopped before the window began is stale, not without an answer. */
async function freshness(session: Session, context: Context, view: View, now: Instant, slice: string): Promise<Value> {
  const limit = context.rehearsal ? now + 1 : now + skew + 1;
  const row = await session.row(
    `SELECT count(*) AS n, count(*) FILTER (WHERE ${from(view, limit)}) AS future,
       epoch_ms(max(${view.time.value}) FILTER (WHERE ${before(view, limit)})) AS newest
     FROM ${view.table.from} WHERE ${view.time.value} IS NOT NULL AND ${slice}`,
  );
  const n = count(row, "n");
  const future = count(row, "future");
  if (!context.rehearsal && future > futureShare * n) {
    throw new NoAnswer(
      "schema_mismatch",
      `${view.table.shown}: ${future} of ${n} rows have a "${view.time.name}" more than 5 minutes in the future; check its time zone and unit`,
    );
  }
  const newest = numeric(row, "newest");
  if (newest === undefined) throw new NoAnswer("no_data", `${view.table.shown} has no row yet`);
  return { kind: "value", value: Math.max(0, now - newest), n: n - future };
}

/** Rows beyond the first of each key, as a share of all rows. */
async function duplicateRate(session: Session, view: View, key: readonly string[], scope: string): Promise<Value> {
  for (const name of key) field(view, name);
  const columns = key.map(identifier).join(", ");
  const row = await session.row(
    `SELECT sum(rows) AS n, count(*) AS keys FROM (SELECT count(*) AS rows FROM ${view.table.from} WHERE ${scope} GROUP BY ${columns})`,
  );
  return rate(view, count(row, "n") - count(row, "keys"), count(row, "n"));
}

/** Share of the rows with a category whose category the reference does not have. */
async function newCategoryRate(
  session: Session,
  context: Context,
  view: View,
  column: Field,
  scope: string,
  reference: Window | undefined,
  now: Instant,
): Promise<Value> {
  const known = await knownCategories(session, context, view, column, reference, now);
  const row = await session.row(
    `SELECT count(*) AS n, count(*) FILTER (WHERE category NOT IN (SELECT category FROM ${known})) AS events
     FROM (SELECT CAST(${column.value} AS VARCHAR) AS category FROM ${view.table.from} WHERE ${scope} AND NOT ${column.missing})`,
  );
  return rate(view, count(row, "events"), count(row, "n"));
}

async function knownCategories(
  session: Session,
  context: Context,
  view: View,
  column: Field,
  reference: Window | undefined,
  now: Instant,
): Promise<string> {
  const { dataset } = view;
  const fixed = dataset.reference?.kind === "fixed" ? dataset.reference.uri : undefined;
  if (fixed === undefined && reference === undefined) {
    throw new NoAnswer(
      "no_reference",
      `new_category_rate(${column.name}) compares with a reference, and there is none yet`,
    );
  }
  const other = fixed === undefined ? view : await openView(session, context, dataset, [column.name], fixed);
  const scope =
    reference === undefined || fixed !== undefined
      ? before(other, now + 1)
      : scopeOf(other, [column.name], seen(reference, now), now);
  const value = field(other, column.name);
  await session.run(
    `CREATE OR REPLACE TEMP TABLE known AS SELECT DISTINCT CAST(${value.value} AS VARCHAR) AS category FROM ${other.table.from} WHERE ${scope} AND ${value.value} IS NOT NULL`,
  );
  const row = await session.row("SELECT count(*) AS n FROM known");
  if (count(row, "n") === 0)
    throw new NoAnswer("no_reference", `${other.table.shown} has no row in the reference window`);
  return "known";
}

/** `events` of `n`; without rows there is no rate. */
function rate(view: View, events: number, n: number): Value {
  if (n === 0) throw nothing(view);
  return { kind: "value", value: events / n, n, events };
}

async function columnMeasure(
  session: Session,
  view: View,
  measure: DataMeasure,
  column: Field,
  scope: string,
): Promise<Value> {
  const sql = aggregate(view, measure, column);
  const bad = column.bad ?? "false";
  const row = await session.row(
    `SELECT count(*) AS n, count(*) FILTER (WHERE ${column.missing}) AS missing, count(*) FILTER (WHERE ${bad}) AS bad,
       any_value(${column.raw}) FILTER (WHERE ${bad}) AS example, ${sql}
     FROM ${view.table.from} WHERE ${scope}`,
  );
  const n = count(row, "n");
  if (n === 0) throw nothing(view);
  refuseBad(view, column, count(row, "bad"), row["example"]);
  const filled = n - count(row, "missing");
  switch (measure.name) {
    case "null_rate":
      return rate(view, count(row, "missing"), n);
    case "distinct":
      return { kind: "value", value: count(row, "result"), n };
    case "out_of_range_rate":
      if (filled === 0)
        throw new NoAnswer("no_data", `${view.table.shown}: column "${column.name}" has no value in the window`);
      return rate(view, count(row, "result"), filled);
    default:
      return statistic(view, measure, column, row, filled);
  }
}

function statistic(view: View, measure: DataMeasure, column: Field, row: Aggregates, filled: number): Value {
  if (filled === 0)
    throw new NoAnswer("no_data", `${view.table.shown}: column "${column.name}" has no value in the window`);
  const value = numeric(row, "result");
  if (value === undefined || !Number.isFinite(value)) {
    throw new NoAnswer(
      "undefined_value",
      `${measure.name}(${column.name}) is not finite: the column holds infinite values`,
    );
  }
  const deviation = numeric(row, "deviation");
  const base: Value = { kind: "value", value, n: filled };
  return deviation === undefined || !Number.isFinite(deviation)
    ? base
    : { ...base, standardError: deviation / Math.sqrt(filled) };
}

/** SQL of `result`, and of `deviation` for a mean. */
function aggregate(view: View, measure: DataMeasure, column: Field): string {
  switch (measure.name) {
    case "null_rate":
      return "NULL AS result";
    case "distinct":
      // Whole numbers beyond 2^53 that differ are one DOUBLE: they are told apart as they are written.
      return column.type === "integer"
        ? `count(DISTINCT coalesce(TRY_CAST(${column.raw} AS HUGEINT), TRY_CAST(${column.value} AS HUGEINT))) AS result`
        : `count(DISTINCT ${column.value}) AS result`;
    case "out_of_range_rate":
      return `count(*) FILTER (WHERE ${outside(view, column)}) AS result`;
    case "min":
    case "max":
      return `${measure.name}(${number(view, column)}) AS result`;
    case "mean": {
      const value = number(view, column);
      // The deviation of an infinite value would be an error of the engine; the mean itself tells of it.
      return `favg(${value}) AS result, stddev_samp(${value}) FILTER (WHERE isfinite(${value})) AS deviation`;
    }
    case "quantile": {
      const q = measure.options["q"];
      if (typeof q !== "number" || !(q > 0 && q < 1))
        throw new NoAnswer("undefined_value", `quantile(${column.name}) needs a q between 0 and 1`);
      // Nearest rank: the smallest value with at least a share q of the values at or below it.
      return `quantile_disc(${number(view, column)}, CAST(${q} AS DOUBLE)) AS result`;
    }
    default:
      throw new Error(`${measure.name} is no function of one column`);
  }
}

function number(view: View, column: Field): string {
  if (column.type === "number" || column.type === "integer") return column.value;
  throw new NoAnswer(
    "schema_mismatch",
    `${view.table.shown}: column "${column.name}" must hold numbers, it is declared ${column.type}`,
  );
}

/** SQL: the value is outside of the declared range or list. */
function outside(view: View, column: Field): string {
  const { range, oneOf } = declared(view.dataset, column.name) ?? {};
  if (range !== undefined) {
    const value = number(view, column);
    return `(${value} < CAST(${range.low} AS DOUBLE) OR ${value} > CAST(${range.high} AS DOUBLE))`;
  }
  if (oneOf !== undefined)
    return `NOT ${column.missing} AND CAST(${column.value} AS VARCHAR) NOT IN (${oneOf.map(literal).join(", ")})`;
  throw new NoAnswer("undefined_value", `column "${column.name}" declares neither a range nor a list of values`);
}
