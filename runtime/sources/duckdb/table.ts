import { open } from "node:fs/promises";
import { NoAnswer } from "./answer.ts";
import { type Dialect, readHeader } from "./csv.ts";
import type { Session } from "./engine.ts";
import { type Format, type InputFile, listFiles, resolveAddress } from "./files.ts";
import { literal } from "./quote.ts";

/** Files that are read as one table. */
export interface Table {
  /** The address as written, for messages. */
  readonly shown: string;
  readonly format: Format;
  readonly files: readonly InputFile[];
  /** What stands after FROM. */
  readonly from: string;
  /** Type of each column in the engine's words; `undefined` in CSV and JSON lines, whose columns are read as text and cast to the type the policy declares. */
  readonly columns: ReadonlyMap<string, string | undefined>;
}

/**
 * Finds and describes a table. `wanted` are columns the caller cannot do without; one that is not there is a schema_mismatch.
 * Columns of several files are matched by name. Throws NoAnswer.
 */
export async function openTable(
  session: Session,
  root: string,
  uri: string,
  format: Format,
  wanted: readonly string[] = [],
): Promise<Table> {
  const files = await listFiles(session, resolveAddress(root, uri), uri, format);
  const table = await describe(session, uri, format, files, wanted);
  for (const name of wanted) requireColumn(table, name);
  return table;
}

/** Throws NoAnswer(schema_mismatch) where the table has no such column. */
export function requireColumn(table: Table, name: string): void {
  if (table.columns.has(name)) return;
  const names = [...table.columns.keys()];
  const some = names.length > 12 ? `${names.slice(0, 12).join(", ")}, ...` : names.join(", ");
  throw new NoAnswer("schema_mismatch", `${table.shown} has no column "${name}"; it has ${some}`);
}

async function describe(
  session: Session,
  shown: string,
  format: Format,
  files: readonly InputFile[],
  wanted: readonly string[],
): Promise<Table> {
  switch (format) {
    case "parquet": {
      // A partition column of the path counts only where the address itself names it.
      const partitions = /(^|\/)[^/=]+=/.test(shown);
      const from = `read_parquet(${list(files)}, union_by_name = ${files.length > 1}, hive_partitioning = ${partitions})`;
      return { shown, format, files, from, columns: await describeColumns(session, from) };
    }
    case "csv":
      return { shown, format, files, ...(await describeCsv(files)) };
    case "jsonl":
      return { shown, format, files, ...(await describeJson(session, files, wanted)) };
  }
}

async function describeColumns(session: Session, from: string): Promise<Map<string, string>> {
  const rows = await session.rows(`DESCRIBE SELECT * FROM ${from}`);
  return new Map(rows.map((row) => [String(row["column_name"]), String(row["column_type"])]));
}

async function describeCsv(files: readonly InputFile[]): Promise<Pick<Table, "from" | "columns">> {
  const dialects = new Map<string, { readonly dialect: Dialect; readonly files: InputFile[] }>();
  const columns = new Map<string, undefined>();
  for (const file of files) {
    const dialect = await headerOf(file);
    for (const name of dialect.names) columns.set(name, undefined);
    const key = JSON.stringify(dialect);
    const group = dialects.get(key) ?? { dialect, files: [] };
    group.files.push(file);
    dialects.set(key, group);
  }
  const reads = [...dialects.values()].map(({ dialect, files: group }) => {
    const types = dialect.names.map((name) => `${literal(name)}: 'VARCHAR'`).join(", ");
    const options = `auto_detect = false, header = true, delim = ${literal(dialect.delimiter)}, quote = '"', escape = '"', nullstr = ''`;
    return `read_csv(${list(group)}, ${options}, columns = {${types}})`;
  });
  const [only] = reads;
  if (reads.length === 1 && only !== undefined) return { from: only, columns };
  return { from: `(${reads.map((read) => `SELECT * FROM ${read}`).join(" UNION ALL BY NAME ")})`, columns };
}

/** Longest header line that is read. */
const headerBytes = 1 << 20;

async function headerOf(file: InputFile): Promise<Dialect> {
  const handle = await open(file.path, "r");
  try {
    const buffer = Buffer.alloc(Math.min(file.bytes, headerBytes));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    const dialect = readHeader(buffer.subarray(0, bytesRead));
    if ("problem" in dialect)
      throw new NoAnswer("source_rejected", `${file.path} is not a CSV file with a header: ${dialect.problem}`);
    return dialect;
  } finally {
    await handle.close();
  }
}

async function describeJson(
  session: Session,
  files: readonly InputFile[],
  wanted: readonly string[],
): Promise<Pick<Table, "from" | "columns">> {
  const options = "format = 'newline_delimited', union_by_name = true, maximum_depth = 1";
  // The names in the first rows do for most files; all rows are looked at only before a column is called missing.
  let found = await describeColumns(session, `read_json(${list(files)}, ${options})`);
  if (wanted.some((name) => !found.has(name))) {
    found = await describeColumns(session, `read_json(${list(files)}, ${options}, sample_size = -1)`);
  }
  const names = [...found.keys()];
  const types = names.map((name) => `${literal(name)}: 'VARCHAR'`).join(", ");
  return {
    from: `read_json(${list(files)}, format = 'newline_delimited', columns = {${types}})`,
    columns: new Map(names.map((name) => [name, undefined])),
  };
}

function list(files: readonly InputFile[]): string {
  return `[${files.map((file) => literal(file.path)).join(", ")}]`;
}
