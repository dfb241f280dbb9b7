import type { NotifyEvent } from "../../compiler/plan/plan.ts";

/** A message about something that happened; plain JSON so that a receiver can act on it. */
export interface Message {
  readonly schema: "retrain.notification/1";
  readonly event: NotifyEvent;
  readonly policy: string;
  readonly environment: string;
  readonly run?: string;
  /** ISO instant of the policy's clock. */
  readonly at: string;
  /** One plain sentence. */
  readonly sentence: string;
  /** Ledger record it is about, `chain#sequence`, and its hash. */
  readonly record?: { readonly position: string; readonly hash: string };
}

/** Delivers messages; a message that cannot be delivered is a recorded fact, never a changed decision. */
export interface Channel {
  /** Idempotent for the receiver by `key` (sent along as `Idempotency-Key`). */
  send(
    address: string,
    message: Message,
    key: string,
  ): Promise<{ readonly delivered: boolean; readonly detail: string }>;
}
