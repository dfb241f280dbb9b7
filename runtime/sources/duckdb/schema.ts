import type { Column, Dataset } from "../../../compiler/plan/dataset.ts";
import type { Instant } from "../../clock/clock.ts";
import type { SchemaDifference } from "../../judge/observation.ts";
import type { Window } from "../source.ts";
import { NoAnswer } from "./answer.ts";
import { type Field, fieldOf, typeWords } from "./column.ts";
import { count, type Session } from "./engine.ts";
import { openTable } from "./table.ts";
import { badValues, before, type Context, mature, openView, seen, within } from "./view.ts";

/**
 * Columns, types and nullability of the window against the declared ones. Ranges and categories have functions of their own,
 * and a column that is not declared is no difference. Throws NoAnswer.
 */
export async function schemaDifference(
  session: Session,
  context: Context,
  dataset: Dataset,
  window: Window,
  now: Instant,
): Promise<SchemaDifference> {
  const { kind, uri } = dataset.source;
  if (kind === "table")
    throw new NoAnswer("source_rejected", `dataset ${dataset.name}: tables are not read by this runtime`);
  const table = await openTable(session, context.root, uri, kind);
  const differences: string[] = [];
  const fields: { readonly column: Column; readonly field: Field }[] = [];
  const structural = [dataset.time, ...dataset.key, ...(dataset.label === undefined ? [] : [dataset.label.column])];
  const undeclared = new Set(structural.filter((name) => !dataset.columns.some((column) => column.name === name)));
  for (const name of undeclared) if (!table.columns.has(name)) differences.push(`column "${name}" is missing`);
  for (const column of dataset.columns) {
    if (!table.columns.has(column.name)) {
      if (!column.optional || structural.includes(column.name))
        differences.push(`column "${column.name}" (${column.type}) is missing`);
      continue;
    }
    const field = fieldOf(column.name, column.type, table.columns.get(column.name));
    if ("mismatch" in field) differences.push(`column "${column.name}": ${field.mismatch}`);
    else fields.push({ column, field });
  }
  const time = fieldOf(dataset.time, "timestamp", table.columns.get(dataset.time));
  if (!table.columns.has(dataset.time)) return { kind: "schema", differences };
  if ("mismatch" in time)
    return { kind: "schema", differences: [...differences, `column "${dataset.time}": ${time.mismatch}`] };
  return {
    kind: "schema",
    differences: [...differences, ...(await valueDifferences(session, context, dataset, fields, window, now))],
  };
}

async function valueDifferences(
  session: Session,
  context: Context,
  dataset: Dataset,
  fields: readonly { readonly column: Column; readonly field: Field }[],
  window: Window,
  now: Instant,
): Promise<readonly string[]> {
  const view = await openView(session, context, dataset, []);
  const label = dataset.label?.column;
  const labelFits = fields.some(({ field }) => field.name === label);
  const parts = fields.flatMap(({ field }, at) => {
    // The label of a row that is too young may be missing.
    const due = field.name === label ? ` AND ${before(view, now - (dataset.label?.maturesAfter ?? 0) + 1)}` : "";
    const bad = field.bad ?? "false";
    return [
      `count(*) FILTER (WHERE ${field.missing}${due}) AS missing${at}`,
      `count(*) FILTER (WHERE ${bad}) AS bad${at}`,
      `any_value(${field.raw}) FILTER (WHERE ${bad}) AS example${at}`,
    ];
  });
  const labelled = labelFits ? mature(view, now) : "false";
  const row = await session.row(
    `SELECT count(*) AS n, count(*) FILTER (WHERE ${labelled}) AS labelled${parts.map((part) => `, ${part}`).join("")}
     FROM ${view.table.from} WHERE ${within(view, seen(window, now))}`,
  );
  const n = count(row, "n");
  if (n === 0) throw new NoAnswer("no_data", `${view.table.shown} has no row in the window`);
  return fields.flatMap(({ column }, at) => {
    const found: string[] = [];
    const bad = count(row, `bad${at}`);
    const missing = count(row, `missing${at}`);
    if (bad > 0)
      found.push(`column "${column.name}" must hold ${typeWords[column.type]}; ${badValues(bad, row[`example${at}`])}`);
    if (missing > 0 && !column.optional)
      found.push(`column "${column.name}" is not optional, and ${missing} of ${n} rows have no value`);
    return found;
  });
}
