import type { Span } from "../../text/source.ts";
import type { CheckedTest } from "./condition.ts";

export type CheckedStreak =
  | { readonly kind: "checks"; readonly count: number }
  | { readonly kind: "duration"; readonly length: number }
  | { readonly kind: "of"; readonly count: number; readonly window: number };

interface Head {
  readonly id: string;
  readonly text: string;
  readonly span: Span;
}

export type CheckedSingleCause = Head &
  (
    | { readonly kind: "schedule"; readonly cron: string; readonly zone: string }
    | { readonly kind: "data"; readonly dataset: string; readonly gains: number; readonly labelled: boolean }
    | { readonly kind: "event"; readonly event: string }
    | {
        readonly kind: "drift";
        readonly test: CheckedTest;
        readonly clears?: number;
        readonly clearsAfter?: number;
        readonly streak?: CheckedStreak;
      }
    | {
        readonly kind: "decay";
        readonly dataset: string;
        readonly test: CheckedTest;
        readonly over: number;
        readonly streak?: CheckedStreak;
      }
  );

export type CheckedCause =
  | CheckedSingleCause
  | (Head & {
      readonly kind: "group";
      readonly atLeast: number;
      readonly within?: number;
      readonly members: readonly CheckedSingleCause[];
    });

/** When to retrain. All lengths are milliseconds. */
export interface CheckedTrigger {
  readonly causes: readonly CheckedCause[];
  readonly check: number;
  readonly settle: number;
  /** How late a scheduled instant may still be served. */
  readonly grace: number;
  /** How often the tick runs. */
  readonly every: number;
  readonly queue: "latest" | "skip" | "replace";
  readonly cooldown: {
    readonly promotion: number;
    readonly refusal: number;
    readonly failure: number;
    readonly rollback: number;
  };
  readonly budget?: { readonly runs?: number; readonly gpuHours?: number; readonly per: number };
  readonly breaker: { readonly failures: number; readonly opensFor: number };
  readonly missing: { readonly action: "hold" | "reset"; readonly notifyAfter: number };
}

/** Nothing moves, or nothing starts, from `from` to `until` (epoch milliseconds, `until` exclusive). */
export interface CheckedFreeze {
  readonly scope: "rollout" | "all";
  readonly from: number;
  readonly until: number;
  readonly because: string;
  readonly span: Span;
}
