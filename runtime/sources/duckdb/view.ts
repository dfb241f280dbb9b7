import type { Column, ColumnType, Dataset } from "../../../compiler/plan/dataset.ts";
import type { Instant } from "../../clock/clock.ts";
import type { Window } from "../source.ts";
import { NoAnswer } from "./answer.ts";
import { type Field, fieldOf, inferredType, typeWords } from "./column.ts";
import { count, type Session } from "./engine.ts";
import { identifier, timestamp } from "./quote.ts";
import { openTable, requireColumn, type Table } from "./table.ts";

/** What all questions to one source share. */
export interface Context {
  readonly root: string;
  /** A rehearsal's clock: rows later than it are the future that nobody knows yet, and no mistake of the feed. */
  readonly rehearsal: boolean;
  /** Versions of text files whose times were all found to be times. */
  readonly timesChecked: Set<string>;
}

/** A dataset's table with its event time. */
export interface View {
  readonly dataset: Dataset;
  readonly table: Table;
  readonly time: Field;
}

/** Opens the dataset's source (or another address with the same columns). `columns` must be there. Throws NoAnswer. */
export async function openView(
  session: Session,
  context: Context,
  dataset: Dataset,
  columns: readonly string[],
  uri = dataset.source.uri,
): Promise<View> {
  const { kind } = dataset.source;
  if (kind === "table") {
    throw new NoAnswer(
      "source_rejected",
      `dataset ${dataset.name}: tables are not read by this runtime, only Parquet, CSV and JSON lines are`,
    );
  }
  const table = await openTable(session, context.root, uri, kind, [dataset.time, ...columns]);
  const view = { dataset, table, time: typed(table, dataset.time, "timestamp") };
  await checkTimes(session, context, view);
  return view;
}

/** In text files a time that is none would make its row invisible; so it is looked for, once a version of the files. */
async function checkTimes(session: Session, context: Context, { table, time }: View): Promise<void> {
  if (time.bad === undefined) return;
  const version = JSON.stringify([time.name, ...table.files]);
  if (context.timesChecked.has(version)) return;
  const row = await session.row(
    `SELECT count(*) FILTER (WHERE ${time.bad}) AS bad, any_value(${time.raw}) FILTER (WHERE ${time.bad}) AS example FROM ${table.from}`,
  );
  if (count(row, "bad") > 0) {
    throw new NoAnswer(
      "schema_mismatch",
      `${table.shown}: column "${time.name}" must hold times such as 2001-04-01T00:00:00Z; ${badValues(count(row, "bad"), row["example"])}`,
    );
  }
  context.timesChecked.add(version);
}

/** `3 values do not, such as "abc"`. */
export function badValues(bad: number, example: unknown): string {
  return `${bad} ${bad === 1 ? "value does" : "values do"} not, such as ${JSON.stringify(String(example).slice(0, 40))}`;
}

/** A column of a dataset as its declared type, or as its stored type where nothing is declared. Throws NoAnswer. */
export function field(view: View, name: string): Field {
  return typed(view.table, name, declared(view.dataset, name)?.type);
}

export function declared(dataset: Dataset, name: string): Column | undefined {
  return dataset.columns.find((column) => column.name === name);
}

/** Without a type it is the stored one; undeclared columns of text files are numbers. Throws NoAnswer. */
export function typed(table: Table, name: string, type: ColumnType | undefined): Field {
  requireColumn(table, name);
  const physical = table.columns.get(name);
  const wanted = type ?? inferredType(physical) ?? (physical === undefined ? "number" : undefined);
  if (wanted === undefined) {
    throw new NoAnswer(
      "schema_mismatch",
      `${table.shown}: column "${name}" holds values of a nested or binary type (${physical})`,
    );
  }
  const found = fieldOf(name, wanted, physical);
  if ("mismatch" in found) throw new NoAnswer("schema_mismatch", `${table.shown}: column "${name}": ${found.mismatch}`);
  return found;
}

/** SQL: event time at or after an instant. A stored timestamp is compared as it is, so that the engine can skip row groups. */
export function from(view: View, instant: Instant): string {
  return `${comparable(view)} >= ${bound(view, instant)}`;
}

/** SQL: event time before an instant. */
export function before(view: View, instant: Instant): string {
  return `${comparable(view)} < ${bound(view, instant)}`;
}

function physicalTime(view: View): string | undefined {
  return view.table.columns.get(view.dataset.time);
}

function comparable(view: View): string {
  return physicalTime(view) === undefined ? view.time.value : view.time.raw;
}

function bound(view: View, instant: Instant): string {
  const zoned = physicalTime(view)?.includes("TIME ZONE") === true;
  return zoned ? `CAST(${timestamp(instant)} AS TIMESTAMPTZ)` : timestamp(instant);
}

/** The window, cut off after `now`: an instant is a whole millisecond, and rows within it have happened. */
export function seen(window: Window, now: Instant): Window {
  return { start: window.start, end: Math.min(window.end, now + 1) };
}

export function within(view: View, window: Window): string {
  return window.start >= window.end ? "false" : `(${from(view, window.start)} AND ${before(view, window.end)})`;
}

/** SQL: the row's label is there and old enough at `now`; where the dataset has no label, the row has happened. Throws NoAnswer. */
export function mature(view: View, now: Instant): string {
  const { label } = view.dataset;
  if (label === undefined) return before(view, now + 1);
  return `(NOT ${field(view, label.column).missing} AND ${before(view, now - label.maturesAfter + 1)})`;
}

/** SQL of the row's key as text; the parts of a key of several columns are joined by `|`, as in predictions and logs. */
export function keyText(names: readonly string[]): string {
  const parts = names.map((name) => `coalesce(CAST(${identifier(name)} AS VARCHAR), '')`);
  return parts.length === 1 ? (parts[0] ?? "''") : `concat_ws('|', ${parts.join(", ")})`;
}

/** Words for an expected type that values do not have. Throws NoAnswer where `bad` is more than 0. */
export function refuseBad(view: { readonly table: Table }, column: Field, bad: number, example: unknown): void {
  if (bad === 0) return;
  throw new NoAnswer(
    "schema_mismatch",
    `${view.table.shown}: column "${column.name}" must hold ${typeWords[column.type]}; ${badValues(bad, example)}`,
  );
}
