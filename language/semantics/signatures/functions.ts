import type { Better, DataFunction, DriftFunction, FairnessFunction, PairsMeasure, Unit } from "../checked/measure.ts";
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
  mmd: { low: 0, types: numeric },
};

export const pairFunctions: Readonly<Record<PairsMeasure["name"], Better>> = {
  match_coverage: "higher",
  flip_rate: "lower",
};

/** What a fairness function is: the rates of a decision in several groups, compared. */
export interface FairnessSignature {
  readonly unit: Unit;
  readonly better: Better;
  readonly high?: number;
  /** Rates that are compared: of all rows, of the positives, or of positives and negatives. */
  readonly rate: "selection" | "recall" | "odds";
  /** How it is written, for messages. */
  readonly example: string;
}

const difference = { unit: "points", better: "lower", high: 1 } as const;
const quotient = { unit: "number", better: "two-sided" } as const;

export const fairnessFunctions: Readonly<Record<FairnessFunction, FairnessSignature>> = {
  demographic_parity_difference: {
    ...difference,
    rate: "selection",
    example: "demographic_parity_difference(age_band) <= 5pp",
  },
  demographic_parity_ratio: {
    ...quotient,
    rate: "selection",
    example: "demographic_parity_ratio(age_band) in 0.8..1.25",
  },
  equalized_odds_difference: { ...difference, rate: "odds", example: "equalized_odds_difference(age_band) <= 5pp" },
  equalized_odds_ratio: { ...quotient, rate: "odds", example: "equalized_odds_ratio(age_band) in 0.8..1.25" },
  equal_opportunity_difference: {
    ...difference,
    rate: "recall",
    example: "equal_opportunity_difference(age_band) <= 5pp",
  },
  disparate_impact: {
    ...quotient,
    rate: "selection",
    example: 'disparate_impact(age_band, privileged: "30-50") in 0.8..1.25',
  },
};

/** Further functions: they have rooms of their own. */
export const otherFunctions = ["share_drifted"] as const;
