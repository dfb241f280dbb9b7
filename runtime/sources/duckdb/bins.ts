import type { Dataset } from "../../../compiler/plan/dataset.ts";
import type { DriftMeasure } from "../../../compiler/plan/measure.ts";
import type { Instant } from "../../clock/clock.ts";
import type { BinnedPair } from "../../judge/observation.ts";
import { between, binLabels } from "../../stats/bins.ts";
import type { Window } from "../source.ts";
import { type Aggregates, count, numeric, type Session } from "./engine.ts";
import { openSides } from "./sides.ts";
import type { Context } from "./view.ts";

/** Numeric bins before duplicate edges are merged. */
const numericBins = 10;
/** Reference categories below this share are pooled. */
const rare = 0.01;

/** Counts of the same bins in both windows; edges and counts come from the rows grouped by value. Throws NoAnswer. */
export async function binnedPair(
  session: Session,
  context: Context,
  dataset: Dataset,
  measure: DriftMeasure,
  reference: Window,
  current: Window,
  now: Instant,
): Promise<BinnedPair> {
  const sides = await openSides(session, context, dataset, measure, reference, current, now);
  const counted = sides.numeric
    ? await numericCounts(session, sides.totals)
    : await categoryCounts(session, sides.rows.reference);
  const missing = { label: "(missing)", ...sides.missing };
  const bins = missing.reference + missing.current === 0 ? counted : [...counted, missing];
  return {
    kind: "bins",
    labels: bins.map((bin) => bin.label),
    reference: bins.map((bin) => bin.reference),
    current: bins.map((bin) => bin.current),
    ...(sides.note === undefined ? {} : { note: sides.note }),
  };
}

interface Bin {
  readonly label: string;
  readonly reference: number;
  readonly current: number;
}

/** Edges: type-7 quantiles at k/10 of the finite reference values, duplicates merged; bins (low, high], outer edges infinite. */
async function numericCounts(session: Session, totals: Aggregates): Promise<readonly Bin[]> {
  const finite = count(totals, "finite");
  const edges = finite === 0 ? [] : await edgesOf(session, finite);
  const which = edges.map((_, at) => `WHEN value <= $${at + 1} THEN ${at}`).join(" ");
  const bin = edges.length === 0 ? "0" : `CASE ${which} ELSE ${edges.length} END`;
  const rows = await session.rows(
    `SELECT ${bin} AS bin, sum(reference) AS reference, sum(current) AS current FROM groups WHERE value IS NOT NULL GROUP BY ALL`,
    edges,
  );
  const byBin = new Map(rows.map((row) => [count(row, "bin"), row]));
  return binLabels(edges).map((label, at) => {
    const row = byBin.get(at);
    return {
      label,
      reference: row === undefined ? 0 : count(row, "reference"),
      current: row === undefined ? 0 : count(row, "current"),
    };
  });
}

async function edgesOf(session: Session, finite: number): Promise<readonly number[]> {
  // Position (n - 1) k / 10 in whole numbers: no rounding decides on which side of an edge a value lies.
  const positions = Array.from({ length: numericBins - 1 }, (_, at) => {
    const scaled = (finite - 1) * (at + 1);
    return { below: Math.floor(scaled / numericBins), part: (scaled % numericBins) / numericBins };
  });
  const picks = positions.flatMap(({ below }, at) => [
    `min(value) FILTER (WHERE rank > ${below}) AS low${at}`,
    `min(value) FILTER (WHERE rank > ${below + 1}) AS high${at}`,
  ]);
  const row = await session.row(
    `SELECT ${picks.join(", ")} FROM (
       SELECT value, sum(reference) OVER (ORDER BY value ROWS UNBOUNDED PRECEDING) AS rank
       FROM groups WHERE isfinite(value) AND reference > 0)`,
  );
  const edges = positions.map(({ part }, at) => {
    const low = numeric(row, `low${at}`) ?? 0;
    return part === 0 ? low : between(low, numeric(row, `high${at}`) ?? low, part);
  });
  return edges.filter((edge, at) => at === 0 || edge !== edges[at - 1]);
}

/** Reference categories of at least 1 % of the reference; all else, seen or not, is `(other)`. Largest first. */
async function categoryCounts(session: Session, reference: number): Promise<readonly Bin[]> {
  const rows = await session.rows(
    `SELECT CASE WHEN reference >= CAST($1 AS DOUBLE) THEN category END AS category, sum(reference) AS reference, sum(current) AS current
     FROM (SELECT CAST(value AS VARCHAR) AS category, sum(reference) AS reference, sum(current) AS current
           FROM groups WHERE value IS NOT NULL GROUP BY ALL)
     GROUP BY ALL HAVING sum(reference) + sum(current) > 0 ORDER BY reference DESC, category`,
    [rare * reference],
  );
  const bins = rows.map((row) => ({
    label: row["category"] === null ? undefined : String(row["category"]),
    reference: count(row, "reference"),
    current: count(row, "current"),
  }));
  const pooled = bins.find((bin) => bin.label === undefined);
  const named = bins.flatMap((bin) => (bin.label === undefined ? [] : [{ ...bin, label: bin.label }]));
  return pooled === undefined ? named : [...named, { ...pooled, label: "(other)" }];
}
