import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import { bodyOf, keys, type RunStarted } from "../engine/run-records.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { ApprovalRules } from "../rollout/approval.ts";
import { stageOf } from "../rollout/stages.ts";
import type { RolloutState } from "../rollout/state.ts";

/** What an approval of the stage that a run is in is held against: stage and risk by the plan the run keeps, members by the configuration as it is now. */
export async function approvalRules(
  {
    plan,
    ledger,
    chain,
  }: { readonly plan: PipelinePlan; readonly ledger: Pick<Ledger, "find">; readonly chain: string },
  run: string,
  state: RolloutState,
): Promise<ApprovalRules> {
  const { rollout } = plan.programs;
  const record = await ledger.find(chain, keys.started(run));
  const started = record === undefined ? undefined : bodyOf<RunStarted>(record);
  return {
    group: rollout === undefined ? undefined : stageOf(rollout, state).approvers,
    groups: plan.bindings.approvers,
    risk: plan.policy.risk,
    authors: started?.authors,
  };
}
