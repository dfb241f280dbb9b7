import type { Instant } from "../clock/clock.ts";
import type { Reason } from "../judge/finding.ts";
import type { Truth } from "./streak.ts";

/** What measuring a cause's condition gave. */
export interface Answer {
  readonly truth: Truth;
  /** Why there is no answer; given when `truth` is unknown. */
  readonly reason?: Reason;
  /** The measured value, in the unit of the cause's test. Hysteresis needs it. */
  readonly value?: number;
  /** One plain sentence with the numbers, without a full stop. */
  readonly sentence: string;
}

/** One run of the policy, as far as it has come. */
export interface RunFact {
  readonly run: string;
  /** Key of the firing that started it; absent for a run by hand. */
  readonly key?: string;
  readonly startedAt: Instant;
  /** When it reached `train`: counted by the budget. */
  readonly trainedAt?: Instant;
  /** Declared gpu times wall time of its steps, hours. */
  readonly gpuHours?: number;
  readonly promotedAt?: Instant;
  readonly rolledBackAt?: Instant;
  readonly endedAt?: Instant;
  /** How it ended. `registered`: a policy without `rollout`. `duplicate` runs count as nothing, `cancelled` ones only give their causes back. */
  readonly outcome?:
    | "promoted"
    | "registered"
    | "refused"
    | "validation_stopped"
    | "failed"
    | "rolled_back"
    | "rollback_failed"
    | "aborted"
    | "cancelled"
    | "duplicate";
  /** Row-set hash of its snapshot; read after a validation stop. */
  readonly rowSet?: string;
}

/** An event told from outside. */
interface EventFact {
  readonly event: string;
  /** Identity of this telling. */
  readonly id: string;
  readonly at: Instant;
}

/** A freeze set by hand; those of the policy are in the monitor. */
export interface FreezeFact {
  readonly scope: "rollout" | "all";
  readonly from: Instant;
  /** Exclusive. */
  readonly until: Instant;
  readonly because: string;
}

export interface TickInput {
  readonly now: Instant;
  /** By cause id, for the causes that `dueConditions` names; one that is left out counts as unknown (no_data). */
  readonly answers: Readonly<Record<string, Answer>>;
  /** All runs that are running, ended, or reached train within the longest of budget window, cooldowns and seven days. */
  readonly runs: readonly RunFact[];
  /** The run that holds the lease, from its start to the end of its watch. */
  readonly running?: { readonly run: string; readonly rolloutBegan: boolean };
  readonly events?: readonly EventFact[];
  readonly freezes?: readonly FreezeFact[];
  /** When a person last resumed the policy's triggers. */
  readonly resumedAt?: Instant;
  /** When the review of a policy of risk high is overdue: no run starts from then on. */
  readonly reviewOverdueAt?: Instant;
  /** Row-set hash of the data as they are now; needed when `awaitsRowSet` says so. */
  readonly rowSet?: string;
  /** Worst case of the next run: declared gpu times time limits with retries, hours. */
  readonly gpuHoursOfNextRun?: number;
}
