import type { Monitor } from "../../compiler/plan/monitor.ts";
import type { Instant } from "../clock/clock.ts";
import type { BreakerState } from "./state.ts";

/** Longest time that a breaker stays open: seven days. */
const LONGEST = 7 * 24 * 60 * 60 * 1000;

/** The breaker after a run that broke or was rolled back. A rollback opens it at once; while it is half-open any failure opens it again for twice as long. */
export function afterFailure(
  monitor: Monitor,
  state: BreakerState,
  failure: { readonly at: Instant; readonly rolledBack: boolean },
): BreakerState {
  const failures = state.failures + 1;
  const halfOpen = state.openUntil !== null;
  if (!halfOpen && !failure.rolledBack && failures < monitor.breaker.failures) return { ...state, failures };
  const first = monitor.breaker.opensFor;
  const length = halfOpen ? Math.max(first, Math.min(LONGEST, state.length * 2)) : first;
  return { failures, openedAt: failure.at, openUntil: failure.at + length, length };
}

/** The breaker after a run that ended well, or after a person resumed. */
export function closedBreaker(): BreakerState {
  return { failures: 0, openedAt: null, openUntil: null, length: 0 };
}
