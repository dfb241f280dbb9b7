import * as z from "zod";

/** `.retrain-baseline.json`: findings that are known. */
export const BaselineSchema = z.strictObject({
  schema: z.literal("retrain.baseline/1"),
  findings: z.array(
    z.strictObject({
      code: z.string().describe("code of the diagnostic"),
      policy: z.string().describe("name of the policy, or path of the file for what stands beside policies"),
      fingerprint: z.string().regex(/^[0-9a-f]{16}$/),
      message: z.string().describe("for people; not compared"),
    }),
  ),
});
