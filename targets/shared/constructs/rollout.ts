import type { Place } from "../../../compiler/plan/common.ts";
import type { PipelinePlan } from "../../../compiler/plan/plan.ts";
import type { Stage } from "../../../compiler/plan/rollout.ts";
import { construct, places, policyPlace } from "./construct.ts";

const stagesOf =
  (kind: Stage["kind"]) =>
  ({ programs }: PipelinePlan) =>
    places((programs.rollout?.stages ?? []).filter((stage) => stage.kind === kind));

/** Where registry and traffic are first touched. */
function registerPlace(plan: PipelinePlan): Place {
  return (
    plan.retrain.nodes.find((node) => node.kind === "verb" && node.verb === "register")?.place ?? policyPlace(plan)
  );
}

const boundTo = (what: "registry" | "serving", kind: string) => (plan: PipelinePlan) =>
  plan.bindings[what].kind === kind ? [{ place: registerPlace(plan) }] : [];

/** How a challenger comes into service, and how it comes back. */
export const rollout = {
  shadow: construct("rollout", "a shadow stage", stagesOf("shadow")),
  shares: construct("rollout", "traffic shares and the watch", stagesOf("live")),
  approval: construct("rollout", "`approval`", stagesOf("approval")),
  rollback: construct("rollout", "`rollback when`", ({ programs }) => places(programs.rollout?.rollbackWhen ?? [])),
  localRegistry: construct("rollout", "a registry of kind `local`", boundTo("registry", "local")),
  mlflow: construct("rollout", "a registry of kind `mlflow`", boundTo("registry", "mlflow")),
  localServing: construct("rollout", "serving by `local`", boundTo("serving", "local")),
  kserve: construct("rollout", "serving by `kserve`", boundTo("serving", "kserve")),
  batch: construct("rollout", "serving by `batch`", boundTo("serving", "batch")),
} as const;
