import type { Better, Unit } from "../checked/measure.ts";
import type { Task } from "../checked/policy.ts";

/** What a metric of scored rows is. `low` and `high` are the ends of its range, inclusive; absent where there is none. */
export interface MetricSignature {
  readonly unit: Unit;
  readonly better: Better;
  readonly low?: number;
  readonly high?: number;
  readonly tasks: readonly Task[];
  /** What it divides by, where that is not all rows. */
  readonly divides?: "positives" | "negatives";
  /** A number in parentheses: `pinball(0.9)`. */
  readonly parameter?: { readonly name: string; readonly low: number; readonly high: number };
  /** Named option with its choices; needed for several classes. */
  readonly average?: readonly string[];
  /** Ranking: the rows of a query belong together, which takes a group column; `cut` metrics look at the first k rows. */
  readonly ranking?: "whole" | "cut";
}

const share = { unit: "ratio", better: "higher", low: 0, high: 1 } as const;
const error = { unit: "number", better: "lower", low: 0 } as const;
const binary = ["binary"] as const;
const classes = ["binary", "multiclass"] as const;
const regression = ["regression"] as const;

/** Metrics that need no declaration, by name. */
export const builtinMetrics: Readonly<Record<string, MetricSignature>> = {
  accuracy: { ...share, tasks: classes },
  auc: { ...share, tasks: binary },
  average_precision: { ...share, tasks: binary, divides: "positives" },
  precision: { ...share, tasks: classes, average: ["macro"] },
  recall: { ...share, tasks: classes, divides: "positives", average: ["macro"] },
  specificity: { ...share, tasks: binary, divides: "negatives" },
  f1: { ...share, tasks: classes, average: ["macro", "micro", "weighted"] },
  positive_rate: { ...share, better: "neither", tasks: binary },
  calibration_error: { unit: "points", better: "lower", low: 0, high: 1, tasks: binary },
  log_loss: { ...error, tasks: classes },
  brier: { ...error, high: 1, tasks: binary },
  mae: { ...error, tasks: regression },
  rmse: { ...error, tasks: regression },
  pinball: { ...error, tasks: regression, parameter: { name: "q", low: 0, high: 1 } },
  r2: { unit: "number", better: "higher", high: 1, tasks: regression },
  mape: { unit: "ratio", better: "lower", low: 0, tasks: regression },
  wape: { unit: "ratio", better: "lower", low: 0, tasks: regression },
  ndcg: { ...share, tasks: ["binary", "regression"], ranking: "cut" },
  map: { ...share, tasks: ["binary"], ranking: "whole" },
  recall_at: { ...share, tasks: ["binary"], ranking: "cut" },
};
