import { createHash, randomBytes } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Dataset } from "../../../compiler/plan/dataset.ts";
import type { Instant } from "../../clock/clock.ts";
import { fileError } from "../../files/error.ts";
import { syncFolder } from "../../files/whole.ts";
import type { Snapshot, Window } from "../source.ts";
import { NoAnswer } from "./answer.ts";
import { fieldOf } from "./column.ts";
import { digestFile } from "./digest.ts";
import { count, numeric, type Session, text } from "./engine.ts";
import { identifier, literal } from "./quote.ts";
import { storedColumns } from "./stored.ts";
import { type Context, field, mature, openView, refuseBad, type View, within } from "./view.ts";

/** Fewest rows of each part. */
const fewest = 100;

/** Fixes which rows a run trains on and is judged on, and writes them below `folder` whole or not at all. Throws NoAnswer and FileError. */
export async function takeSnapshot(
  session: Session,
  context: Context,
  dataset: Dataset,
  folder: string,
  now: Instant,
): Promise<Snapshot> {
  const label = dataset.label?.column;
  const view = await openView(session, context, dataset, [...dataset.key, ...(label === undefined ? [] : [label])]);
  const windows = await split(session, view, now);
  const parts = {
    training: await describePart(session, view, windows.training, now),
    holdout: await describePart(session, view, windows.holdout, now),
  };
  if (dataset.holdout !== undefined) for (const [name, part] of Object.entries(parts)) checkPart(view, name, part);
  await write(session, view, windows, folder, now);
  const files: { readonly path: string; readonly bytes: number; readonly digest: string }[] = [];
  try {
    for (const file of view.table.files)
      files.push({ path: file.path, bytes: file.bytes, digest: await digestFile(file) });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    dataset: dataset.name,
    training: { uri: join(folder, "training"), window: windows.training, rows: parts.training.rows },
    holdout: { uri: join(folder, "holdout"), window: windows.holdout, rows: parts.holdout.rows },
    files,
    rowSet: createHash("sha256")
      .update(`training ${parts.training.hash}\nholdout ${parts.holdout.hash}\n`)
      .digest("hex"),
    watermark: windows.watermark,
  };
}

interface Split {
  readonly training: Window;
  readonly holdout: Window;
  readonly watermark: Instant;
}

/** Both windows, whole milliseconds: the holdout ends right after the newest mature row, training ends where the holdout begins. */
async function split(session: Session, view: View, now: Instant): Promise<Split> {
  const { dataset, table } = view;
  const span = await session.row(
    `SELECT count(*) AS n, epoch_ms(min(${view.time.value})) AS oldest, epoch_ms(max(${view.time.value})) AS newest
     FROM ${table.from} WHERE ${mature(view, now)}`,
  );
  const n = count(span, "n");
  const oldest = numeric(span, "oldest");
  const newest = numeric(span, "newest");
  if (oldest === undefined || newest === undefined) {
    throw new NoAnswer("labels_immature", `${table.shown} has no row whose label is mature`);
  }
  const end = newest + 1;
  let cut = end;
  if (dataset.holdout?.kind === "span") {
    cut = end - dataset.holdout.length;
    if (oldest >= cut) {
      const days = (length: number): string => `${(length / 86_400_000).toFixed(1)} days`;
      throw new NoAnswer(
        "labels_immature",
        `mature rows span ${days(end - oldest)}, less than the holdout of ${days(dataset.holdout.length)}: nothing is left to train on`,
      );
    }
  } else if (dataset.holdout !== undefined) {
    const training = n - Math.floor(n * dataset.holdout.share);
    const row = await session.row(
      `SELECT epoch_ms(${view.time.value}) AS last FROM ${table.from} WHERE ${mature(view, now)} ORDER BY ${view.time.value} LIMIT 1 OFFSET ${training - 1}`,
    );
    cut = (numeric(row, "last") ?? newest) + 1;
  }
  const start = dataset.training === undefined ? oldest : Math.max(oldest, cut - dataset.training);
  return { training: { start, end: cut }, holdout: { start: cut, end }, watermark: newest };
}

interface Part {
  readonly rows: number;
  /** Rows of each class of a boolean label. */
  readonly classes?: { readonly positive: number; readonly negative: number };
  /** Number of rows and the sums of both halves of their MD5: does not depend on their order. */
  readonly hash: string;
}

async function describePart(session: Session, view: View, window: Window, now: Instant): Promise<Part> {
  const { dataset, table } = view;
  const label = dataset.label === undefined ? undefined : field(view, dataset.label.column);
  const binary = label?.type === "boolean";
  const bad = label?.bad ?? "false";
  const row = await session.row(
    `SELECT count(*) AS n, sum((hash & 18446744073709551615::UHUGEINT)::UBIGINT)::VARCHAR AS low, sum((hash >> 64)::UBIGINT)::VARCHAR AS high,
       count(*) FILTER (WHERE positive) AS positive, count(*) FILTER (WHERE negative) AS negative,
       count(*) FILTER (WHERE bad) AS bad, any_value(example) FILTER (WHERE bad) AS example
     FROM (SELECT md5_number(${rowText(view)}) AS hash, ${binary ? label.value : "false"} AS positive,
             ${binary ? `NOT ${label.value}` : "false"} AS negative, ${bad} AS bad, ${label?.raw ?? "NULL"} AS example
           FROM ${table.from} WHERE ${within(view, window)} AND ${mature(view, now)})`,
  );
  if (label !== undefined) refuseBad(view, label, count(row, "bad"), row["example"]);
  const rows = count(row, "n");
  return {
    rows,
    ...(binary ? { classes: { positive: count(row, "positive"), negative: count(row, "negative") } } : {}),
    hash: `${rows} ${text(row, "low")} ${text(row, "high")}`,
  };
}

/**
 * SQL of a row as text: time, key, label and the declared columns, which a corrected feed changes while keys and labels stay.
 * The same for Parquet, CSV and JSON lines.
 */
function rowText(view: View): string {
  const { dataset, table } = view;
  const names = new Set([
    ...dataset.key,
    ...(dataset.label === undefined ? [] : [dataset.label.column]),
    ...dataset.columns.map((column) => column.name),
  ]);
  const parts = [`epoch_us(${view.time.value})`];
  for (const name of names) {
    if (name === dataset.time || !table.columns.has(name)) continue;
    const type = dataset.columns.find((column) => column.name === name)?.type;
    const found = type === undefined ? undefined : fieldOf(name, type, table.columns.get(name));
    const value =
      found === undefined || "mismatch" in found
        ? identifier(name)
        : plain(found.value, found.type, table.columns.get(name), identifier(name));
    parts.push(`coalesce(CAST(${value} AS VARCHAR), chr(30))`);
  }
  return `concat_ws(chr(31), ${parts.join(", ")})`;
}

/** Whole numbers are printed as such wherever they come from; printing them as DOUBLE would also be slower. */
function plain(value: string, type: string, physical: string | undefined, raw: string): string {
  if (type !== "integer" && type !== "number") return value;
  if (physical !== undefined && /INT/.test(physical)) return raw;
  return `CASE WHEN abs(${value}) < 1e15 AND ${value} = trunc(${value}) THEN CAST(CAST(${value} AS BIGINT) AS VARCHAR) ELSE CAST(${value} AS VARCHAR) END`;
}

function checkPart(view: View, name: string, part: Part): void {
  if (part.rows < fewest) {
    throw new NoAnswer(
      "labels_immature",
      `${name} of ${view.dataset.name} has ${part.rows} rows with a mature label; it needs ${fewest}`,
    );
  }
  const { classes } = part;
  if (classes !== undefined && (classes.positive === 0 || classes.negative === 0)) {
    const absent = classes.positive === 0 ? "true" : "false";
    throw new NoAnswer(
      "labels_immature",
      `${name} of ${view.dataset.name} has ${part.rows} rows and none whose label is ${absent}`,
    );
  }
}

async function write(session: Session, view: View, windows: Split, folder: string, now: Instant): Promise<void> {
  const parent = dirname(folder);
  const unique = `${process.pid}-${randomBytes(6).toString("hex")}`;
  const temporary = join(parent, `.${basename(folder)}.${unique}.tmp`);
  const replaced = join(parent, `.${basename(folder)}.${unique}.old`);
  const columns = await storedColumns(session, view);
  // Sorted, so that training sees the same rows in the same order however the source stores them.
  const order = [view.time.value, ...view.dataset.key.map(identifier)].join(", ");
  try {
    await mkdir(parent, { recursive: true });
    for (const part of ["training", "holdout"] as const) {
      const path = join(temporary, part, "part-0.parquet");
      await mkdir(dirname(path), { recursive: true });
      const rows = `SELECT ${columns} FROM ${view.table.from} WHERE ${within(view, windows[part])} AND ${mature(view, now)} ORDER BY ${order}`;
      await session.run(`COPY (${rows}) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`);
      await syncFile(path);
      await syncFolder(dirname(path));
    }
    await syncFolder(temporary);
    await rename(folder, replaced).catch((error: unknown) => {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    });
    await rename(temporary, folder);
    await syncFolder(parent);
    await rm(replaced, { recursive: true, force: true });
  } catch (error) {
    // The first error is the one to tell.
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    if (error instanceof Error && "code" in error) throw fileError(error, folder, "write the snapshot");
    throw error;
  }
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
