import { expect, it } from "vitest";
import type { PipelinePlan } from "../../../compiler/plan/plan.ts";
import type { Channel, Message } from "../../../runtime/channels/channel.ts";
import { notify, type Senders } from "../../../runtime/channels/notify.ts";

type Route = PipelinePlan["notify"][number];

const place = { file: "p.retrain", line: 1, column: 1, endLine: 1, endColumn: 2 };
const message: Message = {
  schema: "retrain.notification/1",
  event: "rolled_back",
  policy: "flight-delay",
  environment: "local",
  at: "2001-04-09T00:00:00Z",
  sentence: "Version 3 was rolled back.",
};

function route(channel: Route["channel"], address: Route["address"], events: Route["events"] = ["rolled_back"]): Route {
  return { channel, address, events, place };
}

const plain = (value: string): Route["address"] => ({ kind: "plain", value });
const secret = (reference: string): Route["address"] => ({ kind: "secret", reference });

function recording(send?: Channel["send"]): { readonly sent: string[][]; readonly senders: Senders } {
  const sent: string[][] = [];
  const webhook: Channel = {
    send: async (address, what, key) => {
      sent.push([address, what.event, key]);
      return send === undefined ? { delivered: true, detail: "answered 200" } : send(address, what, key);
    },
  };
  const secrets = new Map([["team/hook", "https://hooks.example.com/s3cret"]]);
  return { sent, senders: { channels: { webhook }, secret: async (reference) => secrets.get(reference) } };
}

it("sends on the routes of the event only, each with a key of its own", async () => {
  const { sent, senders } = recording();
  const routes = [
    route("webhook", plain("https://a.example.com"), ["promoted"]),
    route("webhook", plain("https://b.example.com"), ["promoted", "rolled_back"]),
    route("webhook", secret("team/hook")),
  ];
  expect(await notify(routes, message, "k", senders)).toEqual([
    { channel: "webhook", delivered: true, detail: "answered 200" },
    { channel: "webhook", delivered: true, detail: "answered 200" },
  ]);
  expect(sent).toEqual([
    ["https://b.example.com", "rolled_back", "k/1"],
    ["https://hooks.example.com/s3cret", "rolled_back", "k/2"],
  ]);
  expect(await notify(routes, { ...message, event: "held" }, "k", senders)).toEqual([]);
});

it("tells in words that a kind of channel cannot be sent on, and still sends on the others", async () => {
  const { sent, senders } = recording();
  const routes = [route("slack", plain("#ml")), route("webhook", plain("https://a.example.com"))];
  expect(await notify(routes, message, "k", senders)).toEqual([
    { channel: "slack", delivered: false, detail: "this release cannot send to slack; use a webhook channel" },
    { channel: "webhook", delivered: true, detail: "answered 200" },
  ]);
  expect(sent).toHaveLength(1);
});

it("tells of a secret that is missing or cannot be read by its reference", async () => {
  const { sent, senders } = recording();
  expect(await notify([route("webhook", secret("team/other"))], message, "k", senders)).toEqual([
    { channel: "webhook", delivered: false, detail: "there is no secret team/other" },
  ]);
  const failing: Senders = { ...senders, secret: () => Promise.reject(new Error("s3cret")) };
  expect(await notify([route("webhook", secret("team/hook"))], message, "k", failing)).toEqual([
    { channel: "webhook", delivered: false, detail: "the secret team/hook cannot be read" },
  ]);
  expect(sent).toEqual([]);
});

it("does not reject when a channel breaks its promise, and passes on no text of it", async () => {
  const { senders } = recording(() => Promise.reject(new Error("https://hooks.example.com/s3cret")));
  expect(await notify([route("webhook", secret("team/hook"))], message, "k", senders)).toEqual([
    { channel: "webhook", delivered: false, detail: "the webhook channel failed unexpectedly" },
  ]);
});
