import { z } from "zod";
import { Better, Milliseconds, Unit } from "./common.ts";

/** Whose number is meant. `baseline` is the value to which decay is compared (docs/semantics: what the serving version did on the rows it was promoted on, later rebased on live rows). */
export const Party = z.enum(["challenger", "champion", "baseline"]);
export type Party = z.infer<typeof Party>;

const common = { unit: Unit, better: Better };

/** Ends between which a number from outside lies, both included, in the measure's unit; beyond them it is no value and no answer. */
const reported = { low: z.number().optional(), high: z.number().optional() };

/** A metric computed by the runtime from rows of (label, score, decision): offline from the predictions file, for decay and rollback from the prediction log joined with mature labels. */
export const PredictionMeasure = z.strictObject({
  kind: z.literal("prediction"),
  /** Built-in metric: `auc`, `accuracy`, `log_loss`, `calibration_error`, ... */
  metric: z.string(),
  party: Party,
  /** Named options of the metric, for example `{ average: "macro" }`, `{ q: 0.9 }`. */
  options: z.record(z.string(), z.union([z.string(), z.number()])),
  ...common,
});

/** A number that the evaluate step reported in its metrics file. */
export const EvaluationMeasure = z.strictObject({
  kind: z.literal("evaluation"),
  key: z.string(),
  party: Party,
  ...reported,
  ...common,
});

/** A rate of live requests of one version, counted where they are served: `error_rate`. */
export const LiveRateMeasure = z.strictObject({
  kind: z.literal("live_rate"),
  name: z.literal("error_rate"),
  party: Party,
  ...common,
});

/** A quantile of a column of one version: `quantile(challenger.latency, 99%)`. Column `latency` counts in milliseconds. */
export const QuantileMeasure = z.strictObject({
  kind: z.literal("quantile"),
  column: z.enum(["latency", "score"]),
  party: Party,
  /** Exclusive 0 to 1: 0.99 for p99. */
  quantile: z.number().gt(0).lt(1),
  ...common,
});

/** A number about pairs of answers to the same request: `match_coverage`, `flip_rate`. */
export const PairsMeasure = z.strictObject({
  kind: z.literal("pairs"),
  name: z.enum(["match_coverage", "flip_rate"]),
  options: z.record(z.string(), z.union([z.string(), z.number()])),
  ...common,
});

/** A number about the current window of a dataset: `rows`, `freshness`, `null_rate(column)`, ... */
export const DataMeasure = z.strictObject({
  kind: z.literal("data"),
  name: z.enum([
    "rows",
    "freshness",
    "null_rate",
    "distinct",
    "duplicate_rate",
    "min",
    "max",
    "mean",
    "quantile",
    "out_of_range_rate",
    "new_category_rate",
  ]),
  dataset: z.string(),
  /** Columns named in the call, in order; empty for `rows` and `freshness`. */
  columns: z.array(z.string()),
  options: z.record(z.string(), z.union([z.string(), z.number()])),
  ...common,
});

/** Effect sizes of drift, lower is better. */
const DriftFunction = z.enum([
  "psi",
  "js_distance",
  "js_divergence",
  "hellinger",
  "tvd",
  "l_infinity",
  "ks",
  "wasserstein",
  "chi_square",
  "mmd",
]);

/** A distance between the reference window and the current window of one column. */
export const DriftMeasure = z.strictObject({
  kind: z.literal("drift"),
  name: DriftFunction,
  dataset: z.string(),
  column: z.string(),
  options: z.record(z.string(), z.union([z.string(), z.number()])),
  ...common,
});

/** A distance between the scores of challenger and champion: `psi(challenger.score, champion.score)`. */
export const ScoreDriftMeasure = z.strictObject({
  kind: z.literal("score_drift"),
  name: DriftFunction,
  options: z.record(z.string(), z.union([z.string(), z.number()])),
  ...common,
});

/** The share of columns that have drifted: `share_drifted(transactions, psi > 0.25)`. A column without an answer counts as drifted and as not drifted. */
export const ShareDriftedMeasure = z.strictObject({
  kind: z.literal("share_drifted"),
  dataset: z.string(),
  columns: z.array(z.string()).min(1),
  by: DriftFunction,
  relation: z.enum([">", ">="]),
  limit: z.number(),
  ...common,
});

/** How differently the challenger treats the groups of one column, or of the combinations of several. */
export const FairnessMeasure = z.strictObject({
  kind: z.literal("fairness"),
  name: z.enum([
    "demographic_parity_difference",
    "demographic_parity_ratio",
    "equalized_odds_difference",
    "equalized_odds_ratio",
    "equal_opportunity_difference",
    "disparate_impact",
  ]),
  columns: z.array(z.string()).min(1),
  privileged: z.string().optional(),
  ...common,
});

/** What an answer of Prometheus is: two counts whose quotient is judged, a quantile judged by its bucket, or a number that is compared as it is. */
export const QueryForm = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("ratio"), over: z.string() }),
  z.strictObject({
    kind: z.literal("bucket_quantile"),
    quantile: z.number().gt(0).lt(1),
    countedBy: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal("opaque"), countedBy: z.string() }),
]);

/** A metric that Prometheus answers for one version; `$version`, `$revision` and `$window` stand in the queries as they were written. */
export const PrometheusMeasure = z.strictObject({
  kind: z.literal("prometheus"),
  name: z.string(),
  party: Party,
  query: z.string(),
  form: QueryForm,
  freshWithin: Milliseconds,
  ...reported,
  ...common,
});

/** A metric that the registry keeps beside a version. */
export const RegistryMeasure = z.strictObject({
  kind: z.literal("registry"),
  key: z.string(),
  party: Party,
  ...reported,
  ...common,
});

/** What a condition measures. Named in the published schema, where many places refer to it. */
export const Measure = z
  .discriminatedUnion("kind", [
    PredictionMeasure,
    EvaluationMeasure,
    LiveRateMeasure,
    QuantileMeasure,
    PairsMeasure,
    DataMeasure,
    DriftMeasure,
    ScoreDriftMeasure,
    ShareDriftedMeasure,
    FairnessMeasure,
    PrometheusMeasure,
    RegistryMeasure,
  ])
  .meta({ id: "Measure" });
export type Measure = z.infer<typeof Measure>;
export type PrometheusMeasure = z.infer<typeof PrometheusMeasure>;
export type EvaluationMeasure = z.infer<typeof EvaluationMeasure>;
export type PredictionMeasure = z.infer<typeof PredictionMeasure>;
export type QuantileMeasure = z.infer<typeof QuantileMeasure>;
export type PairsMeasure = z.infer<typeof PairsMeasure>;
export type LiveRateMeasure = z.infer<typeof LiveRateMeasure>;
export type DataMeasure = z.infer<typeof DataMeasure>;
export type DriftMeasure = z.infer<typeof DriftMeasure>;
export type ScoreDriftMeasure = z.infer<typeof ScoreDriftMeasure>;
export type ShareDriftedMeasure = z.infer<typeof ShareDriftedMeasure>;
export type FairnessMeasure = z.infer<typeof FairnessMeasure>;
