import { fieldOf } from "./column.ts";
import { type Aggregates, count, type Session } from "./engine.ts";
import { identifier } from "./quote.ts";
import type { View } from "./view.ts";

/**
 * SELECT list of a snapshot: every column of the source, also those that are not declared. Columns of text files get the declared
 * type; one that is not declared becomes whole numbers, numbers or booleans when every value is written as one, else stays text.
 * A declared column whose values do not all fit stays as it is: `schema matches` tells of it, and nothing is lost on the way.
 */
export async function storedColumns(session: Session, view: View): Promise<string> {
  const { dataset, table } = view;
  const names = [...table.columns.keys()];
  if (table.format === "parquet") return names.map(identifier).join(", ");
  const plans = names.map((name) => {
    const type = name === dataset.time ? "timestamp" : dataset.columns.find((column) => column.name === name)?.type;
    return { name, field: type === undefined ? undefined : fieldOf(name, type, undefined) };
  });
  const tests = plans.map(({ name, field }, at) => {
    const column = identifier(name);
    if (field !== undefined && !("mismatch" in field))
      return `count(*) FILTER (WHERE ${field.bad ?? "false"}) AS bad${at}`;
    return [
      `bool_and(TRY_CAST(${column} AS BIGINT)::VARCHAR IS NOT DISTINCT FROM ${column} OR ${column} IS NULL) AS integer${at}`,
      `bool_and(regexp_full_match(${column}, '-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]+)?') OR ${column} IS NULL) AS number${at}`,
      `bool_and(${column} IN ('true', 'false') OR ${column} IS NULL) AS boolean${at}`,
      `count(${column}) AS filled${at}`,
    ].join(", ");
  });
  const row = await session.row(`SELECT ${tests.join(", ")} FROM ${table.from}`);
  return plans
    .map(({ name, field }, at) => {
      const column = identifier(name);
      if (field === undefined || "mismatch" in field) return `${inferred(column, row, at)} AS ${column}`;
      if (count(row, `bad${at}`) > 0) return column;
      return `${field.type === "integer" ? `CAST(${field.value} AS BIGINT)` : field.value} AS ${column}`;
    })
    .join(", ");
}

function inferred(column: string, row: Aggregates, at: number): string {
  if (count(row, `filled${at}`) === 0) return column;
  if (row[`integer${at}`] === true) return `CAST(${column} AS BIGINT)`;
  if (row[`number${at}`] === true) return `CAST(${column} AS DOUBLE)`;
  return row[`boolean${at}`] === true ? `CAST(${column} AS BOOLEAN)` : column;
}
