import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import { diagnostic } from "../../language/diagnostics/report.ts";
import type { CheckedRequirement, CheckedTest } from "../../language/semantics/checked/condition.ts";
import type { Measure } from "../../language/semantics/checked/measure.ts";
import type { CheckedPolicy } from "../../language/semantics/checked/policy.ts";
import type { CheckedSingleCause } from "../../language/semantics/checked/trigger.ts";
import type { Bindings } from "../plan/bindings.ts";

type Need = Pick<CheckedRequirement, "text" | "span">;

/** Refuses the first line of each kind that reads what production predicted, where the environment does not say where that is written down. */
export function checkPredictionLog(policy: CheckedPolicy, { serving, environment }: Bindings): Diagnostic[] {
  if (serving.kind !== "kserve" || serving.logs !== undefined) return [];
  return needs(policy).map(({ text, span }) =>
    diagnostic("config/no-prediction-log", span, { text, environment, serving: serving.kind }),
  );
}

/** Lines that read the prediction log: decay, what a stage measures on answers of the versions, and rollback by labels. */
function needs({ body, rollout }: CheckedPolicy): Need[] {
  const causes = (body?.trigger.causes ?? []).flatMap<CheckedSingleCause>((cause) =>
    cause.kind === "group" ? cause.members : [cause],
  );
  const decay = causes.filter((cause) => cause.kind === "decay" && testReads(cause.test));
  const stages = (rollout?.stages ?? [])
    .flatMap(({ requirements }) => requirements)
    .flatMap((item) => (item.kind === "group" ? item.members : [item]))
    .filter(({ test }) => testReads(test));
  const rollbacks = (rollout?.rollbackWhen ?? []).filter(({ test }) => testReads(test));
  return [...decay, ...stages, ...rollbacks];
}

function testReads(test: CheckedTest): boolean {
  if (test.kind === "schema") return false;
  return test.kind === "comparison" ? reads(test.left) || reads(test.right) : reads(test.measure);
}

/** Live, these are computed from logged answers: with labels joined by key, or the two answers to one request. */
function reads({ kind }: Measure): boolean {
  return kind === "prediction" || kind === "pairs" || kind === "score_drift" || kind === "fairness";
}
