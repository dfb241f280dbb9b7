import { z } from "zod";
import { Bindings } from "./bindings.ts";
import { Place } from "./common.ts";
import { Program } from "./condition.ts";
import { Dataset } from "./dataset.ts";
import { Graph } from "./graph.ts";
import { Monitor } from "./monitor.ts";
import { Rollout } from "./rollout.ts";

export const NotifyEvent = z.enum([
  "fired",
  "suppressed",
  "refused",
  "failed",
  "approval_needed",
  "promoted",
  "rolled_back",
  "rollback_failed",
  "inconclusive",
  "held",
]);
export type NotifyEvent = z.infer<typeof NotifyEvent>;

/** A route of a message: these events go to this channel. */
export const Notification = z.strictObject({
  events: z.array(NotifyEvent).min(1),
  channel: z.enum(["slack", "email", "webhook", "pagerduty"]),
  address: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("plain"), value: z.string() }),
    z.strictObject({ kind: z.literal("secret"), reference: z.string() }),
  ]),
  place: Place,
});
export type Notification = z.infer<typeof Notification>;

/** A policy, compiled: engine-neutral, self-contained, the same bytes for the same policy and configuration. */
export const PipelinePlan = z.strictObject({
  schema: z.literal("retrain.plan/1"),
  policy: z.strictObject({
    name: z.string(),
    /** SHA-256 (hex) of the canonical JSON of everything below except `bindings`, places left out: what the policy means. */
    digest: z.string().regex(/^[0-9a-f]{64}$/),
    description: z.string().optional(),
    owner: z.string(),
    intendedUse: z.string().optional(),
    outOfScope: z.string().optional(),
    notMeasured: z.string().optional(),
    risk: z.enum(["low", "medium", "high"]),
    /** The day until which somebody must have looked at it again: 00:00Z, epoch milliseconds. */
    reviewBy: z.int().optional(),
    /** Path from the project's root, with `/`. */
    file: z.string(),
  }),
  bindings: Bindings,
  model: z.strictObject({
    task: z.enum(["binary", "multiclass", "regression"]),
    /** Score at or above which a binary model says yes, 0 to 1. */
    decidesAt: z.number().min(0).max(1),
    firstModel: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("absolute_gates_only") }),
      z.strictObject({ kind: z.literal("approval"), approvers: z.string() }),
      z.strictObject({ kind: z.literal("refuse") }),
    ]),
  }),
  datasets: z.array(Dataset),
  monitor: Monitor,
  retrain: Graph,
  programs: z.strictObject({
    /** One a `validate` block; `id` is `validate.DATASET`. */
    validate: z.array(Program),
    /** One a gate; `id` is `gate.NAME`. */
    gates: z.array(Program),
    rollout: Rollout.optional(),
  }),
  notify: z.array(Notification),
});
export type PipelinePlan = z.infer<typeof PipelinePlan>;
