import type { Requirement, Test } from "../../compiler/plan/condition.ts";
import { shareMismatch } from "../stats/share.ts";
import type { Evaluation } from "./answer.ts";
import type { Context, Qualifiers } from "./context.ts";
import { evaluate, needsChampion } from "./evaluate.ts";
import type { Finding, Reason } from "./finding.ts";
import type { Observation } from "./observation.ts";
import { count } from "./quantity.ts";
import { evaluateSlices } from "./slices.ts";

/** The answer of a trigger's or a rollback's condition, three-valued, with its evidence. */
export interface Holding extends Omit<Evaluation, "truth" | "reason"> {
  readonly truth: true | false | "unknown";
  /** Present where the truth is unknown. */
  readonly reason?: Reason;
}

/**
 * Whether a condition holds: `psi(x) > 0.1`, `challenger.error_rate > 5%`, `auc drops 2pp below baseline`. A rate seen live holds or does not
 * hold once its anytime bound is beyond the limit on either side. Pure; never throws for what a source answers.
 * @param id names the condition; part of the bootstrap's seed
 */
export function holds(test: Test, observation: Observation, context: Context, id = ""): Holding {
  const { truth, ...evaluation } = evaluate(test, observation, context, { id });
  const sentence = evaluation.sentence.replace(/ is asked(?=;|$)/, " is the condition");
  return { ...evaluation, sentence, truth: truth ?? "unknown" };
}

/**
 * Judges one requirement from one observation and from nothing else: pass where its test is true, fail where it is false, inconclusive with one
 * reason where it is unknown. Without a champion, what needs one is skipped (inconclusive under `first_model refuse`). A live
 * requirement on a split that is not the declared one is inconclusive(sample_ratio_mismatch).
 */
export function judge(requirement: Requirement, observation: Observation, context: Context): Finding {
  const { id, role, text, test } = requirement;
  const head = { requirement: id, role, text };
  if (!context.champion && needsChampion(test)) {
    const verdict = context.firstModel === "refuse" ? "inconclusive" : "skipped";
    const sentence = "There is no champion yet, so that there is nothing to compare with";
    return { ...head, verdict, reason: "no_champion", sentence };
  }
  const qualifiers: Qualifiers = {
    id,
    ...(requirement.minimum === undefined ? {} : { minimum: requirement.minimum }),
    ...(requirement.clusteredBy === undefined ? {} : { clusteredBy: requirement.clusteredBy }),
    ...(requirement.pool === undefined ? {} : { pool: requirement.pool }),
    ...(requirement.exclude === undefined ? {} : { exclude: requirement.exclude }),
  };
  // Only what the model server counts tells the split: a metric store may be asked for one version alone.
  const mismatch = measuresLive(test) ? splitMismatch(observation, context) : undefined;
  if (mismatch !== undefined) {
    return { ...head, verdict: "inconclusive", reason: "sample_ratio_mismatch", sentence: mismatch };
  }
  if (requirement.forEach === undefined) {
    return { ...head, ...findingOf(evaluate(test, observation, context, qualifiers)) };
  }
  const { slices, ...whole } = evaluateSlices(requirement, requirement.forEach, observation, context, qualifiers);
  const finding = { ...head, ...findingOf(whole) };
  if (slices === undefined) return finding;
  return { ...finding, slices: slices.map(({ slice, ...one }) => ({ ...head, ...findingOf(one), slice })) };
}

function findingOf({ truth, ...evaluation }: Evaluation): Omit<Finding, "requirement" | "role" | "text" | "slices"> {
  return { ...evaluation, verdict: truth === undefined ? "inconclusive" : truth ? "pass" : "fail" };
}

function measuresLive(test: Test): boolean {
  if (test.kind === "schema") return false;
  return (test.kind === "comparison" ? test.left : test.measure).kind !== "prometheus";
}

function splitMismatch(observation: Observation, { live }: Context): string | undefined {
  if (observation.kind !== "rates" || live?.share === undefined || live.share <= 0 || live.share >= 1) return undefined;
  const { challenger, champion } = observation;
  if (![challenger.trials, champion.trials].every((trials) => Number.isFinite(trials) && trials >= 0)) return undefined;
  if (!shareMismatch(challenger.trials, champion.trials, live.share)) return undefined;
  const total = challenger.trials + champion.trials;
  const observed = Number(((challenger.trials / total) * 100).toPrecision(3));
  const declared = Number((live.share * 100).toPrecision(3));
  return `The challenger got ${observed} % of ${count(total)} requests where ${declared} % is declared, which chance does not explain`;
}
