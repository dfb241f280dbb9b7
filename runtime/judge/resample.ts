import { type BootstrapInterval, bootstrapInterval } from "../stats/bootstrap.ts";
import { type Seed, xoshiro128 } from "../stats/random.ts";
import { isNoAnswer, type NoAnswer } from "./answer.ts";
import type { ScoredRows } from "./observation.ts";
import { count } from "./quantity.ts";
import { reordered } from "./subset.ts";

/** Clusters below which a cluster bootstrap says nothing. */
export const fewestClusters = 30;

/** Resamples rows, or clusters of rows, and computes a statistic of the row weights in each. Give it rows that are `ordered`. */
export function resample(
  rows: ScoredRows,
  clusteredBy: string | undefined,
  level: number,
  seed: Seed,
  statistic: (weight: Float64Array | undefined) => number,
): (BootstrapInterval & { readonly units: number; readonly method: string }) | NoAnswer {
  const units = unitsOf(rows, clusteredBy);
  if (isNoAnswer(units)) return units;
  const { weight } = rows;
  const weights = new Float64Array(rows.label.length);
  const result = bootstrapInterval(
    {
      units: units.count,
      statistic(counts) {
        if (counts === undefined) return statistic(weight);
        for (let row = 0; row < weights.length; row++) {
          const drawn = counts[units.of[row] as number] as number;
          weights[row] = weight === undefined ? drawn : drawn * (weight[row] as number);
        }
        return statistic(weights);
      },
    },
    level,
    xoshiro128(seed),
  );
  if (!Number.isFinite(result.value) || result.undefinedShare > 0.01) {
    return {
      reason: "undefined_value",
      detail: Number.isFinite(result.value)
        ? `it has no value in ${Math.round(result.undefinedShare * 100)} % of the resamples`
        : "it has no value on these rows",
    };
  }
  const method =
    clusteredBy === undefined ? "bootstrap (BCa, 2,000)" : `cluster bootstrap (BCa, 2,000) by ${clusteredBy}`;
  return { ...result, units: units.count, method };
}

/** Which unit each row belongs to: its own, or its cluster, numbered by name. */
function unitsOf(rows: ScoredRows, clusteredBy: string | undefined): { of: Uint32Array; count: number } | NoAnswer {
  if (clusteredBy === undefined) return { of: Uint32Array.from(rows.label, (_, row) => row), count: rows.label.length };
  const column = rows.groups[clusteredBy];
  if (column === undefined) return { reason: "schema_mismatch", detail: `the rows have no column ${clusteredBy}` };
  const numbers = new Map([...new Set(column)].sort().map((name, index) => [name, index]));
  if (numbers.size < fewestClusters) {
    return {
      reason: "too_few_samples",
      detail: `${count(numbers.size)} clusters by ${clusteredBy} are too few, ${fewestClusters} are needed`,
    };
  }
  return { of: Uint32Array.from(column, (name) => numbers.get(name) ?? 0), count: numbers.size };
}

/** Rows in an order that follows from their content, so that neither draws nor rounding depend on the order in which they came. */
export function ordered(rows: ScoredRows, clusteredBy: string | undefined): ScoredRows {
  const columns = [
    rows.label,
    rows.challenger,
    rows.champion,
    rows.challengerDecision,
    rows.championDecision,
    rows.weight,
  ].filter((column) => column !== undefined);
  const cluster = clusteredBy === undefined ? undefined : rows.groups[clusteredBy];
  const sorted = Uint32Array.from(rows.label, (_, row) => row).sort((a, b) => {
    for (const column of columns) {
      const difference = (column[a] as number) - (column[b] as number);
      if (difference !== 0) return difference;
    }
    const [one, other] = [cluster?.[a] ?? "", cluster?.[b] ?? ""];
    return one < other ? -1 : one > other ? 1 : 0;
  });
  return reordered(rows, sorted);
}
