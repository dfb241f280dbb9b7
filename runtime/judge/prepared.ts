import type { Metric } from "../stats/metric.ts";
import type { ScoredRows } from "./observation.ts";

/** Metrics prepared on rows that have passed every check: one a party asked for, in the order asked. */
export interface Prepared {
  readonly metrics: readonly Metric[];
  readonly rows: ScoredRows;
  readonly n: number;
  readonly positives: number;
  readonly negatives: number;
  /** The column whose values are resampled together where the policy names none: the queries of a ranking. */
  readonly together?: string;
}
