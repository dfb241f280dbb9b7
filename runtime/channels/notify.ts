import type { z } from "zod";
import type { Notification, PipelinePlan } from "../../compiler/plan/plan.ts";
import type { Channel, Message } from "./channel.ts";

type Route = z.infer<typeof Notification>;

/** What became of one message on one route; to be recorded as it is. */
export interface Delivery {
  readonly channel: Route["channel"];
  readonly delivered: boolean;
  /** In words; never holds the address or a secret. */
  readonly detail: string;
}

export interface Senders {
  /** Channels that this runtime can send on. */
  readonly channels: Partial<Readonly<Record<Route["channel"], Channel>>>;
  /** The secret a reference names; undefined where there is none. May reject. */
  readonly secret: (reference: string) => Promise<string | undefined>;
}

/**
 * Sends a message on every route of `plan.notify` that names its event, all at once, and tells what became of each, in
 * the order of the plan. Never rejects. `key` stays the same when a message is sent again; each route gets one of its own from it.
 */
export async function notify(
  routes: PipelinePlan["notify"],
  message: Message,
  key: string,
  senders: Senders,
): Promise<readonly Delivery[]> {
  const wanted = routes.filter((route) => route.events.includes(message.event));
  return Promise.all(
    wanted.map(async (route, index) => {
      try {
        return { channel: route.channel, ...(await deliver(route, message, `${key}/${index + 1}`, senders)) };
      } catch {
        // A text of the error could hold the secret.
        return { channel: route.channel, delivered: false, detail: `the ${route.channel} channel failed unexpectedly` };
      }
    }),
  );
}

async function deliver(
  route: Route,
  message: Message,
  key: string,
  senders: Senders,
): Promise<Omit<Delivery, "channel">> {
  const channel = senders.channels[route.channel];
  if (channel === undefined) {
    return { delivered: false, detail: `this release cannot send to ${route.channel}; use a webhook channel` };
  }
  if (route.address.kind === "plain") return channel.send(route.address.value, message, key);
  const { reference } = route.address;
  let address: string | undefined;
  try {
    address = await senders.secret(reference);
  } catch {
    return { delivered: false, detail: `the secret ${reference} cannot be read` };
  }
  if (address === undefined || address === "") return { delivered: false, detail: `there is no secret ${reference}` };
  return channel.send(address, message, key);
}
