import type { ChangeTest } from "../../compiler/plan/condition.ts";
import { normalQuantile } from "../stats/normal.ts";
import { rateDifferenceSequences, together } from "../stats/sequence.ts";
import { type Evaluation, isNoAnswer, type NoAnswer, recorded, unknown } from "./answer.ts";
import { plannedPairs } from "./claim.ts";
import type { Context } from "./context.ts";
import { movingHalf } from "./live-difference.ts";
import type { Change, Observation, Rates, TwoSamples } from "./observation.ts";
import { count, nameOf, styleOf } from "./quantity.ts";
import { sampleLevel } from "./sample.ts";
import { brokenRates } from "./threshold.ts";
import { deciding } from "./verdict.ts";

const fewestRows = 100;

/** How far a measure has moved in the direction that a policy names, with the lower bound of that move. */
interface Move {
  readonly baseline: number;
  readonly now: number;
  /** Lower bound of (move - margin), at the level of the test; the margin follows a baseline that is estimated. */
  readonly beyond: number;
  readonly change: number;
  readonly margin: number;
  readonly n: number;
  readonly baselineRows: number;
  readonly method: string;
}

/**
 * `auc drops 2pp below baseline`: true where the one-sided bound of the change, with both uncertainties, is beyond the margin; unknown
 * (ci_straddles) where the change is and its bound is not; false where the change is within the margin. A relative margin is a share of |baseline|
 * and its uncertainty counts too. Where looks are repeated the bound is one that holds at all of them.
 */
export function changed(test: ChangeTest, observation: Observation, context: Context): Evaluation {
  const name = nameOf(test.measure);
  const move = moveOf(test, observation, context);
  return isNoAnswer(move) ? unknown(name, move) : answered(test, name, move);
}

function moveOf(test: ChangeTest, observation: Observation, context: Context): Move | NoAnswer {
  switch (observation.kind) {
    case "unanswered":
      return observation;
    case "change":
      return moveOfEstimates(test, observation, context);
    case "rates":
      if (test.measure.kind === "live_rate") return moveOfRates(test, observation, context);
      break;
    case "samples":
      if (test.measure.kind === "quantile") return moveOfQuantiles(test, test.measure.quantile, observation, context);
  }
  return { reason: "schema_mismatch", detail: `an observation of kind "${observation.kind}" does not answer it` };
}

/** A move of `sign` (now - baseline) beyond a margin is `sign` now - scale x baseline beyond `fixed`. */
function claimOf({ direction, margin }: ChangeTest, baseline: number): { sign: 1 | -1; scale: number; fixed: number } {
  const sign = direction === "drops" ? -1 : 1;
  if (margin.kind === "absolute") return { sign, scale: sign, fixed: margin.value };
  return { sign, scale: sign + margin.value * Math.sign(baseline), fixed: 0 };
}

const zero: NoAnswer = {
  reason: "baseline_zero",
  detail: "the baseline is 0, a relative margin of it means nothing",
};

function moveOfEstimates(test: ChangeTest, { baseline, now }: Change, context: Context): Move | NoAnswer {
  const numbers = [baseline.value, baseline.standardError, now.value, now.standardError];
  if (!numbers.every((one) => Number.isFinite(one)) || baseline.standardError < 0 || now.standardError < 0) {
    return { reason: "undefined_value", detail: "a value or its standard error is not a finite number" };
  }
  const n = Math.min(now.n, baseline.n);
  if (now.n === 0) return { reason: "no_data", detail: "there are no rows with a label now", n: 0 };
  if (!(n >= fewestRows)) {
    const detail = `${count(now.n)} rows now and ${count(baseline.n)} at the baseline are too few, ${fewestRows} of each are needed`;
    return { reason: "too_few_samples", detail, n };
  }
  if (test.margin.kind === "relative" && Math.abs(baseline.value) < 1e-12) return { ...zero, n };
  const { sign, scale, fixed } = claimOf(test, baseline.value);
  const half =
    context.live === undefined
      ? normalQuantile(test.confidence) * Math.hypot(scale * baseline.standardError, now.standardError)
      : movingHalf(now, baseline, Math.abs(scale), 1 - test.confidence, context);
  return {
    ...moved(test, baseline.value, now.value),
    beyond: sign * now.value - scale * baseline.value - fixed - half,
    n: now.n,
    baselineRows: baseline.n,
    method: context.live === undefined ? "normal, two samples" : "confidence sequence (asymptotic)",
  };
}

/** A live rate against the champion's requests before the rollout. */
function moveOfRates(test: ChangeTest, rates: Rates, context: Context): Move | NoAnswer {
  const broken = brokenRates(rates);
  if (broken !== undefined) return broken;
  const { challenger: now, champion: before } = rates;
  if (now.trials === 0) return { reason: "no_data", detail: "there is no request yet", n: 0 };
  if (before.trials === 0) return { reason: "no_reference", detail: "there was no request at the baseline", n: 0 };
  const baseline = before.events / before.trials;
  if (test.margin.kind === "relative" && baseline < 1e-12) return zero;
  const { sign, scale, fixed } = claimOf(test, baseline);
  const sequences = rateDifferenceSequences(now, before, 1 - test.confidence, plannedPairs(context), sign * scale);
  const { low, high } = together(sequences);
  return {
    ...moved(test, baseline, now.events / now.trials),
    beyond: (sign > 0 ? low : -high) - fixed,
    n: now.trials,
    baselineRows: before.trials,
    method: "confidence sequence",
  };
}

/** A quantile against the champion's answers before the rollout, each bounded at half of alpha. */
function moveOfQuantiles(test: ChangeTest, q: number, samples: TwoSamples, context: Context): Move | NoAnswer {
  const level = 1 - (1 - test.confidence) / 2;
  const now = sampleLevel(samples.current, q, level, context.live);
  if (isNoAnswer(now)) return now;
  const before = sampleLevel(samples.reference, q, level, undefined);
  if (isNoAnswer(before)) return { ...before, detail: `at the baseline: ${before.detail}` };
  if (test.margin.kind === "relative" && before.low < 1e-12) return zero;
  const { sign, scale, fixed } = claimOf(test, before.value);
  const bound = sign > 0 ? now.low - scale * before.high : -now.high - scale * before.low;
  return {
    ...moved(test, before.value, now.value),
    beyond: bound - fixed,
    n: now.n,
    baselineRows: before.n,
    method: "order statistics of each",
  };
}

function moved(test: ChangeTest, baseline: number, now: number): Pick<Move, "baseline" | "now" | "change" | "margin"> {
  const { kind, value } = test.margin;
  const sign = test.direction === "drops" ? 1 : -1;
  return {
    baseline,
    now,
    change: sign * (baseline - now),
    margin: kind === "relative" ? value * Math.abs(baseline) : value,
  };
}

function answered(test: ChangeTest, name: string, move: Move): Evaluation {
  const { baseline, now, change, margin, beyond, n, baselineRows } = move;
  const low = margin + beyond;
  const truth = beyond > 0 ? true : change > margin ? undefined : false;
  const style = styleOf(test.measure);
  const needed = deciding(n, change, low, 2 * change - low, margin);
  const verb = test.direction === "drops" ? "drop" : "rise";
  const bound = Number.isFinite(low) ? style.change(low) : "none";
  return {
    truth,
    ...(truth === undefined ? { reason: "ci_straddles" as const } : {}),
    sentence: `${metricOf(name)} is ${style.value(now)} now and ${style.value(baseline)} at the baseline, a ${verb} of ${style.change(change)} (${test.confidence * 100} % lower bound ${bound}, n = ${count(n)} and ${count(baselineRows)}): a ${verb} of more than ${style.change(margin)} is asked`,
    estimate: change,
    ...recorded(low, 2 * change - low, test.confidence),
    bound: margin,
    unit: test.measure.unit === "ratio" ? "points" : test.measure.unit,
    n,
    method: move.method,
    values: { baseline, now, "baseline rows": baselineRows },
    flip:
      truth === undefined
        ? needed === undefined
          ? "The change stands too near the margin for any number of rows to be named."
          : `About ${count(needed)} rows would decide if the change stayed.`
        : `A change ${style.change(Math.abs(truth ? beyond : change - margin))} ${truth ? "smaller" : "larger"} would reach the margin.`,
  };
}

function metricOf(name: string): string {
  return name.replace(/^(baseline|challenger|champion)\./, "");
}
