import type { PairsMeasure } from "../../compiler/plan/measure.ts";
import type { NoAnswer } from "./answer.ts";
import type { Context } from "./context.ts";
import type { Pairs, ScoredRows } from "./observation.ts";

/** Share of the champion's magnitude beyond which two numbers of a regression model differ, where the policy names none. */
const usualChange = 0.1;

/**
 * Pairs of answers from rows that carry both scores, for `flip_rate` in a gate. Decisions that differ are flips; for regression a difference above 10 %
 * (option `relative`, a share of one) of the larger of |champion| and the median |champion|.
 */
export function pairsOf(rows: ScoredRows, measure: PairsMeasure, context: Context): Pairs | NoAnswer {
  const { challenger, champion } = rows;
  if (champion === undefined) return { reason: "no_champion", detail: "the rows carry no scores of a champion" };
  const n = rows.label.length;
  if (champion.length !== n || challenger.length !== n) {
    return { reason: "rows_mismatch", detail: "the two versions scored different numbers of rows" };
  }
  const pairs = (flips: number): Pairs => ({ kind: "pairs", expected: n, matched: n, flips });
  const count = (differs: (row: number) => boolean) =>
    champion.reduce((sum, _, row) => sum + (differs(row) ? 1 : 0), 0);
  if (context.task === "multiclass") {
    const { challengerDecision: one, championDecision: other } = rows;
    if (one === undefined || other === undefined) {
      return { reason: "schema_mismatch", detail: "the rows carry no decisions of both versions", n };
    }
    return pairs(count((row) => one[row] !== other[row]));
  }
  if (![challenger, champion].every((scores) => scores.every((one) => Number.isFinite(one)))) {
    return { reason: "undefined_value", detail: "a score is not a finite number", n };
  }
  if (context.task === "regression") {
    const magnitudes = champion.map((one) => Math.abs(one)).sort();
    const median = ((magnitudes[Math.floor((n - 1) / 2)] ?? 0) + (magnitudes[Math.floor(n / 2)] ?? 0)) / 2;
    const share = Number(measure.options["relative"] ?? usualChange);
    return pairs(
      count((row) => {
        const own = champion[row] as number;
        return Math.abs((challenger[row] as number) - own) > share * Math.max(Math.abs(own), median);
      }),
    );
  }
  const decided = (decisions: Float64Array | undefined, scores: Float64Array) => (row: number) =>
    decisions === undefined ? (scores[row] as number) >= context.decidesAt : decisions[row] === 1;
  const one = decided(rows.challengerDecision, challenger);
  const other = decided(rows.championDecision, champion);
  return pairs(count((row) => one(row) !== other(row)));
}
