import { z } from "zod";
import { Milliseconds, Place, Share } from "./common.ts";
import { Minimum, OnInconclusive, Requirement, RequirementGroup, Test } from "./condition.ts";
import { Streak } from "./monitor.ts";

/** One stage of a rollout. All lengths are milliseconds, counted from the moment the observed traffic has reached its share. */
export const Stage = z.strictObject({
  name: z.string(),
  /** `shadow` mirrors, `live` gives the challenger a share, `approval` leaves traffic as it is until a person decides. The last live stage has share 1: reaching it is the promotion. */
  kind: z.enum(["shadow", "live", "approval"]),
  /** Share of requests mirrored (shadow) or answered by the challenger (live); that of the stage before for an approval. */
  share: Share,
  /** `for MIN..MAX`; an approval has 0..within; `full` has 0..watch. */
  atLeast: Milliseconds,
  atMost: Milliseconds,
  minimum: Minimum.optional(),
  check: Milliseconds,
  requirements: z.array(z.discriminatedUnion("kind", [Requirement, RequirementGroup])),
  onInconclusive: OnInconclusive.optional(),
  /** Stage `full`: how long the new version is watched after promotion. */
  watch: Milliseconds.optional(),
  /** Stage `full`: how long the old champion is kept ready, from promotion. */
  keepChampion: Milliseconds.optional(),
  /** Approval: who may approve. */
  approvers: z.string().optional(),
  place: Place,
});
export type Stage = z.infer<typeof Stage>;

/** `rollback when CONDITION`, judged in live stages, the watch and until `keep champion` ends. */
export const RollbackCondition = z.strictObject({
  id: z.string(),
  text: z.string(),
  place: Place,
  test: Test,
  over: Milliseconds.optional(),
  streak: Streak.optional(),
});
export type RollbackCondition = z.infer<typeof RollbackCondition>;

export const Rollout = z.strictObject({
  stages: z.array(Stage).min(1),
  rollbackWhen: z.array(RollbackCondition),
  onInconclusive: OnInconclusive,
  place: Place,
});
export type Rollout = z.infer<typeof Rollout>;
