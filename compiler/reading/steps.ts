import type { CheckedStep } from "../../language/semantics/checked/policy.ts";
import { counted, duration, number, size } from "./quantities.ts";
import type { Reader } from "./reader.ts";
import { listed, type Writer } from "./sentence.ts";

/** What the author's own process does, where it runs, and how long it may take. */
export function sayStep(step: CheckedStep, reader: Reader, writer: Writer): void {
  const node = reader.items("Step").find((one) => one.step.text === step.name);
  const command = `\`${step.command.join(" ")}\``;
  const does =
    step.name === "train"
      ? "A run trains a challenger on the training rows with"
      : "Then it scores the challenger and the champion on the same held-out rows with";
  writer.say(reader.at(node, "Command"), `${does} ${command}.`);
  if (step.image !== undefined)
    writer.say(reader.at(node, "Image"), `The command runs in the image \`${step.image}\`.`);
  const given = [
    ...Object.entries(step.env).map(([name, text]) => `${name} as \`${text}\``),
    ...Object.entries(step.secrets).map(([name, secret]) => `${name} from the secret \`${secret}\``),
  ];
  if (given.length > 0) {
    const line = Object.keys(step.env).length > 0 ? reader.at(node, "Environment") : reader.at(node, "Secret");
    writer.say(line, `It is given ${listed(given)}.`);
  }
  const resources = Object.entries(step.resources).map(([name, amount]) =>
    name === "memory" || name === "disk"
      ? `${size(amount)} of ${name}`
      : name === "gpu"
        ? counted(amount, "GPU")
        : `${number(amount)} CPU${amount === 1 ? "" : "s"}`,
  );
  if (resources.length > 0) writer.say(reader.at(node, "Resources"), `It gets ${listed(resources)}.`);
  if (step.workers > 1) writer.say(reader.at(node, "Workers"), `It is spread over ${number(step.workers)} machines.`);
  if (step.spot) writer.say(reader.at(node, "OnSpot"), "It runs on cheap machines that may be taken away at any time.");
  const { times, first, longest } = step.retry;
  const wait =
    first === longest || times === 1 ? duration(first) : `${duration(first)}, later up to ${duration(longest)}`;
  const again =
    times === 0
      ? `is not tried again if it breaks${reader.mark(`${step.name}.retry.times`)}`
      : `is tried again ${times === 1 ? "once" : `up to ${times} times`} if it breaks, after ${wait}${reader.mark(`${step.name}.retry.first`)}`;
  writer.say(
    reader.at(node, "Timeout"),
    `It may take ${duration(step.timeout)}${reader.mark(`${step.name}.timeout`)} and ${again}.`,
  );
}
