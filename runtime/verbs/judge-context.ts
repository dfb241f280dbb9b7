import type { Engine } from "../engine/engine.ts";
import type { Context, Live } from "../judge/context.ts";

/** What the judge is told about the policy, besides requirement and observation. */
export function judgeContext(
  { plan }: Pick<Engine, "plan">,
  seen: { readonly champion: boolean; readonly rowSet?: string; readonly live?: Live },
): Context {
  return {
    task: plan.model.task,
    decidesAt: plan.model.decidesAt,
    firstModel: plan.model.firstModel.kind,
    policyDigest: plan.policy.digest,
    ...seen,
  };
}
