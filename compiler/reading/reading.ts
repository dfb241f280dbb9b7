import type { CheckedPolicy } from "../../language/semantics/checked/policy.ts";
import { parse } from "../../language/syntax/parse.ts";
import type { Policy } from "../../language/syntax/tree.ts";
import type { Span } from "../../language/text/source.ts";
import { sayDataset, sayMetric } from "./dataset.ts";
import { sayGate, sayValidate } from "./gate.ts";
import { sayModel } from "./model.ts";
import { sayFreezes, sayHead, sayNotify } from "./notices.ts";
import { Reader } from "./reader.ts";
import { sayRollout } from "./rollout.ts";
import { type Chapter, type Reading, Writer } from "./sentence.ts";
import { sayStep } from "./steps.ts";
import { sayTrigger } from "./trigger.ts";

/**
 * A checked policy in plain English, sentence by sentence, in the order of its file. Every value that nobody wrote is marked
 * `(default)`. What the checker does not check yet is named in a last chapter. Works on policies with errors too: what could
 * not be understood has no sentence. `node` is the policy's tree; without it the policy's own file is parsed again.
 */
export function readPolicy(policy: CheckedPolicy, node: Policy | undefined = writtenPolicy(policy)): Reading {
  const reader = new Reader(policy, node);
  const chapters: Chapter[] = [];
  const chapter = (title: string, line: number, write: (writer: Writer) => void) => {
    const writer = new Writer();
    write(writer);
    if (writer.sentences.length > 0) chapters.push({ title, line, sentences: writer.sentences });
  };
  const { body } = policy;
  const lineOf = (kind: "Model" | "Trigger" | "Notify" | "Freeze", checked?: Span) => {
    const [first] = reader.items(kind);
    const span = first?.span ?? checked;
    return span === undefined ? Number.MAX_SAFE_INTEGER : reader.line(span);
  };
  chapter("The policy", reader.firstLine, (writer) => sayHead(reader, writer));
  if (body !== undefined)
    chapter("The model", lineOf("Model", body.model.registry.span), (writer) => sayModel(body.model, reader, writer));
  for (const dataset of policy.datasets) {
    chapter(`The data: ${dataset.name}`, reader.line(dataset.span), (writer) => sayDataset(dataset, reader, writer));
  }
  const [firstMetric] = policy.metrics;
  if (firstMetric !== undefined) {
    chapter("Its own metrics", reader.line(firstMetric.span), (writer) => {
      for (const metric of policy.metrics) sayMetric(metric, reader, writer);
    });
  }
  if (body !== undefined) {
    chapter("When to retrain", lineOf("Trigger", body.trigger.causes[0]?.span), (writer) =>
      sayTrigger(body.trigger, reader, writer),
    );
  }
  for (const program of policy.validate) {
    chapter(`Before training: ${program.name}`, reader.line(program.span), (writer) =>
      sayValidate(program, reader, writer),
    );
  }
  for (const step of body === undefined ? [] : [body.train, body.evaluate]) {
    chapter(step.name === "train" ? "Training" : "Evaluation", reader.line(step.span), (writer) =>
      sayStep(step, reader, writer),
    );
  }
  for (const program of policy.gates) {
    chapter(`Gate: ${program.name}`, reader.line(program.span), (writer) => sayGate(program, reader, writer));
  }
  const { rollout } = policy;
  chapter("Rollout", rollout === undefined ? Number.MAX_SAFE_INTEGER : reader.line(rollout.span), (writer) => {
    if (rollout !== undefined) sayRollout(rollout, reader, writer);
    else if (!policy.broken) {
      writer.say(
        reader.firstLine,
        "There is no rollout: a challenger that passes is kept in the registry, and nothing puts it into service.",
      );
    }
  });
  if (policy.notify.length > 0)
    chapter("Messages", lineOf("Notify", policy.notify[0]?.span), (writer) => sayNotify(policy.notify, reader, writer));
  if (policy.freezes.length > 0)
    chapter("Quiet days", lineOf("Freeze", policy.freezes[0]?.span), (writer) => sayFreezes(reader, writer));
  const ordered = chapters.sort((left, right) => left.line - right.line);
  return { policy: policy.name, file: policy.source.path, chapters: ordered, words: reader.words };
}

function writtenPolicy({ name, source }: CheckedPolicy): Policy | undefined {
  const { declarations } = parse(source).file;
  return declarations.find((one): one is Policy => one.kind === "Policy" && one.name.text === name);
}
