import type { Dataset } from "../../../compiler/plan/dataset.ts";
import type { Instant } from "../../clock/clock.ts";
import type { Value } from "../../judge/observation.ts";
import { NoAnswer } from "./answer.ts";
import { count, numeric, type Session } from "./engine.ts";
import { before, type Context, from, mature, openView } from "./view.ts";

/**
 * Rows newer than `since`, an event time: the watermark of the last snapshot, which is the newest event time whose label was
 * mature then. So a row whose label matures later counts once, whether or not it was there before.
 */
export async function gained(
  session: Session,
  context: Context,
  dataset: Dataset,
  since: Instant | undefined,
  labelled: boolean,
  now: Instant,
): Promise<Value> {
  const view = await openView(
    session,
    context,
    dataset,
    labelled && dataset.label !== undefined ? [dataset.label.column] : [],
  );
  const newer = since === undefined ? "true" : from(view, since + 1);
  const row = await session.row(
    `SELECT count(*) AS n FROM ${view.table.from} WHERE ${newer} AND ${labelled ? mature(view, now) : before(view, now + 1)}`,
  );
  return { kind: "value", value: count(row, "n"), n: count(row, "n") };
}

/** Newest event time of the whole source, epoch milliseconds: where a rehearsal that starts at its data starts. */
export async function newest(session: Session, context: Context, dataset: Dataset): Promise<Value> {
  const view = await openView(session, context, dataset, []);
  const row = await session.row(
    `SELECT count(*) AS n, epoch_ms(max(${view.time.value})) AS newest FROM ${view.table.from}`,
  );
  const value = numeric(row, "newest");
  if (value === undefined) throw new NoAnswer("no_data", `${view.table.shown} has no row with a time`);
  return { kind: "value", value, n: count(row, "n") };
}
