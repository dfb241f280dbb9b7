import type { Resources, Retry, Step } from "../../syntax/tree.ts";
import type { CheckedStep } from "../checked/policy.ts";
import type { Collector } from "../collector.ts";
import { readCount, readDuration, readPositive, readRange, readSize } from "../quantity.ts";
import { choose } from "../scope.ts";
import { refuseSecrets, refuseSecretVariable } from "../secrets.ts";
import { every, isIncomplete, repeated, single } from "../statements.ts";
import { checkSubstitutions } from "../substitution.ts";
import { duplicate } from "./dataset.ts";

const resourceNames = ["cpu", "memory", "gpu", "disk"] as const;
const hour = 3_600_000;

/** What names a step's texts may refer to. */
export interface StepNames {
  readonly datasets: readonly string[];
  readonly incomplete: boolean;
}

/** Checks `train { }` and `evaluate { }`: the author's own processes. */
export function checkStep(step: Step, names: StepNames, out: Collector): CheckedStep | undefined {
  const { statements } = step;
  const name = step.step.text;
  const where = `\`${name}\``;
  const image = single(statements, "Image", "`image`", where, out);
  const command = single(statements, "Command", "`command`", where, out);
  const timeout = single(statements, "Timeout", "`timeout`", where, out);
  const retry = single(statements, "Retry", "`retry`", where, out);
  const workers = single(statements, "Workers", "`workers`", where, out);
  const resources = single(statements, "Resources", "`resources`", where, out);
  const used: string[] = [];
  const reportedBefore = out.diagnostics.length;
  if (image !== undefined && !/@sha256:[0-9a-f]{64}$/u.test(image.image.value)) {
    out.report("policy/image-without-digest", image.image.span, { image: image.image.value });
  }
  if (command === undefined || command.arguments.items.length === 0) {
    if (!isIncomplete(statements)) {
      out.report("policy/missing", command?.span ?? step.step.span, {
        where,
        what: "`command`",
        why: "The command is what the step runs.",
        example: `command ["python", "${name}.py"]`,
      });
    }
  }
  for (const argument of command?.arguments.items ?? []) {
    refuseSecrets(argument, "this argument", out);
    used.push(...checkSubstitutions(argument, names.datasets, names.incomplete, out));
  }
  const env = checkEnvironment(step, names, used, out);
  const secrets = checkSecrets(step, env, out);
  const limit =
    timeout === undefined
      ? out.assume(`${name}.timeout`, hour, step.step.span, "a step may take 1h")
      : readDuration(timeout.length, "`timeout`", out);
  if (retry === undefined) out.assume(`${name}.retry.times`, 0, step.step.span, "a step is not repeated");
  const checkedRetry = retry === undefined ? { times: 0, first: 0, longest: 0 } : checkRetry(retry, name, out);
  const spot = every(statements, "OnSpot").length > 0;
  if (!spot) out.assume(`${name}.spot`, false, step.step.span, "a step runs on machines that are not taken away");
  const count =
    workers === undefined
      ? out.assume(`${name}.workers`, 1, step.step.span, "a step runs on one machine")
      : readCount(workers.count, "`workers`", out);
  const checkedResources = resources === undefined ? {} : checkResources(resources, out);
  const output = name === "train" ? "challenger.uri" : "predictions.uri";
  if (
    command !== undefined &&
    command.arguments.items.length > 0 &&
    !used.includes(output) &&
    !out.diagnostics.slice(reportedBefore).some((found) => found.code === "policy/unknown-substitution") &&
    !isIncomplete(statements)
  ) {
    out.report("policy/output-not-written", command.span, { step: name, output });
  }
  if (
    command === undefined ||
    command.arguments.items.length === 0 ||
    limit === undefined ||
    checkedRetry === undefined ||
    count === undefined
  )
    return undefined;
  return {
    name,
    span: step.step.span,
    ...(image === undefined ? {} : { image: image.image.value }),
    command: command.arguments.items.map((argument) => argument.value),
    env,
    secrets,
    resources: checkedResources,
    timeout: limit,
    retry: checkedRetry,
    spot,
    workers: count,
  };
}

function checkEnvironment(step: Step, names: StepNames, used: string[], out: Collector): Record<string, string> {
  const env: Record<string, string> = {};
  const block = single(step.statements, "Environment", "`env`", `\`${step.step.text}\``, out);
  for (const variable of block?.variables ?? []) {
    const first = block?.variables.find((other) => other.name.text === variable.name.text);
    if (first !== undefined && first !== variable) {
      duplicate(variable.name.span, first.name.span, "variable", variable.name.text, out);
      continue;
    }
    refuseSecretVariable(variable.name.text, variable.value, out);
    used.push(...checkSubstitutions(variable.value, names.datasets, names.incomplete, out));
    env[variable.name.text] = variable.value.value;
  }
  return env;
}

function checkSecrets(step: Step, env: Readonly<Record<string, string>>, out: Collector): Record<string, string> {
  const secrets: Record<string, string> = {};
  const seen = every(step.statements, "Secret");
  for (const secret of seen) {
    const first = seen.find((other) => other.name.text === secret.name.text);
    if (first !== undefined && first !== secret) {
      duplicate(secret.name.span, first.name.span, "variable", secret.name.text, out);
    } else if (Object.hasOwn(env, secret.name.text)) {
      out.report("name/duplicate", secret.name.span, { kind: "variable", name: secret.name.text });
    }
    if (!/^[^/\s]+\/[^/\s]+$/u.test(secret.from.value)) {
      out.report("policy/secret-reference", secret.from.span, { written: secret.from.value });
    }
    secrets[secret.name.text] = secret.from.value;
  }
  return secrets;
}

function checkRetry(retry: Retry, step: string, out: Collector): CheckedStep["retry"] | undefined {
  const times = readCount(retry.times, "`retry`", out, 0);
  if (times === undefined) return undefined;
  if (retry.backoff === undefined) {
    const first = out.assume(`${step}.retry.first`, 10_000, retry.span, "the first wait is 10s");
    const longest = out.assume(`${step}.retry.longest`, 300_000, retry.span, "the longest wait is 5m");
    return { times, first, longest };
  }
  const backoff = readRange(retry.backoff, (amount) => readDuration(amount, "`backoff`", out, "zero"), out);
  return backoff === undefined ? undefined : { times, first: backoff.low, longest: backoff.high };
}

function checkResources(resources: Resources, out: Collector): Record<string, number> {
  const read: Record<string, number> = {};
  for (const entry of resources.entries) {
    const name = choose(entry.name, resourceNames, "a resource", out, "policy/unknown-resource");
    if (name === undefined) continue;
    if (Object.hasOwn(read, name)) {
      repeated(undefined, entry, `\`${name}\``, "`resources`", out);
      continue;
    }
    const inBytes = name === "memory" || name === "disk";
    const amount = inBytes
      ? readSize(entry.amount, `\`${name}\``, out)
      : readPositive(entry.amount, `\`${name}\``, out);
    if (amount !== undefined) read[name] = amount;
  }
  return read;
}
