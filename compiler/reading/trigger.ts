import { singleCauses } from "../../language/semantics/blocks/trigger.ts";
import type { CheckedTrigger } from "../../language/semantics/checked/trigger.ts";
import { causeWords } from "./causes.ts";
import { counted, duration, every, number } from "./quantities.ts";
import type { Reader } from "./reader.ts";
import { listed, type Writer } from "./sentence.ts";

/** When a run starts, and what holds one back. */
export function sayTrigger(trigger: CheckedTrigger, reader: Reader, writer: Writer): void {
  const [node] = reader.items("Trigger");
  const { causes } = trigger;
  const [only] = causes;
  if (causes.length === 1 && only !== undefined) {
    writer.say(reader.line(only.span), `The model is retrained ${causeWords(only, reader)}, and for no other reason.`);
  } else if (causes.length > 1) {
    writer.say(
      reader.at(node, "Check", () => false),
      "The model is retrained for any of these reasons:",
    );
    causes.forEach((cause, index) => {
      const end = index === causes.length - 1 ? "." : index === causes.length - 2 ? "; or" : ";";
      writer.part(reader.line(cause.span), `${causeWords(cause, reader)}${end}`);
    });
  }
  saySettings(trigger, reader, writer);
}

function saySettings(trigger: CheckedTrigger, reader: Reader, writer: Writer): void {
  const [node] = reader.items("Trigger");
  const { check, settle, grace, queue, cooldown, budget, breaker, missing } = trigger;
  const judged = singleCauses(trigger).some((cause) => cause.kind !== "schedule" && cause.kind !== "event");
  const scheduled = singleCauses(trigger).some((cause) => cause.kind === "schedule");
  if (judged) {
    writer.say(
      reader.at(node, "Check"),
      `Data and the champion are looked at ${every(check)}${reader.mark("trigger.check")}.`,
    );
  }
  writer.say(
    reader.at(node, "Settle"),
    settle === 0
      ? `A run starts as soon as one of its reasons holds${reader.mark("trigger.settle")}.`
      : `A run starts ${duration(settle)} after a reason begins to hold, so that reasons which come together start one run${reader.mark("trigger.settle")}.`,
  );
  if (scheduled) {
    writer.say(
      reader.at(node, "Grace"),
      grace === 0
        ? `A scheduled time that was missed is not made up for${reader.mark("trigger.grace")}.`
        : `A scheduled time that was missed, because the machine was off for example, is made up for within ${duration(grace)} and left out after that${reader.mark("trigger.grace")}.`,
    );
  }
  const queues = {
    latest: "reasons that come up meanwhile are kept, and start one run afterwards unless a promotion settled them",
    skip: "reasons that come up meanwhile are left to it, and what its promotion has not settled comes back when it ends",
    replace: "a new reason stops it and starts another, unless its rollout has begun",
  } as const;
  writer.say(
    reader.at(node, "Queue"),
    `Only one run is under way at a time: ${queues[queue]}${reader.mark("trigger.queue")}.`,
  );
  const outcomes = [
    ["promotion", "a promotion"],
    ["refusal", "a refused challenger"],
    ["failure", "a run that broke"],
    ["rollback", "a rollback"],
  ] as const;
  const mark = (outcome: keyof typeof cooldown) => reader.mark(`trigger.cooldown.${outcome}`);
  const waits = outcomes.flatMap(([outcome, what]) =>
    cooldown[outcome] === 0 ? [] : [`${duration(cooldown[outcome])} after ${what}${mark(outcome)}`],
  );
  const atOnce = outcomes.flatMap(([outcome, what]) =>
    cooldown[outcome] === 0 ? [`after ${what}${mark(outcome)}`] : [],
  );
  const line = reader.at(node, "Cooldown");
  if (waits.length > 0) writer.say(line, `Before the next run it waits ${listed(waits)}.`);
  if (atOnce.length > 0) writer.say(line, `It does not wait ${listed(atOnce, "or")}.`);
  if (budget !== undefined) {
    const limits = [
      ...(budget.runs === undefined ? [] : [counted(budget.runs, "run")]),
      ...(budget.gpuHours === undefined ? [] : [`${number(budget.gpuHours)} GPU hours`]),
    ];
    writer.say(
      reader.at(node, "Budget"),
      `In any ${duration(budget.per)}, training may use at most ${listed(limits)}; a reason beyond that waits until there is room.`,
    );
  }
  const opens = `${duration(breaker.opensFor)}${reader.mark("trigger.breaker.opensFor")}`;
  writer.say(
    reader.at(node, "Breaker"),
    `After ${counted(breaker.failures, "broken run")} in a row${reader.mark("trigger.breaker.failures")}, and after any rollback at once, nothing starts a run for ${opens}; then one run is let through.`,
  );
  if (!judged) return;
  const holds =
    missing.action === "hold"
      ? "A look that gets no answer (a source is down, rows are too few) is never taken as a reason, and leaves a count of looks as it is"
      : "A look that gets no answer (a source is down, rows are too few) is never taken as a reason, and sets a count of looks back to zero";
  const told = `after ${counted(missing.notifyAfter, "such look")} in a row${reader.mark("trigger.missing.notifyAfter")} people are told`;
  writer.say(reader.at(node, "OnMissing"), `${holds}${reader.mark("trigger.missing.action")}; ${told}.`);
}
