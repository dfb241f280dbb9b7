import type { ComparisonTest } from "../../compiler/plan/condition.ts";
import type { QuantileMeasure } from "../../compiler/plan/measure.ts";
import { weightedQuantile } from "../stats/quantile.ts";
import { isNoAnswer, type NoAnswer } from "./answer.ts";
import { claimOf, type Difference, settled, smallest } from "./claim.ts";
import type { Context, Qualifiers } from "./context.ts";
import type { ScoredRows } from "./observation.ts";
import { count } from "./quantity.ts";
import { resample } from "./resample.ts";
import { seedOf } from "./seed.ts";
import { reordered } from "./subset.ts";

const fewestRows = 100;

/** Quantiles of latency or score of both versions on the same rows: bootstrap of the pairs, nearest ranks. */
export function quantileRowsDifference(
  test: ComparisonTest,
  left: QuantileMeasure,
  right: QuantileMeasure,
  rows: ScoredRows,
  context: Context,
  qualifiers: Qualifiers,
  slice: string,
): Difference | NoAnswer {
  const claim = claimOf(test);
  if (isNoAnswer(claim)) return claim;
  if (left.column !== right.column || left.quantile !== right.quantile || left.party === right.party) {
    return { reason: "schema_mismatch", detail: "the same quantile of two versions must be compared" };
  }
  const n = rows.label.length;
  const columns = [columnOf(rows, left), columnOf(rows, right)];
  const [one, other] = columns;
  if (one === undefined || other === undefined) {
    return { reason: "no_data", detail: `the rows carry no ${left.column} of both versions`, n };
  }
  if (![one, other].every((column) => column.length === n && column.every((value) => Number.isFinite(value)))) {
    return { reason: "undefined_value", detail: "a value is not a finite number", n };
  }
  const needed = qualifiers.minimum?.count ?? Math.max(fewestRows, Math.ceil(10 / (1 - left.quantile)));
  if (n < needed) {
    const detail = `${count(n)} rows are too few for this quantile, ${count(needed)} are needed`;
    return { reason: "too_few_samples", detail, n };
  }
  const order = Uint32Array.from(one, (_, row) => row).sort(
    (a, b) => (one[a] as number) - (one[b] as number) || (other[a] as number) - (other[b] as number),
  );
  const sorted = reordered(rows, order);
  const quantiles = [columnOf(sorted, left), columnOf(sorted, right)].map((column) =>
    weightedQuantile(column ?? new Float64Array(), left.quantile),
  );
  const at = (side: 0 | 1, weight?: Float64Array) => quantiles[side]?.(weight) ?? Number.NaN;
  const r = at(1, sorted.weight);
  if (claim.shift !== 0 && Math.abs(r) < smallest) {
    return {
      reason: "baseline_zero",
      detail: "the value compared with is 0, a relative margin of it means nothing",
      n,
    };
  }
  const statistic = (weight: Float64Array | undefined) => {
    const against = at(1, weight);
    return claim.orient * (at(0, weight) - against) + claim.shift * Math.abs(against);
  };
  const seed = seedOf(context, qualifiers, slice);
  const sampled = resample(sorted, qualifiers.clusteredBy, test.confidence, seed, statistic);
  if (isNoAnswer(sampled)) return { ...sampled, n };
  const { value, low, high, method, units } = sampled;
  const noun = qualifiers.clusteredBy === undefined ? "rows" : "clusters";
  const values = { [left.party]: at(0, sorted.weight), [right.party]: r };
  return settled({ value, low, high, level: test.confidence, n: units, noun, method, values }, claim, r);
}

function columnOf(rows: ScoredRows, { column, party }: QuantileMeasure): Float64Array | undefined {
  const own = party !== "champion";
  if (column === "score") return own ? rows.challenger : rows.champion;
  return own ? rows.challengerLatency : rows.championLatency;
}
