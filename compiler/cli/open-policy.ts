import { targets } from "../../targets/registry.ts";
import { compilePolicy } from "../driver/compile.ts";
import type { PipelinePlan } from "../plan/plan.ts";
import { Findings, showFindings } from "./findings.ts";
import { openProject } from "./open-project.ts";
import type { Session } from "./session.ts";

/** A policy that can be carried out on this machine. */
export interface OpenPolicy {
  readonly plan: PipelinePlan;
  /** Absolute folder that relative paths of the plan's bindings start from. */
  readonly root: string;
}

/** Compiles the policy that is meant for this machine. Shows what stands in the way and rejects with Findings, or with Failure for wrong usage. */
export async function openPolicy(session: Session, policy: string | undefined): Promise<OpenPolicy> {
  const project = await openProject(session, policy);
  const local = targets.get("local");
  const asked = local === undefined ? [] : [local];
  const { plan, ...found } = compilePolicy(project, session.folder, policy, session.environment, asked);
  if (plan !== undefined) return { plan, root: project.root };
  showFindings(session, project.root, found);
  throw new Findings();
}
