import { readFile } from "node:fs/promises";
import type { NotifyEvent } from "../../compiler/plan/plan.ts";
import type { Message } from "../channels/channel.ts";
import { type Delivery, notify } from "../channels/notify.ts";
import { webhookChannel } from "../channels/webhook.ts";
import { secretFile } from "../files/secrets.ts";
import type { Lease, LedgerRecord } from "../ledger/ledger.ts";
import type { Engine } from "./engine.ts";
import type { RunEnded } from "./run-records.ts";

/** What is told to people. `at` counts on the policy's clock. */
export interface News {
  readonly event: NotifyEvent;
  readonly sentence: string;
  readonly at: number;
  readonly run?: string;
  readonly record?: LedgerRecord;
}

/** Sends news on every channel of the policy that asks for its event. Sending again under the same key is harmless for the receiver. */
export async function send(engine: Engine, news: News, key: string): Promise<readonly Delivery[]> {
  const { plan, chain } = engine;
  const { event, sentence, run, record } = news;
  const message: Message = {
    schema: "retrain.notification/1",
    event,
    policy: plan.policy.name,
    environment: plan.bindings.environment,
    ...(run === undefined ? {} : { run }),
    at: new Date(news.at).toISOString(),
    sentence,
    ...(record === undefined ? {} : { record: { position: `${record.chain}#${record.sequence}`, hash: record.hash } }),
  };
  const deliveries = await notify(plan.notify, message, `${chain}/${key}`, {
    channels: { webhook: webhookChannel() },
    secret: async (reference) => (await readFile(secretFile(engine.root, reference), "utf8")).trim(),
  });
  for (const { delivered, channel, detail } of deliveries) {
    if (!delivered) engine.say(`message \`${event}\` was not delivered by ${channel}: ${detail}`);
  }
  return deliveries;
}

/** Tells of a record, once, and writes down what became of the messages. */
export async function tell(
  engine: Engine,
  event: NotifyEvent,
  sentence: string,
  record: LedgerRecord,
  lease?: Lease,
): Promise<void> {
  const { chain, ledger } = engine;
  if (!engine.plan.notify.some((route) => route.events.includes(event))) return;
  const key = `notified/${event}/${record.key}`;
  if ((await ledger.find(chain, key)) !== undefined) return;
  const run = record.run === undefined ? {} : { run: record.run };
  const deliveries = await send(engine, { event, sentence, at: record.at, ...run, record }, key);
  const undelivered = deliveries.filter((one) => !one.delivered).map((one) => `${one.channel}: ${one.detail}`);
  const words = undelivered.length === 0 ? "was delivered" : `was not delivered: ${undelivered.join("; ")}`;
  const body = { event, deliveries, sentence: `message \`${event}\` ${words}` };
  await ledger.append({ chain, key, kind: "notified", ...run, at: engine.clock.now(), body }, lease);
}

const EVENTS: Partial<Record<RunEnded["outcome"], NotifyEvent>> = {
  refused: "refused",
  validation_stopped: "refused",
  failed: "failed",
};

/** Tells of a run's end. Promotion and rollback are told by the rollout when they happen. */
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
