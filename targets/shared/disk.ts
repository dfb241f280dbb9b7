import type { PipelinePlan } from "../../compiler/plan/plan.ts";

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

/** What a volume holds for a policy. */
export function diskOn(plan: PipelinePlan, volume: { readonly claim: string; readonly mount: string }): Disk {
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
