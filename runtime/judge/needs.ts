import type { Requirement, Test } from "../../compiler/plan/condition.ts";
import type {
  DataMeasure,
  DriftMeasure,
  FairnessMeasure,
  Measure,
  PredictionMeasure,
  PrometheusMeasure,
  QuantileMeasure,
  ShareDriftedMeasure,
} from "../../compiler/plan/measure.ts";

type EvaluationMeasure = Extract<Measure, { kind: "evaluation" }>;

/** What to ask a source for, and the kind of observation that answers. */
export type Need =
  /** Rows with labels and scores, and the columns of `groups`; `champion` when its scores must be among them. Answer: `rows`. */
  | {
      readonly kind: "rows";
      readonly measure: PredictionMeasure | FairnessMeasure;
      readonly champion: boolean;
      readonly groups: readonly string[];
    }
  /** A number of the metrics file; both sides make a `change` (champion as baseline, challenger as now). Answer: `value` or `change`. */
  | { readonly kind: "reported"; readonly left: EvaluationMeasure; readonly right?: EvaluationMeasure }
  /** Events among requests of both versions since the stage began. Answer: `rates`. */
  | { readonly kind: "rates" }
  /** Values of one version in the order they came, of both for a comparison. Answer: `sample` or `samples`, or `rows` that carry them. */
  | { readonly kind: "sample"; readonly measure: QuantileMeasure; readonly both?: true }
  /** Answer: `pairs`; for `flip_rate` also `rows` with both scores. */
  | { readonly kind: "pairs" }
  /** Answer: `value` (or `sample` for a quantile). */
  | { readonly kind: "data"; readonly measure: DataMeasure }
  /** Answer: `bins`; `gap` for `ks` and `wasserstein`, `samples` for `mmd`. */
  | { readonly kind: "drift"; readonly measure: DriftMeasure }
  /** Answer: `columns`, each as for `drift`. */
  | { readonly kind: "columns"; readonly measure: ShareDriftedMeasure }
  /** Scores of both versions. Answer: `rows` with both, or `samples` in the order they came, the champion's as the reference. */
  | { readonly kind: "scores"; readonly groups: readonly string[] }
  /**
   * The measure now and at the baseline. Answer: `change` for metrics of labels, each with its standard error (`measured` makes them from rows);
   * for live rates `rates`, for quantiles `samples`, the baseline as the champion.
   */
  | { readonly kind: "change"; readonly measure: Measure; readonly groups: readonly string[] }
  /** A metric of Prometheus of one version, or of both for a comparison. Answer: `rates`, `buckets`, `value` or `values`, by the form of its query. */
  | { readonly kind: "metric"; readonly measure: PrometheusMeasure; readonly other?: PrometheusMeasure }
  /** Nothing answers it: the judge says so by itself. */
  | { readonly kind: "unsupported"; readonly measure: Measure }
  /** Answer: `schema`. */
  | { readonly kind: "schema"; readonly dataset: string };

/** Slice, cluster and group columns that rows must carry for a requirement. */
export function columnsOf({
  test,
  forEach,
  clusteredBy,
}: Pick<Requirement, "test" | "forEach" | "clusteredBy">): string[] {
  const measures = test.kind === "schema" ? [] : test.kind === "comparison" ? [test.left, test.right] : [test.measure];
  const own = measures.flatMap((measure) => {
    if (measure.kind === "fairness") return measure.columns;
    const group = measure.kind === "prediction" ? measure.options["group"] : undefined;
    return group === undefined ? [] : [String(group)];
  });
  return [...new Set([...[forEach, clusteredBy].filter((column) => column !== undefined), ...own])];
}

/** What a requirement must be told. Give the answer to `judge`, or an `unanswered` observation. */
export function needs(requirement: Pick<Requirement, "test" | "forEach" | "clusteredBy">): Need {
  return testNeeds(requirement.test, columnsOf(requirement));
}

/** What a condition of a trigger or a rollback must be told. Give the answer to `holds`. */
export function testNeeds(test: Test, groups: readonly string[] = []): Need {
  switch (test.kind) {
    case "schema":
      return { kind: "schema", dataset: test.dataset };
    case "change":
      return { kind: "change", measure: test.measure, groups };
    case "threshold":
    case "range":
      return measureNeeds(test.measure, groups);
    case "comparison": {
      const { left, right } = test;
      if ([left, right].some((side) => "party" in side && side.party === "baseline"))
        return { kind: "change", measure: left, groups };
      if (left.kind === "evaluation" && right.kind === "evaluation") return { kind: "reported", left, right };
      if (left.kind === "prometheus" && right.kind === "prometheus")
        return { kind: "metric", measure: left, other: right };
      const one = measureNeeds(left, groups);
      if (one.kind === "sample") return { ...one, both: true };
      return one.kind === "rows" ? { ...one, champion: true } : one;
    }
  }
}

function measureNeeds(measure: Measure, groups: readonly string[]): Need {
  switch (measure.kind) {
    case "prediction":
      return { kind: "rows", measure, champion: measure.party === "champion", groups };
    case "evaluation":
      return { kind: "reported", left: measure };
    case "live_rate":
      return { kind: "rates" };
    case "quantile":
      return { kind: "sample", measure };
    case "pairs":
      return { kind: "pairs" };
    case "data":
      return { kind: "data", measure };
    case "drift":
      return { kind: "drift", measure };
    case "share_drifted":
      return { kind: "columns", measure };
    case "score_drift":
      return { kind: "scores", groups };
    case "fairness":
      return { kind: "rows", measure, champion: false, groups };
    case "prometheus":
      return { kind: "metric", measure };
    case "registry":
      return { kind: "unsupported", measure };
  }
}
