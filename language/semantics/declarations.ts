import type { Dataset, Item, Metric } from "../syntax/tree.ts";
import { checkDataset, duplicate } from "./blocks/dataset.ts";
import { checkMetric } from "./blocks/metric.ts";
import type { CheckedDataset, CheckedMetric } from "./checked/policy.ts";
import type { Collector } from "./collector.ts";
import { parties } from "./operand.ts";
import { columnNames, type Scope } from "./scope.ts";
import { every } from "./statements.ts";

export function checkDatasets(nodes: readonly Dataset[], out: Collector): Map<string, CheckedDataset> {
  const datasets = new Map<string, CheckedDataset>();
  for (const node of nodes) {
    const name = node.name.text;
    const first = datasets.get(name);
    if (first !== undefined) duplicate(node.name.span, first.span, "dataset", name, out);
    else {
      if (parties.some((party) => party === name))
        out.report("name/reserved", node.name.span, { kind: "dataset", name });
      const dataset = checkDataset(node, out);
      if (dataset !== undefined) datasets.set(name, dataset);
    }
  }
  return datasets;
}

export function checkMetrics(nodes: readonly Metric[], scope: Scope): Map<string, CheckedMetric> {
  const { out } = scope;
  const metrics = new Map<string, CheckedMetric>();
  const seen = new Map<string, Metric>();
  for (const node of nodes) {
    const name = node.name.text;
    const first = seen.get(name);
    if (first !== undefined) {
      duplicate(node.name.span, first.name.span, "metric", name, out);
      continue;
    }
    seen.set(name, node);
    const metric = checkMetric(node, scope);
    // A metric that is wrong was reported: its name is known, and what uses it is not judged.
    metrics.set(
      name,
      metric ?? { name, span: node.name.span, unit: "number", better: "neither", source: { kind: "broken" } },
    );
  }
  return metrics;
}

/** The one dataset on whose held-out rows gates and stages are judged. */
export function findJudged(datasets: readonly CheckedDataset[], out: Collector): CheckedDataset | undefined {
  const [first, second] = datasets.filter((dataset) => dataset.holdout !== undefined);
  if (first !== undefined && second !== undefined) {
    out.report(
      "dataset/several-holdouts",
      second.span,
      { first: first.name, second: second.name },
      { labels: [{ span: first.span, text: "the other one" }] },
    );
  }
  return first;
}

/** A bare name must mean one thing: no metric and column of the judged dataset may be called the same. */
export function checkNames(scope: Scope, items: readonly Item[]): void {
  const { judged, metrics, out } = scope;
  for (const metric of every(items, "Metric")) {
    const name = metric.name.text;
    if (parties.some((party) => party === name))
      out.report("name/reserved", metric.name.span, { kind: "metric", name });
    if (judged !== undefined && metrics.has(name) && columnNames(judged).includes(name)) {
      out.report(
        "name/ambiguous",
        metric.name.span,
        { name, first: "a metric", second: `a column of \`${judged.name}\`` },
        { labels: [{ span: judged.span, text: "has the column" }] },
      );
    }
  }
}
