import type { Dataset } from "../../../compiler/plan/dataset.ts";
import type { DataMeasure } from "../../../compiler/plan/measure.ts";
import type { Instant } from "../../clock/clock.ts";
import { pooledName } from "../../judge/groups.ts";
import type { Slices } from "../../judge/observation.ts";
import type { Slicing, Window } from "../source.ts";
import { answered, NoAnswer } from "./answer.ts";
import { count, type Session, text } from "./engine.ts";
import { measureData } from "./measure.ts";
import { literal } from "./quote.ts";
import { type Context, field, openView, seen, within } from "./view.ts";

/** Values of a column above which it is no column of groups, pooled or not. */
const mostValues = 10_000;

/** A data function for each value of a column, in the order of the values; a missing value is the empty string. Throws NoAnswer. */
export async function measureSlices(
  session: Session,
  context: Context,
  dataset: Dataset,
  measure: DataMeasure,
  by: Slicing,
  window: Window,
  now: Instant,
  reference: Window | undefined,
): Promise<Slices> {
  const view = await openView(session, context, dataset, [by.column]);
  const value = `coalesce(CAST(${field(view, by.column).value} AS VARCHAR), '')`;
  const rows = await session.rows(
    `SELECT ${value} AS slice, count(*) AS n FROM ${view.table.from} WHERE ${within(view, seen(window, now))} GROUP BY 1 ORDER BY 1 LIMIT ${mostValues + 1}`,
  );
  if (rows.length > mostValues) {
    throw new NoAnswer("schema_mismatch", `${view.table.shown}: ${by.column} has more than ${mostValues} values`);
  }
  const slices = new Map<string, string[]>();
  for (const row of rows) {
    const name = text(row, "slice");
    if (by.exclude.includes(name)) continue;
    const slice = count(row, "n") < (by.poolUnder ?? 0) ? pooledName : name;
    slices.set(slice, [...(slices.get(slice) ?? []), name]);
  }
  const found: { readonly slice: string; readonly observation: Slices["slices"][number]["observation"] }[] = [];
  for (const [slice, names] of [...slices].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const only = `${value} IN (${names.map(literal).join(", ")})`;
    const observation = await answered(dataset.source.uri, () =>
      measureData(session, context, dataset, measure, window, now, reference, only),
    );
    found.push({ slice, observation });
  }
  return { kind: "slices", slices: found };
}
