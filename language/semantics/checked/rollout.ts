import type { Span } from "../../text/source.ts";
import type { CheckedMinimum, CheckedOnInconclusive, CheckedRequirementItem, CheckedTest } from "./condition.ts";
import type { CheckedStreak } from "./trigger.ts";

/** One stage. All lengths are milliseconds; `share` is 0 to 1. */
export interface CheckedStage {
  readonly name: string;
  readonly kind: "shadow" | "live" | "approval";
  readonly share: number;
  readonly atLeast: number;
  readonly atMost: number;
  readonly minimum?: CheckedMinimum;
  readonly check: number;
  readonly requirements: readonly CheckedRequirementItem[];
  readonly onInconclusive?: CheckedOnInconclusive;
  readonly watch?: number;
  readonly keepChampion?: number;
  readonly approvers?: string;
  readonly span: Span;
}

export interface CheckedRollback {
  readonly id: string;
  readonly text: string;
  readonly span: Span;
  readonly test: CheckedTest;
  readonly over?: number;
  readonly streak?: CheckedStreak;
}

export interface CheckedRollout {
  readonly stages: readonly CheckedStage[];
  readonly rollbackWhen: readonly CheckedRollback[];
  readonly onInconclusive: CheckedOnInconclusive;
  readonly span: Span;
}
