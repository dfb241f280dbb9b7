import type { Streak } from "../../compiler/plan/monitor.ts";
import type { Instant } from "../clock/clock.ts";

/** Three-valued truth of a condition at one check. */
export type Truth = true | false | "unknown";

/** How far a condition is on its way to having held long enough. Plain JSON. */
export interface StreakState {
  /** True answers in a row. */
  readonly trues: number;
  /** Milliseconds between true answers in a row, gaps of more than two checks left out. */
  readonly length: number;
  /** Missing answers in a row since the newest true one. */
  readonly missing: number;
  /** `in K of N checks`: the newest N answers, oldest first; a missing one is not true. */
  readonly window: readonly boolean[];
  /** Instants of the newest true answer and of the newest answer counted. */
  readonly lastTrue: Instant | null;
  readonly counted: Instant | null;
}

export const NO_STREAK: StreakState = { trues: 0, length: 0, missing: 0, window: [], lastTrue: null, counted: null };

/** Checks in a row without an answer that a streak outlives: max(3, n), where n is the number of checks it needs. */
export function missingAllowed(streak: Streak | undefined, check: number): number {
  if (streak === undefined) return 3;
  if (streak.kind === "checks") return Math.max(3, streak.count);
  if (streak.kind === "of") return Math.max(3, streak.window);
  return Math.max(3, Math.ceil(streak.length / check));
}

/**
 * Counts one answer. True adds, false resets, a missing answer leaves a streak as it is for at most {@link missingAllowed} checks in a row
 * (or resets it, where `onMissing` says so). `at` names the check; an answer to a check already counted changes nothing.
 * A streak without a single true answer is always {@link NO_STREAK}.
 */
export function countAnswer(
  streak: Streak | undefined,
  state: StreakState,
  answer: { readonly truth: Truth; readonly at: Instant; readonly check: number; readonly onMissing: "hold" | "reset" },
): StreakState {
  const { truth, at, check } = answer;
  if (state.counted === at) return state;
  if (streak?.kind === "of") {
    const window = [...state.window, truth === true].slice(-streak.window);
    if (!window.includes(true)) return NO_STREAK;
    return { ...NO_STREAK, window, lastTrue: truth === true ? at : state.lastTrue, counted: at };
  }
  if (truth === false) return NO_STREAK;
  if (truth === "unknown") {
    if (state.trues === 0 || answer.onMissing === "reset") return NO_STREAK;
    const missing = state.missing + 1;
    return missing > missingAllowed(streak, check) ? NO_STREAK : { ...state, missing, counted: at };
  }
  const gap = state.lastTrue === null ? 0 : at - state.lastTrue;
  const length = state.length + (gap <= 2 * check ? gap : 0);
  return { trues: state.trues + 1, length, missing: 0, window: [], lastTrue: at, counted: at };
}

/** Whether the condition has held as long as the policy asks; without a streak one true answer is enough. */
export function holds(streak: Streak | undefined, state: StreakState): boolean {
  if (streak === undefined) return state.trues > 0;
  if (streak.kind === "checks") return state.trues >= streak.count;
  if (streak.kind === "of") return state.window.filter(Boolean).length >= streak.count;
  return state.trues > 0 && state.length >= streak.length;
}
