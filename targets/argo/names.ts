import { retrainName } from "../../compiler/plan/engine-name.ts";

/** Name of a policy's CronWorkflow and of the ConfigMap that holds its plan; at most 52 characters, see POLICY_PART. */
export function tickName(policy: string): string {
  return `${policyName(policy)}-tick`;
}

/** What names and labels of a policy's objects begin with. */
export function policyName(policy: string): string {
  return retrainName(policy).replace(/-retrain$/, "");
}
