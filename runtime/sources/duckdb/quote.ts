/** Text of a name (column, table) in SQL. DuckDB compares names without regard to case. */
export function identifier(name: string): string {
  return `"${whole(name).replaceAll('"', '""')}"`;
}

/** Text of a string in SQL, for the places where a bind parameter is not allowed (options of table functions, COPY). */
export function literal(text: string): string {
  return `'${whole(text).replaceAll("'", "''")}'`;
}

/** SQL of an instant on the axis of a naive timestamp column; the optimiser folds it, so that Parquet row groups are skipped by it. */
export function timestamp(instant: number): string {
  if (!Number.isSafeInteger(instant * 1000)) throw new RangeError(`not an instant: ${instant}`);
  return `make_timestamp(${instant * 1000})`;
}

/** SQL text ends at a NUL for the engine, which would cut a statement short. */
function whole(text: string): string {
  if (text.includes("\0")) throw new RangeError("a name or text with a NUL character cannot stand in a query");
  return text;
}
