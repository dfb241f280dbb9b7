import { z } from "zod";
import { Milliseconds, Place } from "./common.ts";
import { Test } from "./condition.ts";

/** How long a condition must have held. */
export const Streak = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("checks"), count: z.int().positive() }),
  z.strictObject({ kind: z.literal("duration"), length: Milliseconds }),
  z.strictObject({ kind: z.literal("of"), count: z.int().positive(), window: z.int().positive() }),
]);
export type Streak = z.infer<typeof Streak>;

const head = { id: z.string(), text: z.string(), place: Place };

/** `schedule "0 4 * * MON" in "America/Chicago"`: five cron fields, an IANA zone. */
export const ScheduleCause = z.strictObject({
  ...head,
  kind: z.literal("schedule"),
  cron: z.string(),
  zone: z.string(),
});
/** `data D gains N labelled rows`: counted since the watermark of the last snapshot of a run that reached train. */
export const DataCause = z.strictObject({
  ...head,
  kind: z.literal("data"),
  dataset: z.string(),
  gains: z.int().positive(),
  labelled: z.boolean(),
});
/** `event "name"`: told by `retrain` from outside. */
export const EventCause = z.strictObject({ ...head, kind: z.literal("event"), event: z.string() });
/** `drift CONDITION`; `clears` is the hysteresis limit (the firing limit itself where the policy says nothing). */
export const DriftCause = z.strictObject({
  ...head,
  kind: z.literal("drift"),
  test: Test,
  clears: z.number().optional(),
  /** Checks in a row at which it must have been clear; 1 where absent. */
  clearsAfter: z.int().positive().optional(),
  streak: Streak.optional(),
});
/** `decay auc drops 2pp below baseline over 7d`. */
export const DecayCause = z.strictObject({
  ...head,
  kind: z.literal("decay"),
  dataset: z.string(),
  test: Test,
  over: Milliseconds,
  streak: Streak.optional(),
});

export const SingleCause = z.discriminatedUnion("kind", [ScheduleCause, DataCause, EventCause, DriftCause, DecayCause]);
export type SingleCause = z.infer<typeof SingleCause>;

/** `any of`, `all of`, `at least K of` over causes, three-valued; with `within`, a member that held stays true that long. */
export const CauseGroup = z.strictObject({
  ...head,
  kind: z.literal("group"),
  atLeast: z.int().positive(),
  within: Milliseconds.optional(),
  members: z.array(SingleCause).min(1),
});
export const Cause = z.discriminatedUnion("kind", [
  ScheduleCause,
  DataCause,
  EventCause,
  DriftCause,
  DecayCause,
  CauseGroup,
]);
export type Cause = z.infer<typeof Cause>;

/** When to retrain: what the monitor's tick evaluates. All lengths are milliseconds. */
export const Monitor = z.strictObject({
  /** How often the tick runs on an engine. */
  every: Milliseconds,
  /** How often conditions are evaluated, aligned to 00:00Z plus multiples. */
  check: Milliseconds,
  causes: z.array(Cause),
  settle: Milliseconds,
  /** How late a scheduled instant may still be served. */
  grace: Milliseconds,
  queue: z.enum(["latest", "skip", "replace"]),
  cooldown: z.strictObject({
    promotion: Milliseconds,
    refusal: Milliseconds,
    failure: Milliseconds,
    rollback: Milliseconds,
  }),
  budget: z
    .strictObject({
      runs: z.int().positive().optional(),
      gpuHours: z.number().positive().optional(),
      per: Milliseconds,
    })
    .optional(),
  breaker: z.strictObject({ failures: z.int().positive(), opensFor: Milliseconds }),
  missing: z.strictObject({ action: z.enum(["hold", "reset"]), notifyAfter: z.int().positive() }),
  freezes: z.array(
    z.strictObject({
      /** `rollout` holds shares; `all` also starts nothing. */
      scope: z.enum(["rollout", "all"]),
      /** Epoch milliseconds, `until` exclusive. */
      from: z.int(),
      until: z.int(),
      because: z.string(),
      place: Place,
    }),
  ),
});
export type Monitor = z.infer<typeof Monitor>;
