import { z } from "zod";
import { NotifyEvent } from "../../plan/plan.ts";

/** `retrain explain CODE --format json`. */
export const ExplainOutput = z.strictObject({
  schema: z.literal("retrain.explain/1"),
  code: z.string(),
  page: z.string().describe("Markdown"),
});

const cell = {
  support: z
    .enum(["native", "emulated", "pending", "refused"])
    .describe("`pending`: it compiles with a warning, and the runtime of this release cannot carry it out"),
  how: z.string().describe("how it is done, or why it is not"),
  code: z.string().optional().describe("of the diagnostic that refuses it or warns of it"),
};

/** `retrain targets --format json`. */
export const TargetsOutput = z.strictObject({
  schema: z.literal("retrain.targets/1"),
  targets: z.array(
    z.strictObject({
      name: z.string(),
      capabilities: z.array(
        z.strictObject({
          id: z.string().describe("name of the construct for tools"),
          construct: z.string(),
          chapter: z.string(),
          ...cell,
          differs: z
            .array(z.strictObject({ option: z.string(), ...cell }))
            .describe("where an option of the environment changes it"),
        }),
      ),
    }),
  ),
});

/** `retrain doctor --format json`. */
export const DoctorOutput = z.strictObject({
  schema: z.literal("retrain.doctor/1"),
  findings: z.array(
    z.strictObject({
      what: z.string(),
      state: z.enum(["ok", "problem", "note"]).describe("`note`: not looked at, or not there yet, and said so"),
      sentence: z.string(),
      help: z.string().optional(),
    }),
  ),
});

/** What is sent to a webhook of `notify`. */
export const NotificationOutput = z.strictObject({
  schema: z.literal("retrain.notification/1"),
  event: NotifyEvent,
  policy: z.string(),
  environment: z.string(),
  run: z.string().optional(),
  at: z.iso.datetime().describe("an instant of the policy's clock"),
  sentence: z.string(),
  record: z
    .strictObject({ position: z.string().describe("chain#sequence"), hash: z.string() })
    .optional()
    .describe("the ledger's record that it is about"),
});
