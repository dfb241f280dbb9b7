import type { Span } from "../text/source.ts";
import type { CheckedDataset, Task } from "./checked/policy.ts";
import type { Scope } from "./scope.ts";
import type { MetricSignature } from "./signatures/metrics.ts";

/** What a model predicts, from the type of its label: boolean is two classes, category several, number and integer a quantity. */
export function taskOf(judged: CheckedDataset | undefined): Task | undefined {
  const label = judged?.columns.find((column) => column.name === judged.label?.column);
  if (label === undefined) return undefined;
  const tasks = { boolean: "binary", category: "multiclass", number: "regression", integer: "regression" } as const;
  return label.type === "timestamp" || label.type === "text" ? undefined : tasks[label.type];
}

/** Whether a metric means something for what the model predicts; reports one that does not. */
export function fitsTask(span: Span, metric: string, signature: MetricSignature, scope: Scope): boolean {
  const label = scope.judged?.label;
  if (scope.task === undefined || label === undefined || signature.tasks.includes(scope.task)) return true;
  const wanted = signature.tasks.map(
    (task) => ({ binary: "two classes", multiclass: "several classes", regression: "quantities" })[task],
  );
  const type = scope.judged?.columns.find((column) => column.name === label.column)?.type ?? "text";
  scope.out.report(
    "type/needs-task",
    span,
    { metric, wanted: wanted.join(" or "), label: label.column, type },
    { labels: [{ span: label.span, text: "the label" }] },
  );
  return false;
}
