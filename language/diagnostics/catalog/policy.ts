import { error, info, warning } from "./entry.ts";
import { oneOf } from "./name.ts";

/** What a policy as a whole must say, and how its steps are written. */
export const policy = {
  "policy/missing": error(
    (p: { where: string; what: string }) => `${p.where} has no ${p.what}`,
    (p: { where: string; what: string; why: string; example: string }) => `${p.why} Add for example \`${p.example}\`.`,
  ),
  "policy/repeated": error(
    (p: { what: string; where: string }) => `${p.what} is said twice in ${p.where}`,
    () => "Only one of them can hold. Remove the other one.",
  ),
  "policy/empty-text": error(
    (p: { what: string }) => `${p.what} is empty`,
    () => "Write what a reviewer needs to know.",
  ),
  "policy/empty-block": error(
    (p: { what: string; needs: string }) => `${p.what} says nothing`,
    (p) => `It needs ${p.needs}.`,
  ),
  "policy/review-overdue": warning(
    (p: { date: string }) => `this policy was to be reviewed by ${p.date}`,
    () => "Review it with its owner and move the date.",
  ),
  "policy/review-overdue-high": error(
    (p: { date: string }) => `this policy of high risk was to be reviewed by ${p.date}`,
    () => "At high risk nothing is started after that day. Review it with its owner and move the date.",
  ),
  "policy/language-version": error(
    (p: { written: string; known: number }) => `this file is written in version ${p.written} of the language`,
    (p) => `This version of retrain reads version ${p.known}. Install a newer one, or rewrite the file.`,
  ),
  "policy/image-without-digest": warning(
    (p: { image: string }) => `image \`${p.image}\` is not pinned by digest`,
    () => "A tag can be moved to other content, so two runs may not be the same. Write `NAME@sha256:...`.",
  ),
  "policy/secret-as-text": error(
    (p: { what: string }) => `${p.what} looks like a secret`,
    () =>
      'Policies are read by many and kept for ever. Keep the secret in a secret store and write `secret NAME from "secret/key"`.',
  ),
  "policy/secret-reference": error(
    (p: { written: string }) => `\`${p.written}\` does not say where the secret is`,
    () => "A reference is `secret/key`: the name of the secret and the key in it, such as `warehouse/password`.",
  ),
  "policy/unknown-substitution": error(
    (p: { written: string; suggestion: string | undefined }) =>
      `\`\${${p.written}}\` is nothing that a step can be given${p.suggestion === undefined ? "" : `, did you mean \`\${${p.suggestion}}\`?`}`,
    (p: { written: string; suggestion: string | undefined; known: readonly string[] }) =>
      `There is ${oneOf(p.known)}. A literal is written \`$\${\`.`,
  ),
  "policy/substitution-not-here": error(
    (p: { written: string; where: string }) => `\`\${${p.written}}\` is not filled in ${p.where}`,
    () => "Run-time values stand in the commands and the env of steps. A literal is written `$${`.",
  ),
  "policy/output-not-written": warning(
    (p: { step: string; output: string }) =>
      `the ${p.step} step is never told where to write: \`\${${p.output}}\` is not in its command or env`,
    (p) =>
      `The step is also given the variable RETRAIN_${p.output.split(".")[0]?.toUpperCase()}_URI; if it reads that, this is in order.`,
  ),
  "policy/no-rollout": info(
    (p: { policy: string }) => `\`${p.policy}\` promotes nothing: it has no \`rollout\``,
    () =>
      "A run ends when the challenger is registered. That may be meant; add a `rollout` block to bring it to users.",
  ),
  "policy/unknown-resource": error(
    (p: { what: string; name: string; suggestion: string | undefined; choices: readonly string[] }) =>
      `\`${p.name}\` is not ${p.what}${p.suggestion === undefined ? "" : `, did you mean \`${p.suggestion}\`?`}`,
    (p) => `Resources are ${oneOf(p.choices)}.`,
  ),
  "policy/range-upside-down": error(
    (p: { low: string; high: string }) => `the range ends before it begins: ${p.low}..${p.high}`,
    (p) =>
      p.low === p.high
        ? "Nothing lies in it. Write an end that lies above the beginning."
        : `Nothing lies in it. Write the smaller end first: \`${p.high}..${p.low}\`.`,
  ),
  "policy/observes-only": warning(
    (p: { policy: string }) => `\`${p.policy}\` only observes: no gate and no \`validate\` stops a run`,
    () =>
      "What they would have decided is recorded, and every challenger goes on to the rollout. Remove `observe only` to make them count.",
  ),
  "policy/freeze-over": warning(
    (p: { until: string }) => `this freeze ended on ${p.until}`,
    () => "It holds nothing back any more. Remove it, or move it to the next time.",
  ),
} as const;
