import type { ComparisonTest } from "../../compiler/plan/condition.ts";
import type { PredictionMeasure } from "../../compiler/plan/measure.ts";
import { aucDifference, placements } from "../stats/auc.ts";
import { normalQuantile } from "../stats/normal.ts";
import { meanInterval } from "../stats/paired.ts";
import { tango } from "../stats/proportion.ts";
import { type Estimate, isNoAnswer, type NoAnswer } from "./answer.ts";
import { type Claim, claimOf, type Difference, settled, smallest } from "./claim.ts";
import type { Context, Qualifiers } from "./context.ts";
import { classForDeLong, rowsForMeans } from "./level.ts";
import type { ScoredRows } from "./observation.ts";
import type { Prepared } from "./prepared.ts";
import { ordered, resample } from "./resample.ts";
import { prepare } from "./rows.ts";
import { seedOf } from "./seed.ts";

/**
 * Both versions on the same rows. Proportions with the same rows counting on both sides: Tango. Area: DeLong, paired. Means from 200 rows:
 * Student on the differences. Everything else, and everything with weights or clusters: bootstrap of the pairs (docs/statistics.md).
 */
export function rowsDifference(
  test: ComparisonTest,
  left: PredictionMeasure,
  right: PredictionMeasure,
  given: ScoredRows,
  context: Context,
  qualifiers: Qualifiers,
  slice: string,
  confidence: number,
): Difference | NoAnswer {
  const claim = claimOf(test);
  if (isNoAnswer(claim)) return claim;
  const prepared = prepare(left, [left.party, right.party], given, context, qualifiers);
  if (isNoAnswer(prepared)) return prepared;
  const { rows, n } = prepared;
  const [one, other] = prepared.metrics;
  if (one === undefined || other === undefined) return { reason: "no_data", detail: "there are no rows" };
  const l = one.statistic(rows.weight);
  const r = other.statistic(rows.weight);
  if (!Number.isFinite(l) || !Number.isFinite(r)) {
    return { reason: "undefined_value", detail: "it has no value on these rows", n };
  }
  if (claim.shift !== 0 && Math.abs(r) < smallest) {
    return { reason: "baseline_zero", detail: `${right.party}'s value is 0, a relative margin of it means nothing`, n };
  }
  const values = { [left.party]: l, [right.party]: r };
  const plain = rows.weight === undefined && qualifiers.clusteredBy === undefined;
  const closed = plain ? paired(prepared, claim, left, confidence) : undefined;
  if (closed !== undefined) {
    const counted = one.form === "queries" ? "queries" : "rows";
    return settled({ ...closed, level: confidence, noun: counted, values }, claim, r);
  }
  const cluster = qualifiers.clusteredBy ?? prepared.together;
  const again = prepare(left, [left.party, right.party], ordered(rows, cluster), context, qualifiers);
  if (isNoAnswer(again)) return again;
  const [challenged = one, against = other] = again.metrics;
  const statistic = (weight: Float64Array | undefined) => {
    const champion = against.statistic(weight);
    return claim.orient * (challenged.statistic(weight) - champion) + claim.shift * Math.abs(champion);
  };
  const seed = seedOf(context, qualifiers, slice);
  const sampled = resample(again.rows, cluster, confidence, seed, statistic);
  if (isNoAnswer(sampled)) return { ...sampled, n };
  const { value, low, high, method, units } = sampled;
  const noun = cluster === undefined ? "rows" : "clusters";
  return settled({ value, low, high, level: confidence, n: units, noun, method, values }, claim, r);
}

function paired(
  { metrics, rows, n, positives, negatives }: Prepared,
  { orient, shift }: Claim,
  left: PredictionMeasure,
  level: number,
): Pick<Estimate, "value" | "low" | "high" | "n" | "method"> | undefined {
  const [one, other] = metrics;
  if (one?.form === "area" && Math.min(positives, negatives) >= classForDeLong && rows.champion !== undefined) {
    const scores = left.party === "champion" ? [rows.champion, rows.challenger] : [rows.challenger, rows.champion];
    const [l, r] = scores.map((score) => placements(rows.label, score as Float64Array));
    if (l === undefined || r === undefined) return undefined;
    const { difference, standardError } = aucDifference(l, r, 1 - shift);
    const half = normalQuantile(level) * standardError;
    return { value: difference, low: difference - half, high: difference + half, n, method: "delong (paired)" };
  }
  const means =
    (one?.form === "mean" && other?.form === "mean") || (one?.form === "queries" && other?.form === "queries");
  if (means && one.values.length >= rowsForMeans) {
    const differences = one.values.map((value, row) => {
      const against = other.values[row] as number;
      return orient * (value - against) + shift * against;
    });
    const { mean, low, high } = meanInterval(differences, level);
    return { value: mean, low, high, n: one.values.length, method: "student (paired)" };
  }
  if (one?.form !== "proportion" || other?.form !== "proportion" || shift !== 0) return undefined;
  if (!one.counts.every((counts, row) => counts === other.counts[row])) return undefined;
  let onlyLeft = 0;
  let onlyRight = 0;
  let trials = 0;
  for (let row = 0; row < n; row++) {
    if (one.counts[row] === 0) continue;
    trials++;
    const difference = (one.hits[row] as number) - (other.hits[row] as number);
    if (difference > 0) onlyLeft++;
    if (difference < 0) onlyRight++;
  }
  if (orient < 0) [onlyLeft, onlyRight] = [onlyRight, onlyLeft];
  const { difference, low, high } = tango(onlyLeft, onlyRight, trials, level);
  return { value: difference, low, high, n: trials, method: "tango (paired)" };
}
