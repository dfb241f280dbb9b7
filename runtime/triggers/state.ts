import type { Instant } from "../clock/clock.ts";
import type { StreakState } from "./streak.ts";

/** What is remembered about one measured condition (a cause, or a member of a group). */
export interface ConditionState {
  readonly cause: string;
  /** Text of the cause: when a policy changes, a state whose text differs is forgotten. */
  readonly text: string;
  readonly streak: StreakState;
  /** Clear answers in a row, where the policy asks for several. */
  readonly clearing?: StreakState;
  /** Held, and not cleared since. */
  readonly active: boolean;
  /** Answers were missing for too long: the condition is not offered until it has held again. */
  readonly lost: boolean;
  /** Checks in a row without an answer. */
  readonly unknowns: number;
  /** Values of the newest true answers, oldest first, at most ten. */
  readonly values: readonly number[];
  /** When it last held; a group with `within` reads it. */
  readonly heldAt: Instant | null;
  /** Sentence of the newest answer. */
  readonly sentence: string;
}

/** The newest instant of a schedule, or event of a name, that was seen. */
export interface InstantState {
  readonly cause: string;
  readonly text: string;
  /** Local time of the schedule or id of the event. */
  readonly seen: string;
  readonly at: Instant;
  /** False for a scheduled instant that was seen too late, for one that a promotion settled, and for one that a run carried. */
  readonly counts: boolean;
}

/** A stretch in which a cause asks for a run. */
export interface Episode {
  /** Cause and the check, local time or event that opened it: the same in every life of the monitor. */
  readonly key: string;
  readonly cause: string;
  readonly text: string;
  readonly openedAt: Instant;
  /** A schedule's or an event's episode is one instant: it is over once a run has carried it. */
  readonly instant: boolean;
  readonly sentence: string;
  /** How often a run has carried it. */
  readonly attempts: number;
  /** Key of the firing whose run carries it. */
  readonly servedBy: string | null;
  /** After a validation stop: it waits until the rows are no longer those of this row-set hash. */
  readonly rowSet: string | null;
  /** Names of the reasons recorded last, so that a suppression is recorded once per change of reason. */
  readonly suppressed: string | null;
}

/** Stops runs after failures. `open` and later half-open until a run ends well. */
export interface BreakerState {
  /** Runs that broke since one ended well. */
  readonly failures: number;
  readonly openedAt: Instant | null;
  readonly openUntil: Instant | null;
  /** How long it is open this time, milliseconds. */
  readonly length: number;
}

/** Instants of the newest outcome of each kind, from which cooldowns count. */
interface LatestOutcomes {
  readonly promotion: Instant | null;
  readonly refusal: Instant | null;
  readonly failure: Instant | null;
  readonly rollback: Instant | null;
}

/** Everything the tick remembers between two ticks. Plain JSON, kept in the ledger. */
export interface MonitorState {
  readonly schema: "retrain.monitor/1";
  readonly lastTick: Instant | null;
  /** The newest check evaluated: a multiple of `check`. */
  readonly lastCheck: Instant | null;
  readonly conditions: readonly ConditionState[];
  readonly instants: readonly InstantState[];
  readonly episodes: readonly Episode[];
  /** Outcomes of runs already taken in, `RUN:WHAT`. */
  readonly handled: readonly string[];
  readonly latest: LatestOutcomes;
  readonly breaker: BreakerState;
  /** Refusals in a row. */
  readonly refusals: number;
  /** When something that holds an open episode back ends. */
  readonly wakes: readonly Instant[];
}

/** State of a monitor that has never ticked. */
export const NEW_MONITOR: MonitorState = {
  schema: "retrain.monitor/1",
  lastTick: null,
  lastCheck: null,
  conditions: [],
  instants: [],
  episodes: [],
  handled: [],
  latest: { promotion: null, refusal: null, failure: null, rollback: null },
  breaker: { failures: 0, openedAt: null, openUntil: null, length: 0 },
  refusals: 0,
  wakes: [],
};
