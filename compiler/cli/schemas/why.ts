import { z } from "zod";
import { RecordOutput } from "./record.ts";

const Instant = z.number().describe("epoch milliseconds");

const Streak = z.strictObject({
  trues: z.int().nonnegative(),
  length: z.number().nonnegative().describe("milliseconds"),
  missing: z.int().nonnegative(),
  window: z.array(z.boolean()),
  lastTrue: Instant.nullable(),
  counted: Instant.nullable(),
});

/** What the monitor remembers between two ticks. */
const MonitorState = z.strictObject({
  schema: z.literal("retrain.monitor/1"),
  lastTick: Instant.nullable(),
  lastCheck: Instant.nullable(),
  conditions: z.array(
    z.strictObject({
      cause: z.string(),
      text: z.string(),
      streak: Streak,
      active: z.boolean(),
      lost: z.boolean(),
      unknowns: z.int().nonnegative(),
      values: z.array(z.number()),
      heldAt: Instant.nullable(),
      sentence: z.string(),
    }),
  ),
  instants: z.array(
    z.strictObject({
      cause: z.string(),
      text: z.string(),
      seen: z.string().describe("local time of the schedule, or id of the event"),
      at: Instant,
      counts: z.boolean(),
    }),
  ),
  episodes: z.array(
    z.strictObject({
      key: z.string(),
      cause: z.string(),
      text: z.string(),
      openedAt: Instant,
      instant: z.boolean(),
      sentence: z.string(),
      attempts: z.int().nonnegative(),
      servedBy: z.string().nullable(),
      rowSet: z.string().nullable(),
      suppressed: z.string().nullable(),
    }),
  ),
  handled: z.array(z.string()),
  latest: z.strictObject({
    promotion: Instant.nullable(),
    refusal: Instant.nullable(),
    failure: Instant.nullable(),
    rollback: Instant.nullable(),
  }),
  breaker: z.strictObject({
    failures: z.int().nonnegative(),
    openedAt: Instant.nullable(),
    openUntil: Instant.nullable(),
    length: z.number().nonnegative(),
  }),
  refusals: z.int().nonnegative(),
  wakes: z.array(Instant),
});

/** `retrain why --format json`. */
export const WhyOutput = z.strictObject({
  schema: z.literal("retrain.why/1"),
  chain: z.string(),
  records: z.array(RecordOutput).describe("firings, suppressions and ends of runs, oldest first"),
  state: MonitorState.nullable().describe("after the newest tick; null before the first"),
});
