import type { ThresholdTest } from "../../compiler/plan/condition.ts";
import type { Measure, PrometheusMeasure, QuantileMeasure } from "../../compiler/plan/measure.ts";
import { normalQuantile } from "../stats/normal.ts";
import { wilson } from "../stats/proportion.ts";
import { rateSequences, together } from "../stats/sequence.ts";
import { type Estimate, type Evaluation, isNoAnswer, type NoAnswer, recorded, unknown } from "./answer.ts";
import type { Context, Qualifiers } from "./context.ts";
import { fairnessLevel } from "./fairness.ts";
import { pairsOf } from "./flips.ts";
import { bucketLevel, FEWEST, fewFor } from "./histogram.ts";
import { metricLevel } from "./level.ts";
import { liveLevel } from "./live.ts";
import type { Observation, Pairs, Rates, Sample, ScoredRows, Value } from "./observation.ts";
import { count, nameOf, styleOf } from "./quantity.ts";
import { sampleLevel } from "./sample.ts";
import { deciding, relate, relationWords } from "./verdict.ts";

const usualConfidence = 0.95;

/** `measure relation limit`, for everything but drift. */
export function threshold(
  test: Omit<ThresholdTest, "kind">,
  observation: Observation,
  context: Context,
  qualifiers: Qualifiers,
  slice: string,
): Evaluation {
  const { measure, relation, limit } = test;
  const name = nameOf(measure);
  const estimate = levelOf(measure, observation, test.confidence, context, qualifiers, slice);
  if (isNoAnswer(estimate)) return unknown(name, estimate);
  const { low, high } = relation.startsWith("<") ? (estimate.upper ?? estimate) : estimate;
  const truth = relate(low, relation, limit, high);
  const style = styleOf(measure);
  const asked = `${relationWords[relation]} ${style.value(limit)} is asked`;
  return {
    truth,
    ...(truth === undefined ? { reason: "ci_straddles" as const } : {}),
    sentence: `${name} is ${stated(estimate, measure, limit)}: ${asked}`,
    ...evidence(estimate, measure),
    bound: limit,
    ...flipOf(truth, estimate, limit, measure),
  };
}

/** `measure in low..high`, both included. */
export function within(
  test: { measure: Measure; low: number; high: number; confidence?: number | undefined },
  observation: Observation,
  context: Context,
  qualifiers: Qualifiers,
  slice: string,
): Evaluation {
  const { measure } = test;
  const name = nameOf(measure);
  const estimate = levelOf(measure, observation, test.confidence, context, qualifiers, slice);
  if (isNoAnswer(estimate)) return unknown(name, estimate);
  const above = relate(estimate.low, ">=", test.low, estimate.high);
  const { low: least, high: most } = estimate.upper ?? estimate;
  const below = relate(least, "<=", test.high, most);
  const truth = above === false || below === false ? false : above === true && below === true ? true : undefined;
  const style = styleOf(measure);
  const nearest = Math.abs(estimate.value - test.low) < Math.abs(estimate.value - test.high) ? test.low : test.high;
  return {
    truth,
    ...(truth === undefined ? { reason: "ci_straddles" as const } : {}),
    sentence: `${name} is ${stated(estimate, measure)}: between ${style.value(test.low)} and ${style.value(test.high)} is asked`,
    ...evidence(estimate, measure),
    bound: nearest,
    ...flipOf(truth, estimate, nearest, measure),
  };
}

function levelOf(
  measure: Measure,
  observation: Observation,
  confidence: number | undefined,
  context: Context,
  qualifiers: Qualifiers,
  slice: string,
): Estimate | NoAnswer {
  if (observation.kind === "unanswered") return observation;
  const few = tooFew(observation, measure, qualifiers);
  if (few !== undefined) return few;
  if (measure.kind === "prediction" && observation.kind === "rows" && context.live !== undefined) {
    return liveLevel(measure, observation, confidence ?? usualConfidence, context, qualifiers, slice);
  }
  if (measure.kind === "prediction" && observation.kind === "rows") {
    return metricLevel(measure, observation, confidence, context, qualifiers, slice);
  }
  if (measure.kind === "fairness" && observation.kind === "rows") {
    return fairnessLevel(measure, observation, confidence ?? usualConfidence, context, qualifiers);
  }
  if (measure.kind === "live_rate" && observation.kind === "rates") {
    return rateLevel(observation, measure.party, confidence ?? usualConfidence, context);
  }
  if (measure.kind === "prometheus") return metricLevelOf(measure, observation, confidence, context);
  if (measure.kind === "quantile" && (observation.kind === "sample" || observation.kind === "rows")) {
    return quantileLevel(measure, observation, confidence ?? usualConfidence, context);
  }
  if (measure.kind === "pairs" && observation.kind === "pairs") {
    return pairsLevel(measure.name, observation, confidence, context);
  }
  if (measure.kind === "pairs" && measure.name === "flip_rate" && observation.kind === "rows") {
    const pairs = pairsOf(observation, measure, context);
    return isNoAnswer(pairs)
      ? pairs
      : (tooFew(pairs, measure, qualifiers) ?? pairsLevel(measure.name, pairs, confidence, context));
  }
  if ((measure.kind === "data" || measure.kind === "evaluation") && observation.kind === "value") {
    return valueLevel(measure, observation, confidence);
  }
  if (measure.kind === "data" && observation.kind === "sample") {
    const q = Number(measure.options["q"] ?? Number.NaN);
    if (!(q > 0 && q < 1)) return { reason: "schema_mismatch", detail: "a sample was given, but no quantile is asked" };
    return sampleLevel(observation.values, q, confidence, undefined);
  }
  return { reason: "schema_mismatch", detail: `an observation of kind "${observation.kind}" does not answer it` };
}

/** A metric of Prometheus, by the form of its query: events among trials, buckets of a histogram, or a number as it stands. */
function metricLevelOf(
  measure: PrometheusMeasure,
  observation: Observation,
  confidence: number | undefined,
  context: Context,
): Estimate | NoAnswer {
  const { form, party } = measure;
  if (form.kind === "ratio" && observation.kind === "rates")
    return rateLevel(observation, party, confidence ?? usualConfidence, context);
  if (form.kind === "bucket_quantile" && observation.kind === "buckets") {
    const counts = party === "champion" ? observation.champion : observation.challenger;
    if (counts === undefined) return { reason: "no_data", detail: `${party} was not asked for` };
    return bucketLevel(counts, form.quantile, confidence ?? usualConfidence, context);
  }
  if (form.kind === "opaque" && observation.kind === "value") {
    const { value, n } = observation;
    if (n < FEWEST) return fewFor(party, n);
    if (!Number.isFinite(value)) return { reason: "undefined_value", detail: "it is not a finite number", n };
    return { value, low: value, high: value, n, noun: "requests", method: "compared as reported" };
  }
  return { reason: "schema_mismatch", detail: `an observation of kind "${observation.kind}" does not answer it` };
}

/** The requirement's own minimum, where the observation counts what it asks for. Rows are counted with the metric's other limits. */
function tooFew(observation: Observation, measure: Measure, { minimum }: Qualifiers): NoAnswer | undefined {
  if (minimum === undefined || observation.kind === "rows") return undefined;
  const has =
    observation.kind === "rates"
      ? observation.challenger.trials
      : observation.kind === "pairs"
        ? observation.matched
        : observation.kind === "sample"
          ? observation.values.length
          : observation.kind === "value"
            ? observation.n
            : observation.kind === "buckets"
              ? observation.challenger?.atOrBelow.at(-1)
              : undefined;
  if (has === undefined || has >= minimum.count) return undefined;
  const detail = `${count(has)} ${minimum.of} are too few for ${nameOf(measure)}, ${count(minimum.count)} are needed`;
  return {
    reason: "too_few_samples",
    detail,
    n: has,
    flip: `${count(minimum.count - has)} more would allow an answer.`,
  };
}

/** Counts that cannot be: fractions, negative ones, more events than trials. */
export function brokenRates(rates: Rates): NoAnswer | undefined {
  for (const party of ["challenger", "champion"] as const) {
    const { events, trials } = rates[party];
    if (!Number.isFinite(events) || !Number.isFinite(trials)) {
      return { reason: "undefined_value", detail: `the counts of ${party} are no finite numbers` };
    }
    if (!Number.isInteger(events) || !Number.isInteger(trials) || events < 0 || events > trials) {
      return { reason: "schema_mismatch", detail: `${party} counts ${events} events among ${trials} requests` };
    }
  }
  return undefined;
}

function rateLevel(rates: Rates, party: string, confidence: number, { live }: Context): Estimate | NoAnswer {
  const broken = brokenRates(rates);
  if (broken !== undefined) return broken;
  const counted = party === "champion" ? rates.champion : rates.challenger;
  if (counted.trials === 0) return { reason: "no_data", detail: `${party} has answered no request`, n: 0 };
  const sequences = rateSequences(counted, 1 - confidence, live?.planned ?? 1000);
  return {
    value: counted.events / counted.trials,
    ...together(sequences),
    level: confidence,
    n: counted.trials,
    noun: "requests",
    method: `confidence sequence (${Number.isFinite(sequences.asymptotic.low) ? "beta-binomial and asymptotic" : "beta-binomial"})`,
  };
}

function quantileLevel(
  measure: QuantileMeasure,
  observation: Sample | ScoredRows,
  confidence: number,
  { live }: Context,
): Estimate | NoAnswer {
  if (observation.kind === "sample") return sampleLevel(observation.values, measure.quantile, confidence, live);
  const challenger = measure.party !== "champion";
  const values =
    measure.column === "score"
      ? challenger
        ? observation.challenger
        : observation.champion
      : challenger
        ? observation.challengerLatency
        : observation.championLatency;
  if (values === undefined) return { reason: "no_data", detail: `the rows carry no ${measure.column} of this version` };
  return sampleLevel(values, measure.quantile, confidence, live);
}

function pairsLevel(
  name: "match_coverage" | "flip_rate",
  { expected, matched, flips }: Pairs,
  confidence: number | undefined,
  { live }: Context,
): Estimate | NoAnswer {
  if (![expected, matched, flips].every((one) => Number.isFinite(one))) {
    return { reason: "undefined_value", detail: "the counts of pairs are no finite numbers" };
  }
  if (matched < 0 || flips < 0 || flips > matched) {
    return { reason: "schema_mismatch", detail: `${flips} flips are counted among ${matched} pairs` };
  }
  const trials = name === "match_coverage" ? expected : matched;
  const events = Math.min(trials, name === "match_coverage" ? matched : flips);
  if (!(trials > 0)) {
    const detail = name === "match_coverage" ? "no pair is expected" : "no pair was matched";
    return { reason: "no_data", detail, n: 0 };
  }
  const value = events / trials;
  const values = { expected, matched, flips };
  if (confidence === undefined) {
    return { value, low: value, high: value, n: trials, noun: "pairs", method: "point estimate", values };
  }
  const bounds =
    live === undefined
      ? wilson(events, trials, confidence)
      : together(
          rateSequences({ events: Math.round(events), trials: Math.round(trials) }, 1 - confidence, live.planned),
        );
  const method = live === undefined ? "wilson" : "confidence sequence";
  return { value, ...bounds, level: confidence, n: trials, noun: "pairs", method, values };
}

/** A number that the source computed over all rows of a window, or that the evaluate step reported. */
function valueLevel(measure: Measure, observation: Value, confidence: number | undefined): Estimate | NoAnswer {
  const { value, n, events, standardError } = observation;
  const counts = measure.kind === "data" && measure.name === "rows";
  if (n === 0 && !counts) return { reason: "no_data", detail: "there are no rows", n };
  if (!Number.isFinite(value)) return { reason: "undefined_value", detail: "it is not a finite number", n };
  const noun = "rows";
  if (confidence === undefined || counts) {
    return { value, low: value, high: value, n, noun, method: measure.kind === "data" ? "all rows" : "as reported" };
  }
  if (events !== undefined)
    return { value, ...wilson(events, n, confidence), level: confidence, n, noun, method: "wilson" };
  const known = standardError !== undefined && Number.isFinite(standardError) && standardError >= 0;
  const half = known ? normalQuantile(confidence) * standardError : Number.POSITIVE_INFINITY;
  return {
    value,
    low: value - half,
    high: value + half,
    level: confidence,
    n,
    noun,
    method: known ? "normal" : "no standard error given",
  };
}

/** The estimate in words, with the bound that faces the limit. */
function stated(estimate: Estimate, measure: Measure, limit?: number): string {
  const style = styleOf(measure);
  const { value, low, high, level, n, noun } = estimate;
  const value_ = style.value(value);
  const size = noun === "rows" || noun === "values" ? `n = ${count(n)}` : `${count(n)} ${noun}`;
  if (level === undefined) {
    const own = measure.kind === "data" && measure.name === "rows";
    return own ? value_ : `${value_} (${size})`;
  }
  const end = (word: string, bound: number) =>
    Number.isFinite(bound) ? `${level * 100} % ${word} bound ${style.value(bound)}` : `no ${word} bound`;
  const bounds =
    limit === undefined
      ? `${end("lower", low)}, ${end("upper", high)}`
      : value >= limit
        ? end("lower", low)
        : end("upper", high);
  return `${value_} (${bounds}, ${size})`;
}

function evidence(estimate: Estimate, measure: Measure) {
  const { value, low, high, level, n, method, values } = estimate;
  return {
    estimate: value,
    unit: measure.unit,
    n,
    ...(method === undefined ? {} : { method }),
    ...(values === undefined ? {} : { values }),
    ...recorded(low, high, level),
  };
}

function flipOf(truth: boolean | undefined, estimate: Estimate, limit: number, measure: Measure): { flip?: string } {
  const style = styleOf(measure);
  const { value, low, high, n, noun } = estimate;
  if (truth === undefined) {
    const needed = deciding(n, value, low, high, limit);
    const flip =
      needed === undefined
        ? `The estimate stands too near ${style.value(limit)} for any number of ${noun} to be named.`
        : `About ${count(needed)} ${noun} would decide if the estimate stayed.`;
    return { flip };
  }
  const nearest = Math.abs(low - limit) < Math.abs(high - limit) ? low : high;
  const distance = Math.abs(nearest - limit);
  if (!Number.isFinite(distance)) return {};
  const what = estimate.level === undefined ? "A value" : "A bound";
  return { flip: `${what} ${style.change(distance)} ${nearest >= limit ? "lower" : "higher"} would reach the limit.` };
}
