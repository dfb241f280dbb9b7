/** What a quantity counts in. `ratio` is a part of one, `points` a difference of ratios (0.01 = 1pp), `duration` milliseconds, `size` bytes, `rate` events a second. */
export type Unit = "ratio" | "points" | "number" | "duration" | "count" | "size" | "rate";

export type Better = "higher" | "lower" | "neither" | "two-sided";

/** Whose number is meant. */
export type Party = "challenger" | "champion" | "baseline";

export type Options = Readonly<Record<string, string | number>>;

interface Common {
  readonly unit: Unit;
  readonly better: Better;
}

/** Computed by the runtime from rows of (label, score, decision). */
interface PredictionMeasure extends Common {
  readonly kind: "prediction";
  readonly metric: string;
  readonly party: Party;
  readonly options: Options;
}

/** A number from outside: what lies beyond `low` and `high`, in its own unit, is no value of it. */
interface Reported extends Common {
  readonly low?: number;
  readonly high?: number;
}

/** A number that the evaluate step reported. */
interface EvaluationMeasure extends Reported {
  readonly kind: "evaluation";
  readonly key: string;
  readonly party: Party;
}

/** A rate of live requests of one version. */
interface LiveRateMeasure extends Common {
  readonly kind: "live_rate";
  readonly name: "error_rate";
  readonly party: Party;
}

/** A quantile of `latency` (milliseconds) or `score` of one version. */
interface QuantileMeasure extends Common {
  readonly kind: "quantile";
  readonly column: "latency" | "score";
  readonly party: Party;
  /** Exclusive 0 to 1. */
  readonly quantile: number;
}

/** A number about pairs of answers to the same request. */
export interface PairsMeasure extends Common {
  readonly kind: "pairs";
  readonly name: "match_coverage" | "flip_rate";
  readonly options: Options;
}

/** A number about the current window of a dataset. */
interface DataMeasure extends Common {
  readonly kind: "data";
  readonly name: DataFunction;
  readonly dataset: string;
  readonly columns: readonly string[];
  readonly options: Options;
}

export type DataFunction =
  | "rows"
  | "freshness"
  | "null_rate"
  | "distinct"
  | "duplicate_rate"
  | "min"
  | "max"
  | "mean"
  | "quantile"
  | "out_of_range_rate"
  | "new_category_rate";

/** A distance between the reference window and the current window of one column. */
interface DriftMeasure extends Common {
  readonly kind: "drift";
  readonly name: DriftFunction;
  readonly dataset: string;
  readonly column: string;
  readonly options: Options;
}

export type DriftFunction =
  | "psi"
  | "js_distance"
  | "js_divergence"
  | "hellinger"
  | "tvd"
  | "l_infinity"
  | "ks"
  | "wasserstein"
  | "chi_square"
  | "mmd";

/** A distance between the scores of challenger and champion. */
interface ScoreDriftMeasure extends Common {
  readonly kind: "score_drift";
  readonly name: DriftFunction;
  readonly options: Options;
}

/** The share of a dataset's columns that have drifted by another function. */
interface ShareDriftedMeasure extends Common {
  readonly kind: "share_drifted";
  readonly dataset: string;
  /** Columns that are looked at: all but time, key, label and text columns. */
  readonly columns: readonly string[];
  readonly by: DriftFunction;
  readonly relation: ">" | ">=";
  readonly limit: number;
}

export type FairnessFunction =
  | "demographic_parity_difference"
  | "demographic_parity_ratio"
  | "equalized_odds_difference"
  | "equalized_odds_ratio"
  | "equal_opportunity_difference"
  | "disparate_impact";

/** How differently the challenger treats the groups of a column. */
interface FairnessMeasure extends Common {
  readonly kind: "fairness";
  readonly name: FairnessFunction;
  /** One column, or several whose combinations are the groups. */
  readonly columns: readonly string[];
  /** The group that the others are compared with; only `disparate_impact` has one. */
  readonly privileged?: string;
}

/**
 * What a query is worth: `ratio` divides two counts, `bucket_quantile` is `histogram_quantile(q, ...)` judged by the bucket,
 * `opaque` is any other single number, which is compared as it is.
 */
export type QueryForm =
  | { readonly kind: "ratio"; readonly over: string }
  | { readonly kind: "bucket_quantile"; readonly quantile: number; readonly countedBy?: string }
  | { readonly kind: "opaque"; readonly countedBy: string };

/** A metric that Prometheus answers for one version. */
interface PrometheusMeasure extends Reported {
  readonly kind: "prometheus";
  readonly name: string;
  readonly party: Party;
  readonly query: string;
  readonly form: QueryForm;
  /** Oldest answer that counts, milliseconds. */
  readonly freshWithin: number;
}

/** A metric that the registry keeps beside a version. */
interface RegistryMeasure extends Reported {
  readonly kind: "registry";
  readonly key: string;
  readonly party: Party;
}

/** What a condition measures, resolved. */
export type Measure =
  | PredictionMeasure
  | EvaluationMeasure
  | LiveRateMeasure
  | QuantileMeasure
  | PairsMeasure
  | DataMeasure
  | DriftMeasure
  | ScoreDriftMeasure
  | ShareDriftedMeasure
  | FairnessMeasure
  | PrometheusMeasure
  | RegistryMeasure;
