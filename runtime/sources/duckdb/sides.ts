import type { Dataset } from "../../../compiler/plan/dataset.ts";
import type { DriftMeasure } from "../../../compiler/plan/measure.ts";
import type { Instant } from "../../clock/clock.ts";
import type { Window } from "../source.ts";
import { NoAnswer } from "./answer.ts";
import type { Field } from "./column.ts";
import { type Aggregates, count, numeric, type Session } from "./engine.ts";
import { before, type Context, field, mature, openView, refuseBad, seen, type View, within } from "./view.ts";

/** Fewest rows a side that a distance is computed from. */
const fewest = 200;
const day = 86_400_000;

/** Both windows of one column, grouped by value in the temporary table `groups` and fit to be compared. */
export interface Sides {
  readonly view: View;
  readonly column: Field;
  readonly numeric: boolean;
  readonly totals: Aggregates;
  /** Rows that count on each side. */
  readonly rows: { readonly reference: number; readonly current: number };
  /** Rows of each side without a value; none where the policy ignores them. */
  readonly missing: { readonly reference: number; readonly current: number };
  /** What a reader must know about the windows. */
  readonly note?: string;
}

/**
 * Reads the rows of each side once, grouped by value. The current window begins no earlier than the reference ends. Throws NoAnswer where
 * there is nothing to compare: too few rows, a constant reference, a column of another type.
 */
export async function openSides(
  session: Session,
  context: Context,
  dataset: Dataset,
  measure: Pick<DriftMeasure, "column" | "options">,
  reference: Window,
  current: Window,
  now: Instant,
): Promise<Sides> {
  const view = await openView(session, context, dataset, [measure.column]);
  const column = field(view, measure.column);
  if (column.type === "timestamp")
    throw new NoAnswer(
      "schema_mismatch",
      `${view.table.shown}: drift of a time column ("${column.name}") has no meaning`,
    );
  const fixed = dataset.reference?.kind === "fixed" ? dataset.reference.uri : undefined;
  const clipped = fixed === undefined && current.start < reference.end;
  const recent = seen(clipped ? { start: Math.max(current.start, reference.end), end: current.end } : current, now);
  const other = fixed === undefined ? view : await openView(session, context, dataset, [measure.column], fixed);
  await groupByValue(
    session,
    {
      view: other,
      column: field(other, measure.column),
      // A fixed reference is all of its address: it was chosen by hand, and its times are not compared with the current ones.
      scope: fixed === undefined ? within(other, seen(reference, now)) : before(other, now + 1),
    },
    { view, column, scope: within(view, recent) },
    now,
  );
  const totals = await totalsOf(session, column);
  const ignoreMissing = measure.options["missing"] === "ignore";
  const rows = checkSides(view, column, totals, ignoreMissing, clipped);
  const note = await noteOf(session, view, fixed === undefined ? reference : undefined, clipped);
  return {
    view,
    column,
    numeric: column.type === "number" || column.type === "integer",
    totals,
    rows,
    missing: ignoreMissing
      ? { reference: 0, current: 0 }
      : { reference: count(totals, "reference_missing"), current: count(totals, "current_missing") },
    ...(note === undefined ? {} : { note }),
  };
}

/** One side of the comparison. */
interface Side {
  readonly view: View;
  readonly column: Field;
  /** SQL of which rows belong to it. */
  readonly scope: string;
}

/**
 * The temporary table `groups`: value, missing, bad, raw, and how often it stands in the reference and in the current window. A value
 * of both sides has two rows. Each side is a scan of its own: the engine then skips the row groups of the other one, which is
 * faster than telling the sides apart row by row.
 */
async function groupByValue(session: Session, reference: Side, current: Side, now: Instant): Promise<void> {
  const side = ({ view, column, scope }: Side, counts: string): string => {
    const due = view.dataset.label?.column === column.name ? ` AND ${mature(view, now)}` : "";
    return `SELECT ${column.value} AS value, ${column.missing} AS missing, ${column.bad ?? "false"} AS bad, CAST(${column.raw} AS VARCHAR) AS raw, ${counts}
     FROM (SELECT ${column.raw}, count(*) AS n FROM ${view.table.from} WHERE ${scope}${due} GROUP BY ${column.raw})`;
  };
  await session.run(
    `CREATE TEMP TABLE groups AS ${side(reference, "n AS reference, 0 AS current")} UNION ALL ${side(current, "0 AS reference, n AS current")}`,
  );
}

async function totalsOf(session: Session, column: Field): Promise<Aggregates> {
  const finite = column.type === "number" || column.type === "integer" ? "isfinite(value)" : "value IS NOT NULL";
  return session.row(
    `SELECT sum(reference) AS reference, sum(current) AS current,
       sum(reference) FILTER (WHERE missing) AS reference_missing, sum(current) FILTER (WHERE missing) AS current_missing,
       sum(reference) FILTER (WHERE ${finite}) AS finite,
       min(value) FILTER (WHERE reference > 0) < max(value) FILTER (WHERE reference > 0) AS varies,
       sum(reference + current) FILTER (WHERE bad) AS bad, any_value(raw) FILTER (WHERE bad) AS example
     FROM groups`,
  );
}

function checkSides(
  view: View,
  column: Field,
  totals: Aggregates,
  ignoreMissing: boolean,
  clipped: boolean,
): { readonly reference: number; readonly current: number } {
  refuseBad(view, column, count(totals, "bad"), totals["example"]);
  const reference = count(totals, "reference") - (ignoreMissing ? count(totals, "reference_missing") : 0);
  const current = count(totals, "current") - (ignoreMissing ? count(totals, "current_missing") : 0);
  if (reference === 0)
    throw new NoAnswer("no_reference", `${view.table.shown} has no row in the reference window of ${column.name}`);
  if (current === 0 && !clipped) throw new NoAnswer("no_data", `${view.table.shown} has no row in the current window`);
  if (reference < fewest || current < fewest) {
    const after = clipped ? ", of which only what is newer than the reference counts" : "";
    throw new NoAnswer(
      "too_few_samples",
      `${column.name}: ${reference} rows in the reference and ${current} in the current window${after}; each side needs ${fewest}`,
    );
  }
  const missing = ignoreMissing ? 0 : count(totals, "reference_missing");
  if (totals["varies"] !== true && (missing === 0 || missing === reference)) {
    throw new NoAnswer(
      "too_few_samples",
      `${column.name} is constant in the reference: there is no distribution to compare with`,
    );
  }
  return { reference, current };
}

/** What a reader must know about the windows. `whole`: the reference as declared, where it is a window. */
async function noteOf(
  session: Session,
  view: View,
  whole: Window | undefined,
  clipped: boolean,
): Promise<string | undefined> {
  const notes: string[] = [];
  if (whole !== undefined) {
    const earliest = await latecomer(session, view, whole);
    const days = (length: number): string => (length / day).toFixed(1);
    if (earliest !== undefined)
      notes.push(`the reference holds ${days(whole.end - earliest)} of ${days(whole.end - whole.start)} days`);
  }
  if (clipped) notes.push("the current window was cut where the reference ends");
  return notes.length === 0 ? undefined : notes.join("; ");
}

/** First event time of a window whose first twentieth is empty; usually one row group is looked at and the answer is undefined. */
async function latecomer(session: Session, view: View, window: Window): Promise<Instant | undefined> {
  const soon = { start: window.start, end: window.start + Math.floor((window.end - window.start) / 20) };
  const [early] = await session.rows(`SELECT 1 AS found FROM ${view.table.from} WHERE ${within(view, soon)} LIMIT 1`);
  if (early !== undefined) return undefined;
  const row = await session.row(
    `SELECT epoch_ms(min(${view.time.value})) AS earliest FROM ${view.table.from} WHERE ${within(view, window)}`,
  );
  return numeric(row, "earliest");
}
