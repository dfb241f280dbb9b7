import { count, type Session } from "./engine.ts";

/** Reads a result's columns, whose number of rows is known: those of `numbers` as doubles, those of `texts` as text, in this order. */
export async function readColumns(
  session: Session,
  sql: string,
  numbers: readonly string[],
  texts: readonly string[],
): Promise<{
  readonly rows: number;
  readonly numbers: Map<string, Float64Array>;
  readonly texts: Record<string, string[]>;
}> {
  const rows = count(await session.row(`SELECT count(*) AS n FROM (${sql})`), "n");
  const found = new Map(numbers.map((name) => [name, new Float64Array(rows)]));
  const groups: Record<string, string[]> = Object.fromEntries(texts.map((name) => [name, []]));
  let offset = 0;
  await session.chunks(sql, (chunk) => {
    numbers.forEach((name, column) => {
      const into = found.get(name);
      const vector = chunk.getColumnVector(column);
      for (let at = 0; into !== undefined && at < chunk.rowCount; at += 1) {
        const value = vector.getItem(at);
        into[offset + at] = typeof value === "number" ? value : Number.NaN;
      }
    });
    texts.forEach((name, at) => {
      const into = groups[name];
      for (const value of chunk.getColumnValues(numbers.length + at)) into?.push(value === null ? "" : String(value));
    });
    offset += chunk.rowCount;
  });
  return { rows, numbers: found, texts: groups };
}

/** The column that was asked for. */
export function column(from: ReadonlyMap<string, Float64Array>, name: string): Float64Array {
  const values = from.get(name);
  if (values === undefined) throw new Error(`column ${name} was not read`);
  return values;
}
