import type { ArgoOptions } from "../../compiler/plan/engines.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import { type Disk, diskOn } from "../shared/disk.ts";

/** What an environment says about Argo Workflows. Throws where it says nothing: the target was not asked for. */
export function argoOptions(plan: PipelinePlan): ArgoOptions {
  const { argo } = plan.bindings.engines;
  if (argo === undefined) throw new Error(`environment ${plan.bindings.environment} has no target argo`);
  return argo;
}

/** The disk of a plan; undefined where its steps share none, so that none could read what another wrote. */
export function diskOf(plan: PipelinePlan): Disk | undefined {
  const { volume } = argoOptions(plan);
  return volume === undefined ? undefined : diskOn(plan, volume);
}
