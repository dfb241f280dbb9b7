import { bodyOf, type RunStarted } from "../../runtime/engine/run-records.ts";
import { nextDue } from "../../runtime/triggers/due.ts";
import { type MonitorState, NEW_MONITOR } from "../../runtime/triggers/state.ts";
import { compilePolicy } from "../driver/compile.ts";
import { Failure } from "../driver/failure.ts";
import type { PipelinePlan } from "../plan/plan.ts";
import type { View } from "./environment.ts";
import { storedPlan } from "./stored-plan.ts";

/** When the monitor has something to decide next, ISO; null where no plan of the policy is known. Whether a monitor runs is another matter. */
export async function nextTick(view: View, chain: string, now: number): Promise<string | null> {
  const plan = (await planNow(view, chain)) ?? (await planOfNewestRun(view, chain));
  if (plan === undefined) return null;
  const [tick] = await view.ledger.list({ chain, kinds: ["tick", "firing", "suppressed"], newest: true, limit: 1 });
  const state = tick === undefined ? NEW_MONITOR : (bodyOf<{ state?: MonitorState }>(tick).state ?? NEW_MONITOR);
  const due = nextDue(plan.monitor, state, now);
  return Number.isFinite(due) ? new Date(due).toISOString() : null;
}

/** The plan of the policy as it is written now; undefined while it cannot be compiled: a viewer shows what it can. */
async function planNow({ project, environment }: View, chain: string): Promise<PipelinePlan | undefined> {
  try {
    return compilePolicy(project, project.root, chain.slice(chain.indexOf("/") + 1), environment, []).plan;
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

async function planOfNewestRun({ ledger }: View, chain: string): Promise<PipelinePlan | undefined> {
  const [started] = await ledger.list({ chain, kinds: ["run_started"], newest: true, limit: 1 });
  return started === undefined ? undefined : storedPlan(ledger, bodyOf<RunStarted>(started).plan);
}
