import type { Monitor, SingleCause, Streak } from "../../compiler/plan/monitor.ts";
import type { Instant } from "../clock/clock.ts";
import type { Answer } from "./input.ts";
import { heldSentence } from "./sentence.ts";
import type { ConditionState } from "./state.ts";
import { countAnswer, holds, missingAllowed, NO_STREAK, type StreakState, type Truth } from "./streak.ts";

/** A cause whose truth is measured at a check, as opposed to one that is told by a clock or from outside. */
export function isMeasured(cause: SingleCause): boolean {
  return cause.kind === "data" || cause.kind === "drift" || cause.kind === "decay";
}

/** State of a condition that was never answered. */
export function newCondition(cause: SingleCause): ConditionState {
  return {
    cause: cause.id,
    text: cause.text,
    streak: NO_STREAK,
    active: false,
    lost: false,
    unknowns: 0,
    values: [],
    heldAt: null,
    sentence: "",
  };
}

/** Takes in the answer of one check; `skipped` is the number of checks since the last one at which nobody looked: they count as missing answers. */
export function updateCondition(
  cause: SingleCause,
  state: ConditionState,
  answer: Answer,
  check: { readonly at: Instant; readonly skipped: number; readonly monitor: Monitor },
): ConditionState {
  const { monitor, at } = check;
  const streak = streakOf(cause);
  const count = (from: ConditionState["streak"], truth: Truth, when: Instant) =>
    countAnswer(streak, from, { truth, at: when, check: monitor.check, onMissing: monitor.missing.action });
  const allowed = monitor.missing.action === "reset" ? 0 : missingAllowed(streak, monitor.check);

  let counted = state.streak;
  const gaps = Math.min(check.skipped, allowed + 1 + (streak?.kind === "of" ? streak.window : 0));
  for (let gap = gaps; gap > 0; gap -= 1) counted = count(counted, "unknown", at - gap * monitor.check);
  counted = count(counted, answer.truth, at);

  const held = holds(streak, counted);
  const missed = state.unknowns + check.skipped;
  const unknowns = answer.truth === "unknown" ? missed + 1 : 0;
  const clearing = clearingAfter(cause, state, answer, held, check);
  const cleared = clearing === undefined ? isClear(cause, answer, held) : holds(clearing.streak, clearing.state);
  const active = held || (state.active && !cleared);
  const lost = held || answer.truth === false ? false : state.lost || Math.max(missed, unknowns) > allowed;
  const values = newValues(state, answer, counted === NO_STREAK);
  return {
    cause: cause.id,
    text: cause.text,
    streak: counted,
    ...(clearing === undefined ? {} : { clearing: clearing.state }),
    active,
    lost: active && lost,
    unknowns,
    values,
    heldAt: held ? at : state.heldAt,
    sentence: held
      ? heldSentence(cause, counted.trues, values, answer.sentence)
      : active && answer.truth !== true
        ? state.sentence
        : answer.sentence,
  };
}

function streakOf(cause: SingleCause): Streak | undefined {
  return cause.kind === "drift" || cause.kind === "decay" ? cause.streak : undefined;
}

function newValues(state: ConditionState, answer: Answer, reset: boolean): readonly number[] {
  if (reset) return [];
  if (answer.truth !== true || answer.value === undefined) return state.values;
  return [...state.values, answer.value].slice(-10);
}

function isClear(cause: SingleCause, answer: Answer, held: boolean): boolean {
  return !held && answer.truth === false && clears(cause, answer.value);
}

/** `clears ... after N checks`: counts clear answers in a row as a streak counts true ones, missing answers included. */
function clearingAfter(
  cause: SingleCause,
  before: ConditionState,
  answer: Answer,
  held: boolean,
  { at, skipped, monitor }: { readonly at: Instant; readonly skipped: number; readonly monitor: Monitor },
): { readonly streak: Streak; readonly state: StreakState } | undefined {
  if (cause.kind !== "drift" || cause.clearsAfter === undefined || cause.clearsAfter < 2) return undefined;
  const streak: Streak = { kind: "checks", count: cause.clearsAfter };
  const count = (from: StreakState, truth: Truth, when: Instant) =>
    countAnswer(streak, from, { truth, at: when, check: monitor.check, onMissing: "hold" });
  let state = before.clearing ?? NO_STREAK;
  const gaps = Math.min(skipped, missingAllowed(streak, monitor.check) + 1);
  for (let gap = gaps; gap > 0; gap -= 1) state = count(state, "unknown", at - gap * monitor.check);
  const truth = answer.truth === "unknown" ? "unknown" : isClear(cause, answer, held);
  return { streak, state: count(state, truth, at) };
}

/** Whether an answer that is false also clears: between `clears` and the firing limit an open episode stays open. */
function clears(cause: SingleCause, value: number | undefined): boolean {
  if (cause.kind !== "drift" || cause.clears === undefined || value === undefined) return true;
  const test = cause.test;
  if (test.kind !== "threshold" || test.limit === cause.clears) return true;
  if (test.relation === ">" || test.relation === ">=") return value < cause.clears;
  if (test.relation === "<" || test.relation === "<=") return value > cause.clears;
  return true;
}

/** Kleene: true when at least `atLeast` are true whatever the unknown ones are, false when they cannot be. */
export function atLeastTrue(members: readonly Truth[], atLeast: number): Truth {
  const best = members.filter((member) => member !== false).length;
  const worst = members.filter((member) => member === true).length;
  if (worst >= atLeast) return true;
  return best < atLeast ? false : "unknown";
}
