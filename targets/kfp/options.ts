import type { KfpOptions } from "../../compiler/plan/engines.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";

/** What an environment says about Kubeflow Pipelines. Throws where it says nothing: the target was not asked for. */
export function kfpOptions(plan: PipelinePlan): KfpOptions {
  const { kfp } = plan.bindings.engines;
  if (kfp === undefined) throw new Error(`environment ${plan.bindings.environment} has no target kfp`);
  return kfp;
}

/** Folders as every step of a run sees them. */
export interface Folders {
  /** Where relative paths of the configuration start. */
  readonly root: string;
  /** Folder of runs. */
  readonly work: string;
  /** Folder of the policy. */
  readonly policy: string;
}

/** A bucket as Vertex AI mounts it into every step. */
const BUCKET = /^\/gcs\/[^/]+/;

/** Folders of a plan; undefined where its steps share no disk, so that none could read what another wrote. */
export function foldersOf(plan: PipelinePlan): Folders | undefined {
  const { platform, volume } = kfpOptions(plan);
  const { work } = plan.bindings;
  const root = platform === "vertex" ? BUCKET.exec(work)?.[0] : volume?.mount.replace(/(?<=.)\/+$/, "");
  if (root === undefined) return undefined;
  const below = plan.policy.file.split("/").slice(0, -1);
  return { root, work: work.startsWith("/") ? work : `${root}/${work}`, policy: [root, ...below].join("/") };
}
