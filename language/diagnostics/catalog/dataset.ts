import { error } from "./entry.ts";

/** Where rows come from and which of them may be used for what. */
export const dataset = {
  "dataset/label-not-declared": error(
    (p: { label: string; dataset: string }) => `label \`${p.label}\` is not among the columns of \`${p.dataset}\``,
    (p) =>
      `The type of the label says what the model predicts. Add \`${p.label} boolean\` (or category, number, integer) to its columns block.`,
  ),
  "dataset/label-type": error(
    (p: { label: string; type: string }) => `a ${p.type} column cannot be a label: \`${p.label}\``,
    () => "A label is boolean (two classes), category (several classes), number or integer (a quantity).",
  ),
  "dataset/no-holdout": error(
    (p: { gate: string }) => `${p.gate} has no rows to judge on: no dataset has a \`holdout\``,
    () =>
      "The holdout is the newest rows with mature labels, kept from training. Add `holdout 14d` or `holdout last 10%` to the dataset with the label.",
  ),
  "dataset/several-holdouts": error(
    (p: { first: string; second: string }) => `both \`${p.first}\` and \`${p.second}\` have a holdout`,
    () => "Gates and stages are judged on the rows of one dataset. Keep the holdout of the dataset with the label.",
  ),
  "dataset/holdout-without-label": error(
    (p: { dataset: string }) => `\`${p.dataset}\` has a holdout and no label`,
    () => "Rows are held out to compare predictions with labels. Add `label COLUMN matures after 1d`.",
  ),
} as const;
