import { error, warning } from "./entry.ts";

const meant = (suggestion: string | undefined): string =>
  suggestion === undefined ? "" : `, did you mean \`${suggestion}\`?`;

/** Enumerates for a sentence: `a, b or c`; long lists are cut. */
export function oneOf(words: readonly string[]): string {
  const shown = words.length > 12 ? [...words.slice(0, 11), "..."] : words;
  if (shown.length < 2) return shown.join("");
  return `${shown.slice(0, -1).join(", ")} or ${shown.at(-1)}`;
}

/** Names that mean nothing, or two things. */
export const name = {
  "name/unknown": error(
    (p: { name: string; suggestion: string | undefined; scope: string }) =>
      `nothing here is called \`${p.name}\`${meant(p.suggestion)}`,
    (p) => `A name on its own is a metric or a column of the dataset in scope. In scope here: ${p.scope}.`,
  ),
  "name/unknown-root": error(
    (p: { name: string; suggestion: string | undefined; roots: readonly string[] }) =>
      `nothing called \`${p.name}\` has members${meant(p.suggestion)}`,
    (p) => `Before a dot stands ${oneOf(p.roots)}.`,
  ),
  "name/unknown-metric": error(
    (p: { name: string; suggestion: string | undefined }) => `there is no metric \`${p.name}\`${meant(p.suggestion)}`,
    () =>
      "A metric is a built-in one (auc, recall, log_loss, ...) or one that the policy declares with `metric NAME { }`.",
  ),
  "name/unknown-column": error(
    (p: { name: string; dataset: string; suggestion: string | undefined; columns: readonly string[] }) =>
      `dataset \`${p.dataset}\` has no column \`${p.name}\`${meant(p.suggestion)}`,
    (p) =>
      p.columns.length === 0
        ? `\`${p.dataset}\` declares no columns: add a \`columns { }\` block.`
        : `Its columns are ${p.columns.join(", ")}.`,
  ),
  "name/unknown-dataset": error(
    (p: { name: string; suggestion: string | undefined; datasets: readonly string[] }) =>
      `there is no dataset \`${p.name}\`${meant(p.suggestion)}`,
    (p) => (p.datasets.length === 0 ? "The policy declares no dataset." : `Declared: ${p.datasets.join(", ")}.`),
  ),
  "name/unknown-function": error(
    (p: { name: string; suggestion: string | undefined }) => `there is no function \`${p.name}\`${meant(p.suggestion)}`,
    () => "Functions are the statistics of data (null_rate, quantile, ...), of drift (psi, ks, ...) and of fairness.",
  ),
  "name/unknown-gate-or-stage": error(
    (p: { name: string; suggestion: string | undefined; known: readonly string[] }) =>
      `there is no gate or earlier stage \`${p.name}\`${meant(p.suggestion)}`,
    (p) =>
      `\`use\` repeats the requirements of a gate or of a stage that stands before this one${p.known.length === 0 ? "" : `: ${oneOf(p.known)}`}.`,
  ),
  "name/unknown-choice": error(
    (p: { what: string; name: string; suggestion: string | undefined; choices: readonly string[] }) =>
      `\`${p.name}\` is not ${p.what}${meant(p.suggestion)}`,
    (p) => `It can be ${oneOf(p.choices)}.`,
  ),
  "name/duplicate": error(
    (p: { kind: string; name: string }) => `${p.kind} \`${p.name}\` is declared twice`,
    () => "Every name stands for one thing. Rename or remove one of the two.",
  ),
  "name/ambiguous": error(
    (p: { name: string; first: string; second: string }) => `\`${p.name}\` is both ${p.first} and ${p.second}`,
    () => "A name on its own must mean one thing. Rename one of the two.",
  ),
  "name/reserved": error(
    (p: { kind: string; name: string }) => `a ${p.kind} cannot be called \`${p.name}\``,
    () => "`challenger`, `champion` and `baseline` always mean the versions of the model.",
  ),
  "name/unused": warning(
    (p: { kind: string; name: string }) => `${p.kind} \`${p.name}\` is never used`,
    () => "Use it or remove it, so that a reader does not take it for a rule that holds.",
  ),
} as const;
