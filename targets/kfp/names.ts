import { retrainName } from "../../compiler/plan/engine-name.ts";

/** Name of the pipeline of a policy's tick, beside `retrainName` for its runs. */
export function tickName(policy: string): string {
  return `${retrainName(policy).replace(/-retrain$/, "")}-tick`;
}
