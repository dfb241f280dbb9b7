import type { Better, DataFunction, DriftFunction, PairsMeasure, Unit } from "../checked/measure.ts";
import type { ColumnType } from "../checked/policy.ts";

/** What a function over the current window of a dataset is. */
export interface DataSignature {
  readonly unit: Unit;
  readonly better: Better;
  readonly low?: number;
  readonly high?: number;
  /** How many columns it takes: none, one, or one and more. */
  readonly columns: "none" | "one" | "several";
  /** Types of column it can take; all where absent. */
  readonly types?: readonly ColumnType[];
  /** The column must declare its range, or its categories. */
  readonly needs?: "range";
  /** It takes a level between 0 and 1 after the column. */
  readonly quantile?: boolean;
  /** How it is written, for messages. */
  readonly example: string;
}

const numeric = ["number", "integer"] as const;
const rate = { unit: "ratio", better: "lower", low: 0, high: 1 } as const;
const statistic = { unit: "number", better: "neither" } as const;

export const dataFunctions: Readonly<Record<DataFunction, DataSignature>> = {
  rows: { unit: "count", better: "higher", low: 0, columns: "none", example: "rows >= 50_000" },
  freshness: { unit: "duration", better: "lower", low: 0, columns: "none", example: "freshness <= 6h" },
  null_rate: { ...rate, columns: "one", example: "null_rate(amount) <= 1%" },
  distinct: { unit: "count", better: "neither", low: 0, columns: "one", example: "distinct(country) >= 10" },
  duplicate_rate: { ...rate, columns: "several", example: "duplicate_rate(key) <= 0.01%" },
  min: { ...statistic, columns: "one", types: numeric, example: "min(amount) >= 0" },
  max: { ...statistic, columns: "one", types: numeric, example: "max(amount) <= 1_000" },
  mean: { ...statistic, columns: "one", types: numeric, example: "mean(amount) in 10..20" },
  quantile: { ...statistic, columns: "one", types: numeric, quantile: true, example: "quantile(amount, 99%) <= 1_000" },
  out_of_range_rate: {
    ...rate,
    columns: "one",
    types: numeric,
    needs: "range",
    example: "out_of_range_rate(amount) <= 0.1%",
  },
  new_category_rate: {
    ...rate,
    columns: "one",
    types: ["category", "text"],
    example: "new_category_rate(country) <= 1%",
  },
};

/** What a drift function is: an effect size, lower is better. */
export interface DriftSignature {
  readonly low: number;
  readonly high?: number;
  readonly types?: readonly ColumnType[];
}

export const driftFunctions: Readonly<Record<DriftFunction, DriftSignature>> = {
  psi: { low: 0 },
  js_distance: { low: 0, high: 1 },
  js_divergence: { low: 0, high: 1 },
  hellinger: { low: 0, high: 1 },
  tvd: { low: 0, high: 1 },
  l_infinity: { low: 0, high: 1 },
  ks: { low: 0, high: 1, types: numeric },
  wasserstein: { low: 0, types: numeric },
  chi_square: { low: 0, high: 1, types: ["category", "boolean", "text", "integer"] },
};

export const pairFunctions: Readonly<Record<PairsMeasure["name"], Better>> = {
  match_coverage: "higher",
  flip_rate: "lower",
};

/** Functions of the language that are known by name and not checked yet. */
export const laterFunctions: readonly string[] = [
  "mmd",
  "share_drifted",
  "demographic_parity_difference",
  "demographic_parity_ratio",
  "equalized_odds_difference",
  "equalized_odds_ratio",
  "equal_opportunity_difference",
  "disparate_impact",
];
