import { lower } from "../../../compiler/lower/lower.ts";
import type { PipelinePlan } from "../../../compiler/plan/plan.ts";
import { checkText } from "../../support/check-text.ts";
import { examplePolicy } from "../../support/example-policy.ts";
import { localBindings } from "../../support/local-bindings.ts";

/** The policy that examples of the pages are parts of. */
export const policyOfPages = examplePolicy("risk low");

/** Its plan for one machine: what the usual lengths and limits are, where the policy says none. */
export function planOfPages(): PipelinePlan {
  const [policy] = checkText(policyOfPages).policies;
  const plan = policy && lower(policy, localBindings("example")).plan;
  if (plan === undefined) throw new Error("the policy of the pages has no plan");
  return plan;
}
