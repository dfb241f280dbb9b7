import type { Measure } from "../../compiler/plan/measure.ts";
import type { NoAnswer } from "./answer.ts";
import type { Observation } from "./observation.ts";

/**
 * A number from outside that lies beyond the ends of its metric: a percentage where a ratio is declared, a duration in another unit. However well it would
 * compare, it is no value of this metric.
 */
export function outOfRange(measure: Measure, observation: Observation): NoAnswer | undefined {
  if (measure.kind !== "evaluation" && measure.kind !== "prometheus" && measure.kind !== "registry") return undefined;
  const { low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY } = measure;
  const beyond = numbersOf(observation).find((value) => value < low || value > high);
  if (beyond === undefined) return undefined;
  const ends =
    Number.isFinite(low) && Number.isFinite(high)
      ? `${low} to ${high}`
      : Number.isFinite(low)
        ? `${low} and above`
        : `up to ${high}`;
  return { reason: "schema_mismatch", detail: `${beyond} lies outside of the metric's range (${ends})` };
}

function numbersOf(observation: Observation): readonly number[] {
  switch (observation.kind) {
    case "value":
      return [observation.value];
    case "values":
      return [observation.challenger.value, observation.champion.value];
    case "change":
      return [observation.now.value, observation.baseline.value];
    default:
      return [];
  }
}
