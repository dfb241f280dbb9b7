import { error, warning } from "./entry.ts";

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
  "dataset/column-read-twice": error(
    (p: { first: string; second: string; source: string }) =>
      `\`${p.second}\` reads \`${p.source}\`, which \`${p.first}\` reads already`,
    () =>
      "One column of the source would stand in two places of every row. Name another one after `from`, or remove one of the two.",
  ),
  "dataset/holdout-too-small": error(
    (p: { dataset: string; has: string; needed: string }) =>
      `the holdout of \`${p.dataset}\` can expect ${p.has}, and nothing is judged on fewer than ${p.needed}`,
    (p: { dataset: string; has: string; needed: string; sum: string }) =>
      `Expected are ${p.sum}. Every run would end as refused before it trains. Hold out a longer span.`,
  ),
  "dataset/training-unbounded": warning(
    (p: { dataset: string; rows: string }) =>
      `training on \`${p.dataset}\` copies all rows there are: ${p.rows} for each year`,
    () =>
      "The rows of a run are written out for its steps. Say how far back training looks, for example `training 180d`.",
  ),
  "dataset/current-cuts-weeks": warning(
    (p: { current: string; column: string; dataset: string }) =>
      `a window of ${p.current} holds some weekdays more often than others, and \`${p.column}\` is one`,
    () => "Its distribution then changes with every check although nothing has changed. Take `7d`, `14d` or `28d`.",
  ),
} as const;
