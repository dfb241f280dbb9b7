import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import { diagnostic } from "../../language/diagnostics/report.ts";
import type { CheckedTest } from "../../language/semantics/checked/condition.ts";
import type { CheckedPolicy } from "../../language/semantics/checked/policy.ts";
import type { CheckedSingleCause } from "../../language/semantics/checked/trigger.ts";
import type { Bindings } from "../plan/bindings.ts";

/** Refuses each line that asks Prometheus, where the environment does not say where that is. */
export function checkMetricStore({ body, rollout }: CheckedPolicy, { metrics, environment }: Bindings): Diagnostic[] {
  if (metrics?.prometheus !== undefined) return [];
  const causes = (body?.trigger.causes ?? []).flatMap<CheckedSingleCause>((cause) =>
    cause.kind === "group" ? cause.members : [cause],
  );
  const measured = causes.filter((cause) => cause.kind === "decay" || cause.kind === "drift");
  const stages = (rollout?.stages ?? [])
    .flatMap(({ requirements }) => requirements)
    .flatMap((item) => (item.kind === "group" ? item.members : [item]));
  return [...measured, ...stages, ...(rollout?.rollbackWhen ?? [])]
    .filter(({ test }) => asksPrometheus(test))
    .map(({ text, span }) => diagnostic("config/no-prometheus", span, { text, environment }));
}

function asksPrometheus(test: CheckedTest): boolean {
  if (test.kind === "schema") return false;
  const measures = test.kind === "comparison" ? [test.left, test.right] : [test.measure];
  return measures.some(({ kind }) => kind === "prometheus");
}
