import type { ThresholdTest } from "../../compiler/plan/condition.ts";
import type { ScoreDriftMeasure } from "../../compiler/plan/measure.ts";
import { binLabels, countBins, decileEdges } from "../stats/bins.ts";
import { gapOf } from "../stats/gap.ts";
import { mostRows } from "../stats/mmd.ts";
import { below, type Seed, xoshiro128 } from "../stats/random.ts";
import { type Evaluation, isNoAnswer, type NoAnswer, unknown } from "./answer.ts";
import type { Context, Qualifiers } from "./context.ts";
import { type Distance, distanceOf, fewestForDrift } from "./distance.ts";
import { driftAlpha, driftEvaluation } from "./drift.ts";
import type { DriftObservation, Observation } from "./observation.ts";
import { nameOf } from "./quantity.ts";
import { seedOf } from "./seed.ts";

/** Scores of both versions: the champion's are the reference. */
interface Scores {
  readonly reference: Float64Array;
  readonly current: Float64Array;
}

/**
 * `psi(challenger.score, champion.score) <= 0.1`, judged as drift of a column is, with the champion's scores as the reference: bins are its deciles.
 * On the same rows scores go together, so that the noise bound of independent samples is one from above. Where looks are repeated, look k
 * is taken once the smaller side has doubled k - 1 times since 200 scores, on the first scores of each side up to there, at alpha/(k (k + 1)).
 */
export function scoreDrifted(
  test: Omit<ThresholdTest, "measure"> & { readonly measure: ScoreDriftMeasure },
  observation: Observation,
  context: Context,
  qualifiers: Qualifiers,
  slice: string,
): Evaluation {
  const name = nameOf(test.measure);
  const scores = scoresOf(observation);
  if (isNoAnswer(scores)) return unknown(name, scores);
  const smaller = Math.min(scores.reference.length, scores.current.length);
  const look = Math.floor(Math.log2(Math.max(1, smaller / fewestForDrift))) + 1;
  const alpha = context.live === undefined ? driftAlpha : driftAlpha / (look * (look + 1));
  const used = context.live === undefined || smaller < fewestForDrift ? undefined : fewestForDrift * 2 ** (look - 1);
  const seed = seedOf(context, qualifiers, slice);
  const distance = distanceOfScores(
    test.measure,
    { reference: scores.reference.slice(0, used), current: scores.current.slice(0, used) },
    1 - alpha,
    seed,
  );
  return isNoAnswer(distance) ? unknown(name, distance) : driftEvaluation(test, distance, alpha);
}

function scoresOf(observation: Observation): Scores | NoAnswer {
  switch (observation.kind) {
    case "unanswered":
      return observation;
    case "rows":
      if (observation.champion === undefined)
        return { reason: "no_champion", detail: "the rows carry no scores of a champion" };
      return finite({ reference: observation.champion, current: observation.challenger });
    case "samples":
      return finite(observation);
    default:
      return { reason: "schema_mismatch", detail: `an observation of kind "${observation.kind}" does not answer it` };
  }
}

function finite(scores: Scores): Scores | NoAnswer {
  const whole = [scores.reference, scores.current].every((side) => side.every((score) => Number.isFinite(score)));
  return whole ? scores : { reason: "undefined_value", detail: "a score is not a finite number" };
}

function distanceOfScores(
  measure: ScoreDriftMeasure,
  { reference, current }: Scores,
  level: number,
  seed: Seed,
): Distance | NoAnswer {
  const rows = { reference: reference.length, current: current.length };
  const missing = { reference: 0, current: 0 };
  let observation: Exclude<DriftObservation, { kind: "unanswered" }>;
  if (measure.name === "ks" || measure.name === "wasserstein") {
    observation = { kind: "gap", gap: gapOf(reference, current) };
  } else if (measure.name === "mmd") {
    const next = xoshiro128(seed);
    const drawn = { reference: drawOf(reference, next), current: drawOf(current, next) };
    observation = { kind: "samples", ...drawn, rows, missing };
  } else {
    const edges = decileEdges(reference);
    const counts = { reference: countBins(reference, edges), current: countBins(current, edges) };
    observation = { kind: "bins", labels: binLabels(edges), ...counts };
  }
  return distanceOf(measure, observation, { level, seed });
}

/** At most 1,000 values without repetition, by the first steps of a shuffle. */
function drawOf(values: Float64Array, next: () => number): Float64Array {
  if (values.length <= mostRows) return values;
  const shuffled = values.slice().sort();
  for (let at = 0; at < mostRows; at++) {
    const other = at + below(next, shuffled.length - at);
    const kept = shuffled[at] as number;
    shuffled[at] = shuffled[other] as number;
    shuffled[other] = kept;
  }
  return shuffled.slice(0, mostRows);
}
