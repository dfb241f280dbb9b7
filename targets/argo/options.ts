import type { ArgoOptions } from "../../compiler/plan/engines.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";

/** What an environment says about Argo Workflows. Throws where it says nothing: the target was not asked for. */
export function argoOptions(plan: PipelinePlan): ArgoOptions {
  const { argo } = plan.bindings.engines;
  if (argo === undefined) throw new Error(`environment ${plan.bindings.environment} has no target argo`);
  return argo;
}

/** The disk of a run and the folders on it, as every step sees them. */
export interface Disk {
  readonly claim: string;
  /** Where it is mounted: relative paths of the configuration start there. */
  readonly mount: string;
  /** Folder of runs. */
  readonly work: string;
  /** Folder of the policy. */
  readonly policy: string;
}

/** The disk of a plan; undefined where its steps share none, so that none could read what another wrote. */
export function diskOf(plan: PipelinePlan): Disk | undefined {
  const { volume } = argoOptions(plan);
  if (volume === undefined) return undefined;
  const mount = volume.mount.replace(/(?<=.)\/+$/, "");
  const { work } = plan.bindings;
  const below = plan.policy.file.split("/").slice(0, -1);
  return {
    claim: volume.claim,
    mount,
    work: work.startsWith("/") ? work : `${mount}/${work}`,
    policy: [mount, ...below].join("/"),
  };
}
