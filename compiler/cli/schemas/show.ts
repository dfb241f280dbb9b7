import { z } from "zod";
import { Milliseconds, Share } from "../../plan/common.ts";
import { OnInconclusive } from "../../plan/condition.ts";

const Line = z.int().positive().describe("1-based line of the policy's file");

const Sentence = z.strictObject({
  line: Line,
  text: z.string(),
  part: z.boolean().describe("belongs to the sentence before it"),
});

const Reading = z.strictObject({
  policy: z.string(),
  file: z.string(),
  chapters: z.array(z.strictObject({ title: z.string(), line: Line, sentences: z.array(Sentence) })),
  words: z.array(z.strictObject({ word: z.string(), meaning: z.string() })),
});

const Requirement = z.strictObject({
  id: z.string(),
  line: Line,
  role: z.string().describe("require, advisory, warn, or `K of N` in a group"),
  text: z.string(),
  confidence: z.number().gt(0.5).lt(1).optional().describe("one-sided; absent where the measured number decides"),
  minimum: z.string().optional(),
});

const Stage = z.strictObject({
  name: z.string(),
  kind: z.enum(["shadow", "live", "approval"]),
  share: Share,
  atLeast: Milliseconds.describe("shortest time, milliseconds"),
  atMost: Milliseconds.describe("longest time, milliseconds"),
  minimum: z
    .strictObject({
      count: z.int().positive(),
      of: z.enum(["rows", "positives", "negatives", "requests", "pairs"]),
    })
    .optional(),
  check: Milliseconds.describe("time from one look to the next, milliseconds"),
  onInconclusive: OnInconclusive.optional(),
  watch: Milliseconds.optional(),
  keepChampion: Milliseconds.optional(),
  approvers: z.string().optional(),
});

/** `retrain show --format json`. */
export const ShowOutput = z.strictObject({
  schema: z.literal("retrain.show/1"),
  policy: z.string(),
  file: z.string(),
  reading: Reading.describe("the policy in plain English, in the order of its file"),
  defaults: z
    .array(
      z.strictObject({
        path: z.string(),
        value: z.union([z.string(), z.number(), z.boolean()]),
        line: Line,
        why: z.string(),
      }),
    )
    .describe("values that the policy does not say; lengths in milliseconds"),
  next: z
    .array(z.strictObject({ at: z.iso.datetime(), local: z.string(), schedule: z.string() }))
    .describe("the next scheduled instants, earliest first"),
  blocks: z.array(z.strictObject({ name: z.string(), requirements: z.array(Requirement) })),
  stages: z.array(Stage),
});
