import type { ScoredRows } from "../../judge/observation.ts";
import type { Window } from "../source.ts";
import { NoAnswer } from "./answer.ts";
import { type Field, fieldOf } from "./column.ts";
import { type Aggregates, count, type Session } from "./engine.ts";
import { formatOf, inspect, resolveAddress } from "./files.ts";
import { identifier, timestamp } from "./quote.ts";
import { column, readColumns } from "./scored.ts";
import { openTable, requireColumn, type Table } from "./table.ts";
import { type Context, keyText, refuseBad, typed } from "./view.ts";

const optional = [
  "champion_score",
  "challenger_decision",
  "champion_decision",
  "weight",
  "challenger_latency_ms",
  "champion_latency_ms",
] as const;

/** A predictions file, opened. Throws NoAnswer; a file that is not there or empty is no_data: the step wrote nothing. */
export async function openPredictions(
  session: Session,
  context: Context,
  uri: string,
  wanted: readonly string[],
): Promise<Table> {
  const format = formatOf(uri);
  if (format === undefined) {
    throw new NoAnswer("source_rejected", `predictions ${uri}: the name must end in .parquet, .csv or .jsonl`);
  }
  try {
    const address = resolveAddress(context.root, uri);
    if (!/[*?[]/.test(address)) await inspect(address, uri, format);
  } catch (error) {
    if (error instanceof NoAnswer && error.message.startsWith("file not found")) {
      throw new NoAnswer("no_data", `predictions file not found: ${uri}; the evaluate step must write it`);
    }
    throw error;
  }
  return openTable(session, context.root, uri, format, wanted);
}

/** Scores of both versions on the same rows, in the order of their keys, checked row by row by aggregates first. Throws NoAnswer. */
export async function readPredictions(
  session: Session,
  context: Context,
  uri: string,
  groups: readonly string[],
  holdout: Window,
): Promise<ScoredRows> {
  const table = await openPredictions(session, context, uri, ["key", "label", "time", "challenger_score"]);
  for (const name of groups) requireColumn(table, name);
  const present = optional.filter((name) => table.columns.has(name));
  const fields = new Map<string, Field>(["challenger_score", ...present].map((name) => [name, numeric(table, name)]));
  fields.set("label", label(table));
  const totals = await checkRows(session, table, fields, holdout);
  // An evaluate step without a champion may leave the column out or leave it empty.
  const names = [
    "label",
    ...[...fields.keys()].filter((name) => name !== "label" && count(totals, `absent_${name}`) < count(totals, "n")),
  ];
  const selected = [
    ...names.map((name) => `CAST(${fields.get(name)?.value} AS DOUBLE) AS ${identifier(name)}`),
    ...groups.map((name) => `coalesce(CAST(${identifier(name)} AS VARCHAR), '') AS ${identifier(`group ${name}`)}`),
  ];
  const sql = `SELECT ${selected.join(", ")} FROM ${table.from} ORDER BY ${keyText(["key"])}`;
  const read = await readColumns(session, sql, names, groups);
  const some = (name: string, as: string): object =>
    read.numbers.has(name) ? { [as]: column(read.numbers, name) } : {};
  return {
    kind: "rows",
    label: column(read.numbers, "label"),
    challenger: column(read.numbers, "challenger_score"),
    ...some("champion_score", "champion"),
    ...some("challenger_decision", "challengerDecision"),
    ...some("champion_decision", "championDecision"),
    ...some("weight", "weight"),
    ...some("challenger_latency_ms", "challengerLatency"),
    ...some("champion_latency_ms", "championLatency"),
    groups: read.texts,
  };
}

/** A score, weight or latency is a number; a decision may also be a boolean. Throws NoAnswer. */
export function numeric(table: Table, name: string): Field {
  return typed(table, name, name.endsWith("_decision") ? "boolean" : "number");
}

/** Boolean (0 or 1) or numeric; in text files either way of writing it. Throws NoAnswer. */
export function label(table: Table, name = "label"): Field {
  const physical = table.columns.get(name);
  if (physical !== undefined) return typed(table, name, physical === "BOOLEAN" ? "boolean" : "number");
  const number = fieldOf(name, "number", undefined);
  if ("mismatch" in number) throw new Error(number.mismatch);
  const value = `coalesce(${number.value}, CASE lower(${number.raw}) WHEN 'true' THEN 1.0 WHEN 'false' THEN 0.0 END)`;
  return { ...number, value, bad: `(NOT ${number.missing} AND ${value} IS NULL)` };
}

export async function checkRows(
  session: Session,
  table: Table,
  fields: ReadonlyMap<string, Field>,
  holdout: Window,
): Promise<Aggregates> {
  const time = typed(table, "time", "timestamp");
  const parts = [...fields].flatMap(([name, { value, missing, bad, raw }]) => [
    `count(*) FILTER (WHERE ${missing}) AS ${identifier(`absent_${name}`)}`,
    `count(*) FILTER (WHERE ${bad ?? "false"}) AS ${identifier(`bad_${name}`)}`,
    `any_value(${raw}) FILTER (WHERE ${bad ?? "false"}) AS ${identifier(`example_${name}`)}`,
    `count(*) FILTER (WHERE NOT isfinite(CAST(${value} AS DOUBLE))) AS ${identifier(`infinite_${name}`)}`,
    `count(*) FILTER (WHERE CAST(${value} AS DOUBLE) < 0) AS ${identifier(`negative_${name}`)}`,
  ]);
  const inside = `${time.value} >= ${timestamp(holdout.start)} AND ${time.value} < ${timestamp(holdout.end)}`;
  const row = await session.row(
    `SELECT count(*) AS n, count(DISTINCT key::VARCHAR) AS keys, count(key) AS filled_keys,
       count(*) FILTER (WHERE ${time.bad ?? "false"}) AS bad_times, any_value(${time.raw}) FILTER (WHERE ${time.bad ?? "false"}) AS example_time,
       count(*) FILTER (WHERE ${time.missing}) AS absent_times, count(*) FILTER (WHERE NOT (${inside})) AS outside,
       ${parts.join(", ")} FROM ${table.from}`,
  );
  const n = count(row, "n");
  const shown = table.shown;
  if (n === 0) throw new NoAnswer("no_data", `${shown} has no row`);
  refuseBad({ table }, time, count(row, "bad_times"), row["example_time"]);
  for (const [name, its] of fields) refuseBad({ table }, its, count(row, `bad_${name}`), row[`example_${name}`]);
  const keyless = n - count(row, "filled_keys");
  if (keyless > 0) throw new NoAnswer("rows_mismatch", `${shown}: ${keyless} of ${n} rows have no key`);
  const repeated = n - count(row, "keys");
  if (repeated > 0)
    throw new NoAnswer(
      "rows_mismatch",
      `${shown}: ${repeated} of ${n} rows repeat a key; every holdout row is scored once`,
    );
  const timeless = count(row, "absent_times");
  if (timeless > 0) throw new NoAnswer("rows_mismatch", `${shown}: ${timeless} of ${n} rows have no time`);
  const outside = count(row, "outside");
  if (outside > 0)
    throw new NoAnswer(
      "rows_mismatch",
      `${shown}: ${outside} of ${n} rows have a time outside of the holdout, ${words(holdout)}`,
    );
  for (const name of fields.keys()) {
    const absent = count(row, `absent_${name}`);
    if (absent > 0 && !(absent === n && name === "champion_score")) {
      throw new NoAnswer("undefined_value", `${shown}: ${name} is missing or NaN in ${absent} of ${n} rows`);
    }
    const infinite = count(row, `infinite_${name}`);
    if (infinite > 0)
      throw new NoAnswer("undefined_value", `${shown}: ${name} is infinite in ${infinite} of ${n} rows`);
    const negative = name === "weight" || name.endsWith("_latency_ms") ? count(row, `negative_${name}`) : 0;
    if (negative > 0)
      throw new NoAnswer("undefined_value", `${shown}: ${name} is negative in ${negative} of ${n} rows`);
  }
  return row;
}

export function words(window: Window): string {
  return `${new Date(window.start).toISOString()} to ${new Date(window.end).toISOString()}`;
}
