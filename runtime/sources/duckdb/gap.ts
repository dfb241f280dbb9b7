import type { Dataset } from "../../../compiler/plan/dataset.ts";
import type { DriftMeasure } from "../../../compiler/plan/measure.ts";
import type { Instant } from "../../clock/clock.ts";
import type { GapPair, TwoSamples } from "../../judge/observation.ts";
import { mostRows } from "../../stats/mmd.ts";
import type { Window } from "../source.ts";
import { NoAnswer } from "./answer.ts";
import { count, numeric, type Session } from "./engine.ts";
import { openSides, type Sides } from "./sides.ts";
import type { Context } from "./view.ts";

/** What `ks` and `wasserstein` need of both windows, as one aggregate over the rows grouped by value: see `stats/gap.ts`. Throws NoAnswer. */
export async function gapPair(
  session: Session,
  context: Context,
  dataset: Dataset,
  measure: DriftMeasure,
  reference: Window,
  current: Window,
  now: Instant,
): Promise<GapPair> {
  const sides = await openSides(session, context, dataset, measure, reference, current, now);
  const { rows, missing, note } = numericSides(sides, measure);
  const filled = { reference: rows.reference - missing.reference, current: rows.current - missing.current };
  if (filled.reference === 0 || filled.current === 0)
    throw new NoAnswer("no_data", `${measure.column} has no value in one of the windows`);
  const row = await session.row(
    `WITH counted AS (
       SELECT value, sum(reference) AS r, sum(current) AS c FROM groups WHERE value IS NOT NULL GROUP BY value
     ), steps AS (
       SELECT value, r, c, sum(r) OVER upwards AS f, sum(c) OVER upwards AS g, lead(value) OVER (ORDER BY value) - value AS width
       FROM counted WINDOW upwards AS (ORDER BY value ROWS UNBOUNDED PRECEDING)
     ), centre AS (
       SELECT fsum(value * r) / sum(r) AS mean FROM counted WHERE isfinite(value)
     )
     SELECT max(abs(f / $1 - g / $2)) AS largest, bool_or(r + c > 1) AS ties, bool_and(isfinite(value)) AS finite,
       fsum(width * abs(f / $3 - g / $4)) FILTER (WHERE isfinite(width)) AS area,
       fsum(width * sqrt(greatest(0, f / $3 * (1 - f / $3)))) FILTER (WHERE isfinite(width)) AS spread,
       sqrt(fsum(r * (value - mean) ** 2) FILTER (WHERE isfinite(value)) / $3) AS deviation
     FROM steps, centre`,
    [rows.reference, rows.current, filled.reference, filled.current].map((n) => n + 0.0),
  );
  const finite = row["finite"] === true;
  return {
    kind: "gap",
    gap: {
      reference: rows.reference,
      current: rows.current,
      largest: numeric(row, "largest") ?? Number.NaN,
      ties: row["ties"] === true || missing.reference + missing.current > 1,
      area: finite ? count(row, "area") : Number.NaN,
      deviation: finite ? count(row, "deviation") : Number.NaN,
      spread: finite ? count(row, "spread") : Number.NaN,
      missing,
    },
    ...(note === undefined ? {} : { note }),
  };
}

/** At most 1,000 values of each window for `mmd`, drawn by the hash of value and repetition, so that the order of rows changes nothing. Throws NoAnswer. */
export async function twoSamples(
  session: Session,
  context: Context,
  dataset: Dataset,
  measure: DriftMeasure,
  reference: Window,
  current: Window,
  now: Instant,
): Promise<TwoSamples> {
  const sides = await openSides(session, context, dataset, measure, reference, current, now);
  const { rows, missing, note } = numericSides(sides, measure);
  const draw = async (side: "reference" | "current"): Promise<Float64Array> => {
    const found = await session.rows(
      `SELECT value FROM (SELECT value, unnest(range(${side})) AS copy FROM groups WHERE value IS NOT NULL AND ${side} > 0)
       ORDER BY md5(concat_ws(' ', '${side}', value, copy)), value LIMIT ${mostRows}`,
    );
    return Float64Array.from(found, (one) => numeric(one, "value") ?? Number.NaN);
  };
  return {
    kind: "samples",
    reference: await draw("reference"),
    current: await draw("current"),
    rows,
    missing,
    ...(note === undefined ? {} : { note }),
  };
}

function numericSides(sides: Sides, { name, column }: DriftMeasure): Sides {
  if (sides.numeric) return sides;
  throw new NoAnswer("schema_mismatch", `${name}(${column}): the column must hold numbers, it is ${sides.column.type}`);
}
