import { suggest } from "../diagnostics/suggest.ts";
import type { Name } from "../syntax/tree.ts";
import type { Span } from "../text/source.ts";
import type { CheckedDataset, CheckedMetric, Task } from "./checked/policy.ts";
import type { Collector } from "./collector.ts";

/** What the names of one policy stand for. */
export interface Scope {
  readonly out: Collector;
  readonly datasets: ReadonlyMap<string, CheckedDataset>;
  readonly metrics: ReadonlyMap<string, CheckedMetric>;
  /** Names that an import was to bring in and did not, which was reported: what uses them is not reported again. */
  readonly imported: ReadonlySet<string>;
  /** The dataset on whose held-out rows gates and stages are judged. */
  readonly judged?: CheckedDataset;
  readonly task?: Task;
  /** Some declarations do not parse: a name that is not found may be in them. */
  readonly incomplete: boolean;
}

/** Whether some dataset has a label that was reported: what needs labels is then not missing one. */
export function labelIsWrong(scope: Scope): boolean {
  return [...scope.datasets.values()].some(
    (dataset) =>
      (dataset.label === undefined && dataset.stated.label) ||
      (dataset.holdout === undefined && dataset.stated.holdout),
  );
}

/** A dataset by its name; reports one that is not there. */
export function findDataset(name: Name, scope: Scope): CheckedDataset | undefined {
  const found = scope.datasets.get(name.text);
  if (found !== undefined || scope.incomplete) return found;
  if (scope.imported.has(name.text)) return undefined;
  const datasets = [...scope.datasets.keys()];
  return unknown(name, datasets, (suggestion, fixes) =>
    scope.out.report("name/unknown-dataset", name.span, { name: name.text, suggestion, datasets }, { fixes }),
  );
}

/** Names of the columns of a dataset that a condition may read: declared ones, and those that are known by their part. */
export function columnNames(dataset: CheckedDataset): string[] {
  const names = [...dataset.columns.map((column) => column.name), dataset.time, ...dataset.key];
  if (dataset.label !== undefined) names.push(dataset.label.column);
  return [...new Set(names)];
}

/** Whether the column is there; reports one that is not. */
export function findColumn(name: Name, dataset: CheckedDataset, scope: Scope): boolean {
  const columns = columnNames(dataset);
  if (columns.includes(name.text)) return true;
  if (dataset.incomplete) return false;
  unknown(name, columns, (suggestion, fixes) =>
    scope.out.report(
      "name/unknown-column",
      name.span,
      { name: name.text, dataset: dataset.name, suggestion, columns },
      { fixes },
    ),
  );
  return false;
}

type Fixes = readonly {
  readonly label: string;
  readonly edits: readonly { readonly span: Span; readonly text: string }[];
}[];

/** Reports an unknown name with what was probably meant and the fix that writes it. */
export function unknown(
  name: Name,
  candidates: Iterable<string>,
  report: (suggestion: string | undefined, fixes: Fixes) => undefined,
): undefined {
  const suggestion = suggest(name.text, candidates);
  return report(suggestion, writeInstead(name, suggestion));
}

function writeInstead(name: Name, suggestion: string | undefined): Fixes {
  if (suggestion === undefined) return [];
  return [{ label: `write \`${suggestion}\``, edits: [{ span: name.span, text: suggestion }] }];
}

/** One of a closed list of words; reports any other with what was probably meant. `what` is `a risk`; `synonyms` are words of other systems. */
export function choose<Choice extends string>(
  name: Name,
  choices: readonly Choice[],
  what: string,
  out: Collector,
  code:
    | "name/unknown-choice"
    | "notify/unknown-event"
    | "notify/unknown-channel"
    | "policy/unknown-resource" = "name/unknown-choice",
  synonyms: Readonly<Record<string, Choice>> = {},
): Choice | undefined {
  const found = choices.find((choice) => choice === name.text);
  if (found !== undefined) return found;
  const synonym = Object.hasOwn(synonyms, name.text.toLowerCase()) ? synonyms[name.text.toLowerCase()] : undefined;
  const suggestion = synonym ?? suggest(name.text, choices);
  return out.report(
    code,
    name.span,
    { what, name: name.text, suggestion, choices },
    { fixes: writeInstead(name, suggestion) },
  );
}
