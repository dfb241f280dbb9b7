import type { NotifyEvent } from "../../compiler/plan/plan.ts";
import type { Instant } from "../clock/clock.ts";
import type { Verdict } from "../judge/finding.ts";
import type { StreakState } from "../triggers/streak.ts";

/** Who answers what, as asked for. `null` stands for no version. */
export interface RouteWish {
  readonly champion: string | null;
  readonly challenger: string | null;
  /** Share of live requests that the challenger answers, 0 to 1. */
  readonly share: number;
  /** Share of live requests mirrored to the challenger, 0 to 1. */
  readonly mirror: number;
}

/** What a rollout starts from: pinned before the first change, and what a rollback goes back to. */
export interface Start {
  readonly run: string;
  readonly at: Instant;
  readonly challenger: string;
  /** Version that is champion as the run begins; null for the first model. */
  readonly champion: string | null;
  /** Revision of the route as the run finds it. */
  readonly revision: number;
  /** What the policy says about a first model; only read when there is no champion. */
  readonly firstModel:
    | { readonly kind: "absolute_gates_only" }
    | { readonly kind: "approval"; readonly approvers: string }
    | { readonly kind: "refuse" };
  /** How many smoke requests the challenger must answer before any traffic; absent where none are asked for. */
  readonly smoke?: number;
}

/** Something to be done outside, in order. `key` makes repeating it harmless. */
export type Effect = {
  readonly key: string;
  /** Failed attempts so far, and the earliest next one on the policy's clock. */
  readonly attempts: number;
  readonly notBefore: Instant;
} & (
  | {
      readonly kind: "route";
      readonly wish: RouteWish;
      /** `forward` moves towards the challenger and waits during a freeze; `back` and `settle` never wait. */
      readonly direction: "forward" | "back" | "settle";
    }
  | {
      readonly kind: "alias";
      readonly name: "champion" | "challenger";
      readonly from: string | null;
      readonly to: string | null;
      readonly direction: "forward" | "back" | "settle";
    }
  /** Requests addressed to the challenger before its first traffic. `detail`: why the newest attempt has no answer. */
  | { readonly kind: "smoke"; readonly version: string; readonly requests: number; readonly detail?: string }
  | { readonly kind: "notify"; readonly event: NotifyEvent; readonly sentence: string }
);

export type Outcome = "promoted" | "rolled_back" | "refused" | "aborted" | "rollback_failed" | "registered";

type Phase =
  /** Begun; no traffic was touched. */
  | "waiting"
  /** The route of the stage is asked for. */
  | "entering"
  /** The route is set; the observed share has not reached it. */
  | "converging"
  /** Time and evidence of the stage count. */
  | "observing"
  /** Undecided at MAX, never converged, or changed elsewhere: the share stands still for the hold time, still judged. */
  | "holding"
  /** 100 % observed; the alias is being moved. */
  | "promoting"
  /** Promoted; the watch runs. */
  | "watching"
  /** The run is over; the old champion is kept and rollback conditions are judged. */
  | "keeping"
  /** The route goes back to where it was, to be verified. */
  | "rolling_back"
  | "ended";

/** Everything about a rollout between two looks. Plain JSON; every record of a rollout carries it. */
export interface RolloutState {
  readonly schema: "retrain.rollout/1";
  readonly start: Start;
  /** Events taken in. */
  readonly sequence: number;
  readonly phase: Phase;
  /** Index into `stagesOf`. */
  readonly stage: number;
  /** The newest route known to be set by us, with its revision; before the first one it is the route as found. */
  readonly route: RouteWish;
  readonly revision: number;
  /** When the route was last set. */
  readonly routedAt: Instant | null;
  readonly enteredAt: Instant | null;
  /** The stage's time counts from here. */
  readonly convergedAt: Instant | null;
  /** Time of this stage that a freeze or a person's hold took, milliseconds: its longest time stands still meanwhile. */
  readonly pausedFor: number;
  readonly pausedSince: Instant | null;
  readonly frozenUntil: Instant | null;
  /** Who holds the rollout by hand. */
  readonly heldBy: string | null;
  readonly hold: { readonly since: Instant; readonly until: Instant; readonly reason: string } | null;
  readonly streaks: readonly { readonly id: string; readonly streak: StreakState }[];
  readonly verdict: Verdict | null;
  /** Index of the newest stage whose evidence at its end was estimated. */
  readonly forecast?: number;
  readonly approvedBy: string | null;
  readonly promotedAt: Instant | null;
  /** How often the route was found changed by somebody else. */
  readonly elsewhere: number;
  /** The smoke requests were answered as expected. */
  readonly smoked?: boolean;
  readonly rollback: {
    readonly since: Instant;
    readonly because: string;
    readonly outcome: "rolled_back" | "refused" | "aborted";
    readonly to: string | null;
    /** Whether live requests were answered by the challenger, so that the way back must be seen in the traffic. */
    readonly verify: boolean;
    /** When the route was set back. */
    readonly restoredAt: Instant | null;
  } | null;
  readonly outcome: Outcome | null;
  /** One plain sentence about how it came to the present phase. */
  readonly because: string;
  readonly effects: readonly Effect[];
  /** Sequence in the ledger of the newest command taken in. */
  readonly commands: number;
  readonly recordedAt: Instant;
}

/** Whether the run that started the rollout is over: its lease can be released; what is left (keep) is the monitor's. */
export function isRunOver(state: RolloutState): boolean {
  return state.phase === "keeping" || (state.phase === "ended" && state.effects.length === 0);
}
