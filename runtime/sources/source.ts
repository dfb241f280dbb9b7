import type { Dataset } from "../../compiler/plan/dataset.ts";
import type { DataMeasure, DriftMeasure } from "../../compiler/plan/measure.ts";
import type { Instant } from "../clock/clock.ts";
import type {
  BinnedPair,
  GapPair,
  Sample,
  SchemaDifference,
  ScoredRows,
  Slices,
  TwoSamples,
  Unanswered,
  Value,
} from "../judge/observation.ts";

/** Half-open stretch of event time, epoch milliseconds: `start` <= time < `end`. */
export interface Window {
  readonly start: Instant;
  readonly end: Instant;
}

/** What a snapshot fixed for one dataset. */
export interface Snapshot {
  readonly dataset: string;
  /** `uri`: folder of Parquet files with only these rows. */
  readonly training: { readonly uri: string; readonly window: Window; readonly rows: number };
  readonly holdout: { readonly uri: string; readonly window: Window; readonly rows: number };
  /** Input files with size, modification time or version, in order. */
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly digest: string }[];
  /** Order-free hash (hex) of the rows, times, keys and labels, of both parts. */
  readonly rowSet: string;
  /** Newest event time whose label is mature: what `gains` counts from. */
  readonly watermark: Instant;
}

/** The values of a column that a number is asked for one by one. */
export interface Slicing {
  readonly column: string;
  /** Values with fewer rows in the window than this are one slice, `other`. */
  readonly poolUnder?: number;
  /** Values whose rows are left out. */
  readonly exclude: readonly string[];
}

/** Rows of a dataset. Rows later than `now` and labels that are not mature by `now` are never seen. Methods never reject for what a source answers: an unreadable source is an `unanswered` observation. */
export interface DataSource {
  /** Rows (with a mature label where `labelled`) newer than `since`, an event time: the watermark of the last snapshot. */
  gained(dataset: Dataset, since: Instant | undefined, labelled: boolean, now: Instant): Promise<Value | Unanswered>;
  /** `reference` is what `new_category_rate` compares with; the other functions do not read it. */
  measure(
    dataset: Dataset,
    measure: DataMeasure,
    window: Window,
    now: Instant,
    reference?: Window,
  ): Promise<Value | Sample | Unanswered>;
  /** The same for each value of a column. */
  slices(
    dataset: Dataset,
    measure: DataMeasure,
    by: Slicing,
    window: Window,
    now: Instant,
    reference?: Window,
  ): Promise<Slices | Unanswered>;
  /** Reference and current counts of one column; numeric bins are ten reference quantiles, missing values a bin of their own. */
  bins(
    dataset: Dataset,
    measure: DriftMeasure,
    reference: Window,
    current: Window,
    now: Instant,
  ): Promise<BinnedPair | Unanswered>;
  /** For `ks` and `wasserstein`: both cumulative distributions of one numeric column, reduced by aggregates. */
  gap(
    dataset: Dataset,
    measure: DriftMeasure,
    reference: Window,
    current: Window,
    now: Instant,
  ): Promise<GapPair | Unanswered>;
  /** For `mmd`: at most 1,000 values of each window, the same ones each time. */
  samples(
    dataset: Dataset,
    measure: DriftMeasure,
    reference: Window,
    current: Window,
    now: Instant,
  ): Promise<TwoSamples | Unanswered>;
  schema(dataset: Dataset, window: Window, now: Instant): Promise<SchemaDifference | Unanswered>;
  /** Writes both parts below `folder` whole or not at all. */
  snapshot(dataset: Dataset, folder: string, now: Instant): Promise<Snapshot | Unanswered>;
  /**
   * Reads a predictions file (Parquet, CSV or JSON lines by its ending). `groups` are slice, cluster and query columns; `classes`: labels and
   * decisions are names of several classes, and a score, where there is one, is the probability given to the row's label.
   */
  predictions(
    uri: string,
    groups: readonly string[],
    holdout: Window,
    classes?: boolean,
  ): Promise<ScoredRows | Unanswered>;
  /** Joins a version's logged answers (from the local server's log folder) with labels mature by `now`, on the dataset's key. `groups` are slice columns of the dataset. */
  labelledLog(
    dataset: Dataset,
    log: string,
    version: string,
    window: Window,
    now: Instant,
    groups?: readonly string[],
  ): Promise<ScoredRows | Unanswered>;
  /** Scores of a version's logged answers, live and mirrored, in the order they came. */
  loggedScores(log: string, version: string, window: Window, now: Instant): Promise<Sample | Unanswered>;
}
