import { z } from "zod";

export const RunOutcome = z.enum([
  "promoted",
  "registered",
  "refused",
  "validation_stopped",
  "failed",
  "rolled_back",
  "rollback_failed",
  "aborted",
  "cancelled",
  "duplicate",
]);

/** `retrain run --format json`. */
export const RunOutput = z.strictObject({
  schema: z.literal("retrain.run/1"),
  run: z.string(),
  continued: z.boolean().describe("it had been begun by an earlier process, which this one continued"),
  outcome: RunOutcome,
  node: z.string().describe("the node after which it ended"),
  sentence: z.string(),
});
