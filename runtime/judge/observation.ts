import type { Gap } from "../stats/gap.ts";
import type { Reason } from "./finding.ts";

/** Rows with a label and scores of both versions, in the same order; from the predictions file or from the log joined with labels. */
export interface ScoredRows {
  readonly kind: "rows";
  /** 0 or 1 for binary models, the number of a class for several, the value for regression. */
  readonly label: Float64Array;
  /** Score; the probability given to the row's label for several classes. */
  readonly challenger: Float64Array;
  /** Absent where there is no champion. */
  readonly champion?: Float64Array;
  /** Names of the classes that label and decisions count; models of several classes only. */
  readonly classes?: readonly string[];
  /** 0 or 1, or the number of a class, where the file carries decisions; else they follow from the score and `decides at`. */
  readonly challengerDecision?: Float64Array;
  readonly championDecision?: Float64Array;
  readonly weight?: Float64Array;
  /** Milliseconds a score, where the predictions file carries them. */
  readonly challengerLatency?: Float64Array;
  readonly championLatency?: Float64Array;
  /** Slice and cluster columns by name, as text; a missing value is the empty string. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

/** Rows of two versions that share none: each version's own live answers with their labels. Scores stand in `challenger` on both sides. */
export interface Arms {
  readonly kind: "arms";
  readonly challenger: ScoredRows | Unanswered;
  readonly champion: ScoredRows | Unanswered;
}

/** Events among trials of each version, cumulated since the stage began (or over the window asked for). For a baseline the champion's are those before the rollout. */
export interface Rates {
  readonly kind: "rates";
  readonly challenger: { readonly events: number; readonly trials: number };
  readonly champion: { readonly events: number; readonly trials: number };
  /** What a reader must know about the counts, for example that they were rounded. */
  readonly note?: string;
}

/** How many values of one version lie at or below each upper end: a histogram as metric stores keep it. */
export interface BucketCounts {
  /** Ascending, in the measure's unit; the last is infinite. */
  readonly upper: readonly number[];
  /** Whole, never falling; the last is the number of all values. */
  readonly atOrBelow: readonly number[];
}

/** Histograms of the versions that were asked for, cumulated since the stage began (or over the window asked for). */
export interface Buckets {
  readonly kind: "buckets";
  readonly challenger?: BucketCounts;
  readonly champion?: BucketCounts;
  readonly note?: string;
}

/** One number of each version, without anything that says how sure it is. */
export interface Values {
  readonly kind: "values";
  readonly challenger: Value;
  readonly champion: Value;
}

/** A plain sample, for quantiles and means; milliseconds for latency. */
export interface Sample {
  readonly kind: "sample";
  readonly values: Float64Array;
}

/** Counts of the same bins on both sides; bins fitted on the reference. */
export interface BinnedPair {
  readonly kind: "bins";
  readonly labels: readonly string[];
  readonly reference: readonly number[];
  readonly current: readonly number[];
  /** What a reader must know about the windows: a reference shorter than declared, a current window that was cut. */
  readonly note?: string;
}

/** Both cumulative distributions of a numeric column, reduced to what `ks` and `wasserstein` need. */
export interface GapPair {
  readonly kind: "gap";
  readonly gap: Gap;
  readonly note?: string;
}

/** Values of both sides, for `mmd` (at most 1,000 drawn of each) and for scores or latencies of two versions (all, in the order they came). */
export interface TwoSamples {
  readonly kind: "samples";
  readonly reference: Float64Array;
  readonly current: Float64Array;
  /** Rows of each side, drawn or not, with those that have no value. */
  readonly rows: { readonly reference: number; readonly current: number };
  readonly missing: { readonly reference: number; readonly current: number };
  readonly note?: string;
}

/** What each column says, for `share_drifted`. */
export interface Columns {
  readonly kind: "columns";
  readonly columns: readonly { readonly column: string; readonly observation: DriftObservation }[];
}

export type DriftObservation = BinnedPair | GapPair | TwoSamples | Unanswered;

/** A number that the source computed exactly: a count, a rate over all rows, a minimum. `events`/`n` are given for rates. */
export interface Value {
  readonly kind: "value";
  readonly value: number;
  readonly n: number;
  readonly events?: number;
  readonly standardError?: number;
}

/** A number about a window for each value of a column; a missing value is the empty string. */
export interface Slices {
  readonly kind: "slices";
  readonly slices: readonly { readonly slice: string; readonly observation: Value | Sample | Unanswered }[];
}

/** Pairs of answers to the same request. */
export interface Pairs {
  readonly kind: "pairs";
  /** Primary requests times the share mirrored: how many pairs there should be. */
  readonly expected: number;
  readonly matched: number;
  /** Matched pairs whose decisions differ. */
  readonly flips: number;
}

/** How a value now compares with the baseline of the serving version: each with its standard error. */
export interface Change {
  readonly kind: "change";
  readonly baseline: { readonly value: number; readonly standardError: number; readonly n: number };
  readonly now: { readonly value: number; readonly standardError: number; readonly n: number };
}

/** What differs between the declared columns and the rows; empty when they match. */
export interface SchemaDifference {
  readonly kind: "schema";
  readonly differences: readonly string[];
}

/** The source has no answer; `detail` says why in words (`file not found: data/x.parquet`). */
export interface Unanswered {
  readonly kind: "unanswered";
  readonly reason: Reason;
  readonly detail: string;
}

/** What a source says when asked for what a test measures. The judge decides from it and from nothing else. */
export type Observation =
  | ScoredRows
  | Arms
  | Rates
  | Buckets
  | Values
  | Sample
  | BinnedPair
  | GapPair
  | TwoSamples
  | Columns
  | Slices
  | Value
  | Pairs
  | Change
  | SchemaDifference
  | Unanswered;
