import type { CheckedNotification, NotifyEvent } from "../../language/semantics/checked/policy.ts";
import type { Reader } from "./reader.ts";
import { listed, type Writer } from "./sentence.ts";

const events: Readonly<Record<NotifyEvent, string>> = {
  fired: "a run starts",
  suppressed: "a reason to retrain is held back",
  refused: "a challenger is refused",
  failed: "a run breaks",
  approval_needed: "an approval is needed",
  promoted: "a version is promoted",
  rolled_back: "a version was rolled back",
  rollback_failed: "a rollback did not succeed",
  inconclusive: "something stays undecided",
  held: "a stage is held",
};

/** Who is told what. */
export function sayNotify(notify: readonly CheckedNotification[], reader: Reader, writer: Writer): void {
  for (const { events: of, channel, address, span } of notify) {
    const where =
      address.kind === "secret" ? `an address kept in the secret \`${address.reference}\`` : `\`${address.value}\``;
    const how = { slack: "Slack", email: "mail", webhook: "a webhook", pagerduty: "PagerDuty" }[channel];
    writer.say(
      reader.line(span),
      `A message goes to ${where} by ${how} when ${listed(
        of.map((event) => events[event]),
        "or",
      )}.`,
    );
  }
}

/** The head of a policy: what it is for and who answers for it. */
export function sayHead(reader: Reader, writer: Writer): void {
  const { policy } = reader;
  const heads = {
    description: "What it is for, in the author's words:",
    owner: "Who answers for it:",
    intended_use: "Intended use:",
    out_of_scope: "Out of scope:",
    not_measured: "Not measured:",
  } as const;
  const prose = reader.items("Prose");
  for (const item of prose) {
    const text = item.text.value.trim().replace(/\s+/gu, " ");
    writer.say(reader.line(item.span), `${heads[item.word.text]} ${/[.!?]$/u.test(text) ? text : `${text}.`}`);
  }
  const [risk] = reader.items("Risk");
  writer.say(
    risk === undefined ? reader.firstLine : reader.line(risk.span),
    `A wrong version would do ${{ low: "little", medium: "some", high: "much" }[policy.risk]} harm: its risk is ${policy.risk}${reader.mark("risk")}.`,
  );
  for (const observe of reader.items("ObserveOnly")) {
    writer.say(
      reader.line(observe.span),
      "THIS POLICY STOPS NOTHING BEFORE THE ROLLOUT: its gates and its rules for data only observe.",
    );
  }
  for (const review of reader.items("ReviewBy")) {
    writer.say(reader.line(review.span), `These rules must be looked over by ${review.date.raw}.`);
  }
}

/** When nothing moves. */
export function sayFreezes(reader: Reader, writer: Writer): void {
  for (const freeze of reader.policy.freezes) {
    const node = reader.items("Freeze").find((one) => one.span.start === freeze.span.start);
    const dates =
      node === undefined || !("raw" in node.range.low) || !("raw" in node.range.high)
        ? `From ${new Date(freeze.from).toISOString()} to ${new Date(freeze.until).toISOString()}`
        : `From ${node.range.low.raw} to ${node.range.high.raw}, both days included, ${zoneOf(node.zone.value)}`;
    const what = freeze.scope === "all" ? "no run starts and no rollout moves" : "no rollout moves";
    writer.say(
      reader.line(freeze.span),
      `${dates}: ${what}, because: ${freeze.because.replace(/\.$/u, "")}. A rollback is always possible.`,
    );
  }
}

function zoneOf(zone: string): string {
  return `as ${zone} counts days`;
}
