import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import type { CheckedDataset, CheckedPolicy } from "../../language/semantics/checked/policy.ts";
import type { CheckedFreeze } from "../../language/semantics/checked/trigger.ts";
import type { Bindings } from "../plan/bindings.ts";
import type { Dataset } from "../plan/dataset.ts";
import { policyDigest, type Undigested } from "../plan/digest.ts";
import type { PipelinePlan } from "../plan/plan.ts";
import { checkBindings } from "./bindings.ts";
import { lowerProgram } from "./conditions.ts";
import { lowerGraph } from "./graph.ts";
import { checkMetricStore } from "./metric-store.ts";
import { lowerMonitor } from "./monitor.ts";
import { type Places, placesOf } from "./places.ts";
import { checkPredictionLog } from "./prediction-log.ts";
import { lowerRollout } from "./rollout.ts";

export interface Lowered {
  /** Absent where the policy has errors or does not fit the environment. */
  readonly plan?: PipelinePlan;
  /** What lowering found; the errors of the check are not repeated. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Turns a checked policy into a plan for one environment; `freezes` are those of the environment. The same policy and bindings give the same plan. Never throws for what a policy says. */
export function lower(checked: CheckedPolicy, bindings: Bindings, freezes: readonly CheckedFreeze[] = []): Lowered {
  const { body } = checked;
  const diagnostics =
    body === undefined
      ? []
      : [
          ...checkBindings(body.model, bindings),
          ...checkPredictionLog(checked, bindings),
          ...checkMetricStore(checked, bindings),
        ];
  if (checked.broken || body === undefined || diagnostics.length > 0) return { diagnostics };
  const places = placesOf(checked.sources);
  const { model } = body;
  const undigested: Undigested = {
    schema: "retrain.plan/1",
    policy: {
      name: checked.name,
      ...(checked.description === undefined ? {} : { description: checked.description }),
      ...(checked.intendedUse === undefined ? {} : { intendedUse: checked.intendedUse }),
      ...(checked.outOfScope === undefined ? {} : { outOfScope: checked.outOfScope }),
      ...(checked.notMeasured === undefined ? {} : { notMeasured: checked.notMeasured }),
      owner: body.owner,
      risk: checked.risk,
      ...(checked.reviewBy === undefined ? {} : { reviewBy: checked.reviewBy }),
      file: checked.source.path,
    },
    bindings: bindingsUsed(checked, bindings),
    model: { task: model.task, decidesAt: model.decidesAt, firstModel: { ...model.firstModel } },
    datasets: checked.datasets.map((dataset) => lowerDataset(dataset, places)),
    monitor: lowerMonitor(body.trigger, [...checked.freezes, ...freezes], places),
    retrain: lowerGraph(checked, body, places),
    programs: {
      validate: checked.validate.map((program) => lowerProgram(program, places)),
      gates: checked.gates.map((program) => lowerProgram(program, places)),
      ...(checked.rollout === undefined ? {} : { rollout: lowerRollout(checked.rollout, places) }),
    },
    notify: checked.notify.map(({ span, events, address, ...rest }) => ({
      ...rest,
      events: [...events],
      address: { ...address },
      place: places(span),
    })),
  };
  const { schema, policy, ...rest } = undigested;
  const { name, ...head } = policy;
  return { plan: { schema, policy: { name, digest: policyDigest(undigested), ...head }, ...rest }, diagnostics };
}

/** A plan names a store of metrics only where its policy asks one: a new address of it concerns nobody else's review. */
function bindingsUsed({ metrics }: CheckedPolicy, bindings: Bindings): Bindings {
  const { metrics: _, ...others } = bindings;
  return metrics.some(({ source }) => source.kind === "prometheus") ? bindings : others;
}

function lowerDataset(dataset: CheckedDataset, places: Places): Dataset {
  const { name, source, time, key, label, reference, current, holdout, training, columns } = dataset;
  return {
    name,
    source: { kind: source.kind, uri: source.uri, place: places(source.span) },
    time,
    key: [...key],
    ...(label === undefined ? {} : { label: { column: label.column, maturesAfter: label.maturesAfter } }),
    ...(reference === undefined ? {} : { reference: { ...reference } }),
    ...(current === undefined ? {} : { current }),
    ...(holdout === undefined ? {} : { holdout: { ...holdout } }),
    ...(training === undefined ? {} : { training }),
    columns: columns.map(({ span: _span, range, oneOf, ...column }) => ({
      ...column,
      ...(range === undefined ? {} : { range: { ...range } }),
      ...(oneOf === undefined ? {} : { oneOf: [...oneOf] }),
    })),
  };
}
