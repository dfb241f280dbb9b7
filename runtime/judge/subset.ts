import type { ScoredRows } from "./observation.ts";

/** Rows of a slice, in their order. */
export function subset(rows: ScoredRows, keeps: (row: number) => boolean): ScoredRows {
  return reordered(
    rows,
    Uint32Array.from(rows.label, (_, row) => row).filter((row) => keeps(row)),
  );
}

/** The rows with these numbers, in this order. */
export function reordered(rows: ScoredRows, chosen: Uint32Array): ScoredRows {
  const taken = (column: Float64Array) => Float64Array.from(chosen, (row) => column[row] ?? Number.NaN);
  return {
    kind: "rows",
    label: taken(rows.label),
    challenger: taken(rows.challenger),
    ...(rows.champion === undefined ? {} : { champion: taken(rows.champion) }),
    ...(rows.challengerDecision === undefined ? {} : { challengerDecision: taken(rows.challengerDecision) }),
    ...(rows.championDecision === undefined ? {} : { championDecision: taken(rows.championDecision) }),
    ...(rows.weight === undefined ? {} : { weight: taken(rows.weight) }),
    ...(rows.challengerLatency === undefined ? {} : { challengerLatency: taken(rows.challengerLatency) }),
    ...(rows.championLatency === undefined ? {} : { championLatency: taken(rows.championLatency) }),
    ...(rows.classes === undefined ? {} : { classes: rows.classes }),
    groups: Object.fromEntries(
      Object.entries(rows.groups).map(([name, column]) => [name, Array.from(chosen, (row) => column[row] ?? "")]),
    ),
  };
}

/** Rows of weight 0 do not count as rows. */
export function measured(rows: ScoredRows): ScoredRows {
  const { weight } = rows;
  return weight?.includes(0) ? subset(rows, (row) => weight[row] !== 0) : rows;
}

export type Party = "challenger" | "champion" | "baseline";

/** Scores of one version; undefined where the rows have none. */
export function scoreOf(rows: ScoredRows, party: Party): Float64Array | undefined {
  return party === "champion" ? rows.champion : rows.challenger;
}

/** Decisions of one version; undefined where the rows have none and they follow from the score. */
export function decisionOf(rows: ScoredRows, party: Party): Float64Array | undefined {
  return party === "champion" ? rows.championDecision : rows.challengerDecision;
}
