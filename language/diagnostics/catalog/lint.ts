import { error, warning } from "./entry.ts";

/** About findings that people set aside: comments that ignore them, and the baseline. */
export const lint = {
  "lint/ignore-incomplete": error(
    (p: { missing: string }) => `\`retrain-ignore\` has no ${p.missing}`,
    () =>
      "Write `// retrain-ignore CODE: reason`. The next reader of the policy needs the reason; without it nothing is ignored.",
  ),
  "lint/ignore-unknown-code": error(
    (p: { code: string; suggestion: string | undefined }) =>
      `there is no diagnostic \`${p.code}\`${p.suggestion === undefined ? "" : `, did you mean \`${p.suggestion}\`?`}`,
    () => "The code stands after the severity in every diagnostic, for example `policy/image-without-digest`.",
  ),
  "lint/ignore-error": error(
    (p: { code: string }) => `\`${p.code}\` is an error and cannot be ignored`,
    () => "Only warnings and notes can be ignored: a policy with errors has no plan. Correct what it says.",
  ),
  "lint/ignore-unused": warning(
    (p: { code: string }) => `\`${p.code}\` is ignored here, and does not occur`,
    () =>
      "A comment of its own holds for the next statement; a comment behind a statement holds for that one. For a block it holds up to its first statement.",
  ),
  "lint/baseline-stale": warning(
    (p: { code: string; policy: string }) => `\`${p.code}\` of ${p.policy} is in the baseline, and does not occur`,
    () =>
      "It was settled, or its statement was changed. Write the baseline again with `retrain check --write-baseline`.",
  ),
} as const;
