import { readFile } from "node:fs/promises";
import type { NotifyEvent } from "../../compiler/plan/plan.ts";
import { notify } from "../channels/notify.ts";
import { webhookChannel } from "../channels/webhook.ts";
import type { Lease, LedgerRecord } from "../ledger/ledger.ts";
import type { Engine } from "./engine.ts";
import type { RunEnded } from "./run-records.ts";
import { secretFile } from "./secrets.ts";

/** Tells people of an event, on every channel of the policy that asks for it, and records what became of the messages. Sending again after a crash repeats the same key. */
export async function tell(
  engine: Engine,
  event: NotifyEvent,
  sentence: string,
  about: LedgerRecord,
  lease?: Lease,
): Promise<void> {
  const { plan, chain, ledger } = engine;
  if (!plan.notify.some((route) => route.events.includes(event))) return;
  const key = `notified/${event}/${about.key}`;
  if ((await ledger.find(chain, key)) !== undefined) return;
  const run = about.run === undefined ? {} : { run: about.run };
  const message = {
    schema: "retrain.notification/1",
    event,
    policy: plan.policy.name,
    environment: plan.bindings.environment,
    ...run,
    at: new Date(about.at).toISOString(),
    sentence,
    record: { position: `${about.chain}#${about.sequence}`, hash: about.hash },
  } as const;
  const deliveries = await notify(plan.notify, message, `${chain}/${key}`, {
    channels: { webhook: webhookChannel() },
    secret: async (reference) => (await readFile(secretFile(engine.root, reference), "utf8")).trim(),
  });
  const failed = deliveries.filter((delivery) => !delivery.delivered);
  const words =
    failed.length === 0
      ? "delivered"
      : `not delivered: ${failed.map((one) => `${one.channel}: ${one.detail}`).join("; ")}`;
  if (failed.length > 0) engine.say(`message \`${event}\` ${words}`);
  await ledger.append(
    {
      chain,
      key,
      kind: "notified",
      ...run,
      at: engine.clock.now(),
      body: { event, deliveries, sentence: `message \`${event}\` ${words}` },
    },
    lease,
  );
}

const EVENTS: Partial<Record<RunEnded["outcome"], NotifyEvent>> = {
  refused: "refused",
  validation_stopped: "refused",
  failed: "failed",
  rollback_failed: "rollback_failed",
};

/** Tells of a run's end. Promotion and rollback are told when they happen, not when the run ends. */
export async function tellOf(
  engine: Engine,
  outcome: RunEnded["outcome"],
  sentence: string,
  record: LedgerRecord,
  lease: Lease,
): Promise<void> {
  const event = EVENTS[outcome];
  if (event !== undefined) await tell(engine, event, sentence, record, lease);
}
