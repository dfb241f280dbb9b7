import type { Unit } from "../../compiler/plan/common.ts";
import type { OnInconclusive } from "../../compiler/plan/condition.ts";

/** Why there is no answer. Exactly one primary reason per inconclusive finding (docs/language: verdicts). */
export type Reason =
  | "no_data"
  | "too_few_samples"
  | "stale"
  | "undefined_value"
  | "source_unavailable"
  | "source_rejected"
  | "no_champion"
  | "no_reference"
  | "labels_immature"
  | "rows_mismatch"
  | "traffic_not_converged"
  | "sample_ratio_mismatch"
  | "ci_straddles"
  | "unresolvable_at_n"
  | "baseline_zero"
  | "schema_mismatch"
  | "deadline_exceeded"
  | "cancelled";

/** Three-valued: `inconclusive` is never a pass. */
export type Verdict = "pass" | "fail" | "inconclusive";

/** An interval of an estimate in the estimate's unit. An open end is `null`: JSON has no infinity. `level` is one-sided, exclusive 0.5 to 1. */
export interface Interval {
  readonly low: number | null;
  readonly high: number | null;
  readonly level: number;
}

/** What was found for one requirement: verdict and all the evidence it rests on. Every number is finite; what is undefined is absent. */
export interface Finding {
  readonly requirement: string;
  readonly role: "require" | "advisory" | "warn";
  readonly text: string;
  /** `skipped` stands where there is no champion and the policy's first model is judged by absolute gates only: listed, never combined. */
  readonly verdict: Verdict | "skipped";
  readonly reason?: Reason | "no_champion";
  /** One plain sentence with the numbers. */
  readonly sentence: string;
  /** Point estimate in `unit`; of the improvement (positive is better) for a comparison. */
  readonly estimate?: number;
  readonly interval?: Interval;
  /** The limit or margin it is compared with, in `unit`. */
  readonly bound?: number;
  readonly unit?: Unit;
  /** Rows, requests or pairs it rests on. */
  readonly n?: number;
  /** Name of the method, for example `delong`, `wilson`, `confidence sequence (beta-binomial)`. */
  readonly method?: string;
  /** Value of each side of a comparison, and further numbers a reader needs. */
  readonly values?: Readonly<Record<string, number>>;
  /** What the two sides of a drift test looked like, bin by bin. */
  readonly bins?: readonly { readonly label: string; readonly reference: number; readonly current: number }[];
  readonly noiseBound?: number;
  readonly slices?: readonly (Finding & { readonly slice: string })[];
  /** What would flip it: smallest change or number of rows. */
  readonly flip?: string;
}

/** A decision over a program: the combination of its findings. */
export interface Decision {
  readonly program: string;
  readonly verdict: Verdict;
  readonly reason?: Reason;
  readonly sentence: string;
  readonly findings: readonly (Finding | FindingGroup)[];
  /** What the policy says happens on inconclusive; applied by whoever acts on the decision. */
  readonly onInconclusive?: OnInconclusive;
  /** The gate only observes: whatever the verdict, the run goes on. */
  readonly observeOnly?: boolean;
}

export interface FindingGroup {
  readonly group: string;
  readonly atLeast: number;
  readonly verdict: Verdict;
  readonly members: readonly Finding[];
}
