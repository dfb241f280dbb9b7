import type { ComparisonTest } from "../../compiler/plan/condition.ts";
import type { Measure } from "../../compiler/plan/measure.ts";
import { type Evaluation, isNoAnswer, type NoAnswer, recorded, unknown } from "./answer.ts";
import { changeDifference, type Difference, ratesDifference } from "./claim.ts";
import type { Context, Qualifiers } from "./context.ts";
import { rowsDifference } from "./difference.ts";
import { bucketsDifference, valuesDifference } from "./histogram.ts";
import { armsDifference, heldAgainst, quantilesDifference } from "./live-difference.ts";
import type { Observation } from "./observation.ts";
import { quantileRowsDifference } from "./quantile-difference.ts";
import { count, nameOf, styleOf } from "./quantity.ts";
import { brokenRates } from "./threshold.ts";
import { deciding } from "./verdict.ts";

/**
 * `left not worse than right by M` is true where the lower bound of the improvement is at or above -M, false where the upper bound is below;
 * `left better than right by M` is true where the lower bound is above M, false where the upper bound is at or below.
 */
export function compared(
  test: ComparisonTest,
  observation: Observation,
  context: Context,
  qualifiers: Qualifiers,
  slice: string,
): Evaluation {
  const name = nameOf(test.left);
  const difference = differenceOf(test, observation, context, qualifiers, slice);
  if (isNoAnswer(difference)) return unknown(name, difference);
  const { value, low, high, bound } = difference;
  const truth = claimed(test, low, high, bound);
  return {
    truth,
    ...(truth === undefined ? { reason: "ci_straddles" as const } : {}),
    sentence: sentenceOf(test, difference),
    estimate: value,
    ...recorded(low, high, test.confidence),
    bound,
    unit: test.left.unit === "ratio" ? "points" : test.left.unit,
    n: difference.n,
    ...(difference.method === undefined ? {} : { method: difference.method }),
    ...(difference.values === undefined ? {} : { values: difference.values }),
    ...flipOf(test, difference, truth),
  };
}

function claimed({ claim }: ComparisonTest, low: number, high: number, bound: number): boolean | undefined {
  if (claim === "not_worse") return high < bound ? false : low >= bound ? true : undefined;
  return high <= bound ? false : low > bound ? true : undefined;
}

function differenceOf(
  test: ComparisonTest,
  observation: Observation,
  context: Context,
  qualifiers: Qualifiers,
  slice: string,
): Difference | NoAnswer {
  const { left, right } = test;
  const { minimum } = qualifiers;
  switch (observation.kind) {
    case "unanswered":
      return observation;
    case "rows":
      if (left.kind === "quantile" && right.kind === "quantile")
        return quantileRowsDifference(test, left, right, observation, context, qualifiers, slice);
      if (left.kind !== "prediction" || right.kind !== "prediction") break;
      if (left.party === "baseline" || right.party === "baseline") break;
      if (left.metric !== right.metric) {
        return { reason: "schema_mismatch", detail: `${left.metric} and ${right.metric} are different metrics` };
      }
      return rowsDifference(test, left, right, observation, context, qualifiers, slice, test.confidence);
    case "arms":
      if (left.kind !== "prediction" || right.kind !== "prediction" || left.metric !== right.metric) break;
      return armsDifference(test, left, observation, context, qualifiers, slice);
    case "samples": {
      if (left.kind !== "quantile" || right.kind !== "quantile" || left.quantile !== right.quantile) break;
      const n = observation.rows.current;
      if (minimum !== undefined && n < minimum.count) return few(n, minimum.count, minimum.of);
      return quantilesDifference(test, left, observation, context);
    }
    case "rates": {
      if (!isRate(left) || !isRate(right)) break;
      const broken = brokenRates(observation);
      if (broken !== undefined) return broken;
      const n = observation.challenger.trials;
      if (minimum !== undefined && n < minimum.count) return few(n, minimum.count, minimum.of);
      return ratesDifference(test, observation, context);
    }
    case "buckets": {
      if (left.kind !== "prometheus") break;
      const n = observation.challenger?.atOrBelow.at(-1) ?? 0;
      if (minimum !== undefined && n < minimum.count) return few(n, minimum.count, minimum.of);
      return bucketsDifference(test, left, observation, context);
    }
    case "values": {
      if (left.kind !== "prometheus") break;
      const { n } = observation.challenger;
      if (minimum !== undefined && n < minimum.count) return few(n, minimum.count, minimum.of);
      return valuesDifference(test, left.party, observation);
    }
    case "change": {
      const n = observation.now.n;
      if (minimum !== undefined && n < minimum.count) return few(n, minimum.count, minimum.of);
      return context.live === undefined ? changeDifference(test, observation) : heldAgainst(test, observation, context);
    }
  }
  return { reason: "schema_mismatch", detail: `an observation of kind "${observation.kind}" does not answer it` };
}

function isRate(measure: Measure): boolean {
  return measure.kind === "live_rate" || (measure.kind === "prometheus" && measure.form.kind === "ratio");
}

function few(has: number, needed: number, noun: string): NoAnswer {
  const detail = `${count(has)} ${noun} are too few, ${count(needed)} are needed`;
  return {
    reason: "too_few_samples",
    detail,
    n: has,
    flip: `${count(needed - has)} more ${noun} would allow an answer.`,
  };
}

function sentenceOf(test: ComparisonTest, { value, low, high, bound, n, noun, values }: Difference): string {
  const style = styleOf(test.left);
  const sides = Object.values(values ?? {});
  const left = sides[0] ?? Number.NaN;
  const right = sides[1] ?? Number.NaN;
  const direction = value >= 0 ? `${style.change(value)} better` : `${style.change(-value)} worse`;
  const useful = value >= bound && Number.isFinite(low) ? (["lower", low] as const) : (["upper", high] as const);
  const end = Number.isFinite(useful[1]) ? `${style.change(useful[1])}` : "none";
  const margin =
    test.margin.kind === "relative"
      ? `relative ${Number((test.margin.value * 100).toPrecision(6))} %`
      : style.change(test.margin.value);
  const claim = test.claim === "not_worse" ? "not worse by more than" : "better by more than";
  const size = noun === "rows" ? `n = ${count(n)}` : `${count(n)} ${noun}`;
  return `${nameOf(test.left)} is ${style.value(left)} against ${style.value(right)} of ${nameOf(test.right)}, ${direction} (${test.confidence * 100} % ${useful[0]} bound of the improvement ${end}, ${size}): ${claim} ${margin} is asked`;
}

function flipOf(test: ComparisonTest, difference: Difference, truth: boolean | undefined): { flip: string } {
  const style = styleOf(test.left);
  const { value, low, high, bound, n, noun } = difference;
  if (truth === undefined) {
    const needed = deciding(n, value, low, high, bound);
    return {
      flip:
        needed === undefined
          ? `The difference stands too near the margin for any number of ${noun} to be named.`
          : `About ${count(needed)} ${noun} would decide if the difference stayed.`,
    };
  }
  const distance = style.change(Math.abs((truth ? low : high) - bound));
  return { flip: `A difference ${distance} ${truth ? "worse" : "better"} would reach the margin.` };
}
