import type { Test, ThresholdTest } from "../../compiler/plan/condition.ts";
import type { Measure } from "../../compiler/plan/measure.ts";
import { type Evaluation, unknown } from "./answer.ts";
import { changed } from "./change.ts";
import { compared } from "./comparison.ts";
import type { Context, Qualifiers } from "./context.ts";
import { drifted } from "./drift.ts";
import type { Observation } from "./observation.ts";
import { nameOf } from "./quantity.ts";
import { outOfRange } from "./range.ts";
import { scoreDrifted } from "./score-drift.ts";
import { shareDrifted } from "./share-drifted.ts";
import { threshold, within } from "./threshold.ts";

/** Measures that the language knows and this runtime cannot take: never an answer, whatever is observed. */
const unsupported: readonly Measure["kind"][] = ["registry"];

function measuresOf(test: Test): readonly Measure[] {
  if (test.kind === "schema") return [];
  return test.kind === "comparison" ? [test.left, test.right] : [test.measure];
}

/** The three-valued answer of any test. `judge` and `holds` read the same answer, one as a requirement and one as a condition. */
export function evaluate(
  test: Test,
  observation: Observation,
  context: Context,
  qualifiers: Qualifiers,
  slice = "",
): Evaluation {
  const unmeasured = measuresOf(test).find(({ kind }) => unsupported.includes(kind));
  if (unmeasured !== undefined) {
    const detail = "this version of the runtime has no source that measures it";
    return unknown(nameOf(unmeasured), { reason: "source_rejected", detail });
  }
  for (const measure of measuresOf(test)) {
    const beyond = outOfRange(measure, observation);
    if (beyond !== undefined) return unknown(nameOf(measure), beyond);
  }
  const evaluation = answerOf(test, observation, context, qualifiers, slice);
  const isNoted = (observation.kind === "rates" || observation.kind === "buckets") && observation.note !== undefined;
  return isNoted ? { ...evaluation, sentence: `${evaluation.sentence}; ${observation.note}` } : evaluation;
}

function answerOf(
  test: Test,
  observation: Observation,
  context: Context,
  qualifiers: Qualifiers,
  slice: string,
): Evaluation {
  switch (test.kind) {
    case "threshold":
      return thresholdOf(test, observation, context, qualifiers, slice);
    case "range":
      return within(test, observation, context, qualifiers, slice);
    case "comparison":
      return compared(test, observation, context, qualifiers, slice);
    case "change":
      return changed(test, observation, context);
    case "schema":
      return matched(test.dataset, observation);
  }
}

function thresholdOf(
  test: ThresholdTest,
  observation: Observation,
  context: Context,
  qualifiers: Qualifiers,
  slice: string,
): Evaluation {
  const { measure } = test;
  switch (measure.kind) {
    case "drift":
      return drifted({ ...test, measure }, observation, context, qualifiers, slice);
    case "score_drift":
      return scoreDrifted({ ...test, measure }, observation, context, qualifiers, slice);
    case "share_drifted":
      return shareDrifted({ ...test, measure }, observation, context, qualifiers);
    default:
      return threshold(test, observation, context, qualifiers, slice);
  }
}

function matched(dataset: string, observation: Observation): Evaluation {
  const name = `schema of ${dataset}`;
  if (observation.kind === "unanswered") return unknown(name, observation);
  if (observation.kind !== "schema") {
    return unknown(name, {
      reason: "schema_mismatch",
      detail: `an observation of kind "${observation.kind}" does not answer it`,
    });
  }
  const { differences } = observation;
  const matches = differences.length === 0;
  return {
    truth: matches,
    sentence: matches
      ? `The columns of ${dataset} are as declared`
      : `The columns of ${dataset} differ from the declared ones: ${differences.join("; ")}`,
    ...(matches ? {} : { flip: "Rows with the declared columns, types and nullability would pass." }),
  };
}

/** Whether a test cannot be answered without a version that serves already. */
export function needsChampion(test: Test): boolean {
  switch (test.kind) {
    case "comparison":
      return ofChampion(test.left) || ofChampion(test.right);
    case "threshold":
    case "range":
      return ofChampion(test.measure);
    case "change":
      return true;
    case "schema":
      return false;
  }
}

function ofChampion(measure: Measure): boolean {
  return (
    measure.kind === "pairs" || measure.kind === "score_drift" || ("party" in measure && measure.party !== "challenger")
  );
}
