import { z } from "zod";
import { Share } from "../../plan/common.ts";
import { RunOutcome } from "./run.ts";

const At = z.iso.datetime().describe("an instant of the policy's clock");

const Rollout = z.strictObject({
  phase: z.enum([
    "waiting",
    "entering",
    "converging",
    "observing",
    "holding",
    "promoting",
    "watching",
    "keeping",
    "rolling_back",
    "ended",
  ]),
  stage: z.string().nullable(),
  challenger: z.string(),
  share: Share.describe("of live requests, answered by the challenger, as asked for"),
  mirror: Share.describe("of live requests, mirrored to the challenger, as asked for"),
  heldBy: z.string().nullable(),
  because: z.string(),
  nextLook: At.nullable(),
});

/** `retrain status --format json`. What there is not is null. */
export const StatusOutput = z.strictObject({
  schema: z.literal("retrain.status/1"),
  environment: z.string(),
  clock: z.strictObject({ kind: z.enum(["rehearsal", "real"]), at: At }),
  policies: z.array(
    z.strictObject({
      policy: z.string(),
      records: z.int().nonnegative(),
      champion: z.strictObject({ version: z.string(), since: At }).nullable(),
      run: z
        .strictObject({
          run: z.string(),
          since: At,
          because: z.string(),
          node: z.string().nullable(),
          rollout: Rollout.nullable(),
        })
        .nullable(),
      keeping: z
        .strictObject({ run: z.string(), rollout: Rollout })
        .nullable()
        .describe("the rollout of an ended run whose old champion is still kept"),
      lastRun: z.strictObject({ run: z.string(), outcome: RunOutcome, at: At, sentence: z.string() }).nullable(),
      episodes: z.array(z.strictObject({ cause: z.string(), since: At, served: z.boolean(), sentence: z.string() })),
      freeze: z
        .strictObject({ scope: z.enum(["all", "rollout"]), until: At, because: z.string() })
        .nullable()
        .describe("the freeze by hand that is in force"),
      breaker: z.strictObject({ openUntil: At }).nullable(),
      lastTick: At.nullable(),
      nextTick: At.nullable(),
    }),
  ),
});
