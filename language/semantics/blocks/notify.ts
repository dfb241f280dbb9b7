import type { Notify } from "../../syntax/tree.ts";
import type { CheckedNotification, NotifyEvent } from "../checked/policy.ts";
import type { Collector } from "../collector.ts";
import { choose } from "../scope.ts";
import { refuseSecrets } from "../secrets.ts";
import { every } from "../statements.ts";

/** Events that can be told. */
export const notifyEvents: readonly NotifyEvent[] = [
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
];
const channels = ["slack", "email", "webhook", "pagerduty"] as const;

/** What an address of each channel looks like. */
const addresses = {
  slack: { shape: /^[#@].+/u, wanted: 'a channel or a person, such as `"#risk-ml"`' },
  email: { shape: /^[^\s@]+@[^\s@]+$/u, wanted: 'an address, such as `"risk-ml@example.com"`' },
  webhook: { shape: /^https?:\/\/[^\s/]+/u, wanted: 'an http or https URL, such as `"https://example.com/hook"`' },
  pagerduty: { shape: /^\S+$/u, wanted: 'the name of a service, such as `"fraud-oncall"`' },
} as const;

/** Checks `notify { }`: which events are told where. */
export function checkNotify(notify: Notify, out: Collector): CheckedNotification[] {
  const routes: CheckedNotification[] = [];
  for (const rule of every(notify.statements, "NotifyRule")) {
    const told: NotifyEvent[] = [];
    for (const name of rule.events) {
      const event = choose(name, notifyEvents, "an event", out, "notify/unknown-event");
      if (event === undefined) continue;
      if (told.includes(event)) out.report("policy/repeated", name.span, { what: `\`${event}\``, where: "this line" });
      else told.push(event);
    }
    const channel = choose(rule.channel, channels, "a channel", out, "notify/unknown-channel");
    if (channel === undefined) continue;
    const value = rule.address.value;
    if (rule.secret) {
      if (!/^[^/\s]+\/[^/\s]+$/u.test(value))
        out.report("policy/secret-reference", rule.address.span, { written: value });
    } else {
      refuseSecrets(rule.address, "this address", out);
      const { shape, wanted } = addresses[channel];
      if (!shape.test(value)) out.report("notify/bad-address", rule.address.span, { channel, address: value, wanted });
    }
    if (told.length === 0) continue;
    const address = rule.secret ? ({ kind: "secret", reference: value } as const) : ({ kind: "plain", value } as const);
    routes.push({ events: told, channel, address, span: rule.span });
  }
  return routes;
}
