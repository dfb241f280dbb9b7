import { z } from "zod";
import { Unit } from "../../plan/common.ts";
import { OnInconclusive } from "../../plan/condition.ts";

const Hash = z.string().regex(/^[0-9a-f]{64}$/);

/** A record of a ledger: a line of `ledger show --format json` and `ledger export`, and `explain POLICY#NUMBER --format json`. */
export const RecordOutput = z.strictObject({
  chain: z.string().describe("ENVIRONMENT/POLICY"),
  key: z.string().describe("unique in its chain"),
  kind: z.enum([
    "tick",
    "firing",
    "suppressed",
    "run_started",
    "run_ended",
    "step_started",
    "step_ended",
    "decision",
    "intent",
    "effect",
    "stage_entered",
    "look",
    "stage_ended",
    "approval",
    "command",
    "notified",
  ]),
  run: z.string().optional(),
  at: z.int().describe("epoch milliseconds of the policy's clock"),
  body: z.unknown().describe("what the kind of the record holds"),
  sequence: z.int().positive().describe("1, 2, 3, ... without gaps in its chain"),
  previous: Hash.describe("hash of the record before; 64 zeros for the first"),
  hash: Hash.describe("SHA-256 of the canonical JSON (RFC 8785) of everything else here"),
});

const Verdict = z.enum(["pass", "fail", "inconclusive"]);

const Reason = z.enum([
  "no_data",
  "too_few_samples",
  "stale",
  "undefined_value",
  "source_unavailable",
  "source_rejected",
  "no_champion",
  "no_reference",
  "labels_immature",
  "rows_mismatch",
  "traffic_not_converged",
  "sample_ratio_mismatch",
  "ci_straddles",
  "unresolvable_at_n",
  "baseline_zero",
  "schema_mismatch",
  "deadline_exceeded",
  "cancelled",
]);

const finding = {
  requirement: z.string(),
  role: z.enum(["require", "advisory", "warn"]),
  text: z.string(),
  verdict: z.enum(["pass", "fail", "inconclusive", "skipped"]),
  reason: Reason.optional(),
  sentence: z.string(),
  estimate: z.number().optional().describe("in `unit`; of the improvement, positive is better, for a comparison"),
  interval: z
    .strictObject({
      low: z.number().nullable(),
      high: z.number().nullable(),
      level: z.number().describe("one-sided"),
    })
    .optional()
    .describe("an open end is null"),
  bound: z.number().optional().describe("the limit or margin it is compared with, in `unit`"),
  unit: Unit.optional(),
  n: z.number().nonnegative().optional().describe("rows, requests or pairs it rests on"),
  method: z.string().optional(),
  values: z.record(z.string(), z.number()).optional(),
  bins: z
    .array(z.strictObject({ label: z.string(), reference: z.number(), current: z.number() }))
    .optional()
    .describe("both sides of a drift test, bin by bin"),
  noiseBound: z.number().optional(),
  flip: z.string().optional().describe("what would flip it"),
};

const Finding = z.strictObject({
  ...finding,
  slices: z.array(z.strictObject({ ...finding, slice: z.string() })).optional(),
});

/** A record that holds the decision over a gate, a `validate` block or the requirements of a stage: `explain` of one. */
export const DecisionOutput = RecordOutput.extend({
  kind: z.literal("decision"),
  body: z.strictObject({
    node: z.string(),
    decision: z.strictObject({
      program: z.string(),
      verdict: Verdict,
      reason: Reason.optional(),
      sentence: z.string(),
      findings: z.array(
        z.union([
          Finding,
          z.strictObject({
            group: z.string(),
            atLeast: z.int().positive(),
            verdict: Verdict,
            members: z.array(Finding),
          }),
        ]),
      ),
      onInconclusive: OnInconclusive.optional(),
      observeOnly: z.boolean().optional(),
    }),
    inputs: z.record(z.string(), z.union([z.string(), z.number()])).describe("what it rests on, by name"),
    policy: z.strictObject({ name: z.string(), digest: Hash }),
    runtime: z.string().optional().describe("version of the runtime that judged"),
  }),
});
