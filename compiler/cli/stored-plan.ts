import type { LedgerReader } from "../../runtime/ledger/ledger.ts";
import { PipelinePlan } from "../plan/plan.ts";

/** A plan that the ledger keeps, by digest; undefined where it does not hold it, or holds one of another version. */
export async function storedPlan(
  ledger: Pick<LedgerReader, "plan">,
  digest: string,
): Promise<PipelinePlan | undefined> {
  const json = await ledger.plan(digest);
  if (json === undefined) return undefined;
  const parsed = PipelinePlan.safeParse(JSON.parse(json));
  return parsed.success ? parsed.data : undefined;
}
