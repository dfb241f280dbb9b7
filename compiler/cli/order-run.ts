import { randomUUID } from "node:crypto";
import { chainOf } from "../../runtime/engine/engine.ts";
import { refusalByHand, rolloutFrozen } from "../../runtime/engine/refusal.ts";
import { openLedger } from "../../runtime/ledger/open.ts";
import type { RunCommandRecord } from "../../runtime/steps/order.ts";
import { chooseEnvironment } from "../driver/bindings.ts";
import { compilePolicy } from "../driver/compile.ts";
import type { Project } from "../driver/load-config.ts";
import { StepEngine } from "../plan/engines.ts";
import type { PipelinePlan } from "../plan/plan.ts";
import { Findings, showFindings } from "./findings.ts";
import { policyNow } from "./policy-clock.ts";
import type { Session } from "./session.ts";
import { signature } from "./signature.ts";

/** The engine that carries runs out in the environment that is meant; undefined where this machine does. */
export function engineOf(project: Project, environment: string | undefined): StepEngine | undefined {
  const { targets } = chooseEnvironment(project.config, environment).environment;
  if (targets.local !== undefined) return undefined;
  return StepEngine.options.find((engine) => targets[engine] !== undefined);
}

/** The plan of the policy, whatever carries it out. Shows what stands in the way and rejects with Findings. */
export function planOfPolicy(session: Session, project: Project, policy: string | undefined): PipelinePlan {
  const { plan, ...found } = compilePolicy(project, session.folder, policy, session.environment, []);
  if (plan !== undefined) return plan;
  showFindings(session, project.root, found);
  throw new Findings();
}

/** Orders a run where an engine carries runs out: a record in the ledger, of which the next tick makes a run. Gives the sentence to print; rejects with RunRefusedError while no run by hand may start. */
export async function orderRun(project: Project, plan: PipelinePlan, because: string): Promise<string> {
  const { environment, ledger: binding } = plan.bindings;
  const ledger = await openLedger(binding, project.root);
  try {
    const at = (await policyNow(project, environment, ledger)) ?? Date.now();
    const asked = { plan, ledger, chain: chainOf(plan) };
    const refused = await refusalByHand(asked, at);
    if (refused !== undefined) throw refused;
    const body: RunCommandRecord = { command: "run", because, by: signature().by };
    const key = `command/run/${randomUUID()}`;
    const { record } = await ledger.append({ chain: asked.chain, key, kind: "command", at, body });
    const order = `the order to retrain ${plan.policy.name} in ${environment} is record ${record.sequence}; the next tick of its monitor makes a run of it, as soon as no other run is on, no freeze of all holds and the breaker is closed`;
    const notice = await rolloutFrozen(asked, at);
    return notice === undefined ? order : `${order}; ${notice}`;
  } finally {
    await ledger.close();
  }
}
