import type { Columns, Dataset, Expect, LabelColumn } from "../../syntax/tree.ts";
import type { Span } from "../../text/source.ts";
import type { CheckedColumn, CheckedDataset } from "../checked/policy.ts";
import type { Collector } from "../collector.ts";
import { readCount, readDuration, readNumber, readRange, readShare } from "../quantity.ts";
import { choose } from "../scope.ts";
import { refuseSecrets } from "../secrets.ts";
import { every, isIncomplete, single } from "../statements.ts";

const sources = ["parquet", "csv", "jsonl", "table"] as const;
const columnTypes = ["number", "integer", "category", "boolean", "timestamp", "text"] as const;
/** What other systems call these types. */
const typeSynonyms: Readonly<Record<string, (typeof columnTypes)[number]>> = {
  string: "text",
  str: "text",
  varchar: "text",
  enum: "category",
  categorical: "category",
  bool: "boolean",
  int: "integer",
  bigint: "integer",
  float: "number",
  double: "number",
  decimal: "number",
  date: "timestamp",
  datetime: "timestamp",
};
const labelTypes = ["boolean", "category", "number", "integer"];

/** Checks `dataset NAME { }`: where rows are, what their columns mean, and which windows of them are used for what. */
export function checkDataset(dataset: Dataset, out: Collector): CheckedDataset | undefined {
  const { statements } = dataset;
  const name = dataset.name.text;
  const where = `dataset \`${name}\``;
  const missing = (what: string, why: string, example: string): undefined =>
    isIncomplete(statements)
      ? undefined
      : out.report("policy/missing", dataset.name.span, { where, what, why, example });
  const source = single(statements, "DataSource", "`source`", where, out);
  const time = single(statements, "TimeColumn", "`time`", where, out);
  const key = single(statements, "KeyColumns", "`key`", where, out);
  const block = single(statements, "Columns", "`columns`", where, out);
  const columns = block === undefined ? [] : checkColumns(block, name, out);
  const incomplete = isIncomplete(statements) || (block !== undefined && isIncomplete(block.columns));
  const label = checkLabel(single(statements, "LabelColumn", "`label`", where, out), columns, name, incomplete, out);
  const reference = checkReference(dataset, where, out);
  const current = single(statements, "CurrentWindow", "`current`", where, out);
  const training = single(statements, "TrainingWindow", "`training`", where, out);
  const holdout = checkHoldout(dataset, where, out);
  if (holdout !== undefined && label === undefined && !incomplete && every(statements, "LabelColumn").length === 0) {
    out.report("dataset/holdout-without-label", dataset.name.span, { dataset: name });
  }
  const kind =
    source === undefined
      ? missing("`source`", "Rows must come from somewhere.", 'source parquet "data/rows.parquet"')
      : choose(source.format, sources, "a kind of source", out);
  if (source !== undefined) refuseSecrets(source.uri, "this address", out);
  if (time === undefined)
    missing("`time`", "Windows, holdouts and freshness follow the time of each row.", "time event_time");
  if (key === undefined) missing("`key`", "Rows are matched with predictions and labels by their key.", "key row_id");
  const currentLength = current && readDuration(current.length, "`current`", out);
  const trainingLength = training && readDuration(training.length, "`training`", out);
  return {
    name,
    span: dataset.name.span,
    source: { kind: kind ?? "parquet", uri: source?.uri.value ?? "", span: source?.span ?? dataset.name.span },
    time: time?.column.text ?? "",
    key: key?.columns.map((column) => column.text) ?? [],
    ...(label === undefined ? {} : { label }),
    ...(reference === undefined ? {} : { reference }),
    ...(currentLength === undefined ? {} : { current: currentLength }),
    ...(holdout === undefined ? {} : { holdout }),
    ...(trainingLength === undefined ? {} : { training: trainingLength }),
    columns,
    expected: checkExpected(every(statements, "Expect"), where, out),
    stated: {
      label: every(statements, "LabelColumn").length > 0,
      reference: every(statements, "ReferenceWindow").length + every(statements, "ReferenceFixed").length > 0,
      current: current !== undefined,
      holdout: every(statements, "Holdout").length > 0,
    },
    incomplete,
  };
}

function checkLabel(
  label: LabelColumn | undefined,
  columns: readonly CheckedColumn[],
  dataset: string,
  incomplete: boolean,
  out: Collector,
): CheckedDataset["label"] {
  if (label === undefined) return undefined;
  const maturesAfter = readDuration(label.maturesAfter, "the maturity of a label", out, "zero");
  const column = columns.find((candidate) => candidate.name === label.column.text);
  if (column === undefined) {
    if (!incomplete) out.report("dataset/label-not-declared", label.column.span, { label: label.column.text, dataset });
    return undefined;
  }
  if (!labelTypes.includes(column.type)) {
    return out.report(
      "dataset/label-type",
      label.column.span,
      { label: label.column.text, type: column.type },
      { labels: [{ span: column.span, text: "declared here" }] },
    );
  }
  return maturesAfter === undefined ? undefined : { column: label.column.text, maturesAfter, span: label.span };
}

function checkReference(dataset: Dataset, where: string, out: Collector): CheckedDataset["reference"] {
  const windows = every(dataset.statements, "ReferenceWindow");
  const fixed = every(dataset.statements, "ReferenceFixed");
  const all = [...windows, ...fixed].sort((left, right) => left.span.start - right.span.start);
  const [first, ...others] = all;
  for (const other of others) {
    out.report(
      "policy/repeated",
      other.span,
      { what: "`reference`", where },
      first === undefined ? {} : { labels: [{ span: first.span, text: "said here first" }] },
    );
  }
  if (first === undefined) return undefined;
  if (first.kind === "ReferenceFixed") {
    refuseSecrets(first.uri, "this address", out);
    return { kind: "fixed", uri: first.uri.value };
  }
  const length = readDuration(first.length, "`reference`", out);
  return length === undefined ? undefined : { kind: "before_promotion", length };
}

function checkHoldout(dataset: Dataset, where: string, out: Collector): CheckedDataset["holdout"] {
  const holdout = single(dataset.statements, "Holdout", "`holdout`", where, out);
  if (holdout === undefined) return undefined;
  if (holdout.last) {
    const share = readShare(holdout.length, "`holdout last`", out, { ends: "open", only: "percent" });
    return share === undefined ? undefined : { kind: "share", share };
  }
  const length = readDuration(holdout.length, "`holdout`", out);
  return length === undefined ? undefined : { kind: "span", length };
}

function checkExpected(expects: readonly Expect[], where: string, out: Collector): CheckedDataset["expected"] {
  const expected: { rows?: number; positives?: number; negatives?: number } = {};
  for (const expect of expects) {
    const count = readCount(expect.count, "an expected number", out);
    const per = readDuration(expect.per, "the time of `expect`", out);
    const noun = expect.noun.text;
    if (noun !== "rows" && noun !== "positives" && noun !== "negatives") {
      out.report("type/qualifier", expect.span, {
        qualifier: `expect ... ${noun}`,
        why: "a dataset gains `rows`, `positives` and `negatives`",
      });
    } else if (expected[noun] !== undefined) {
      out.report("policy/repeated", expect.span, { what: `\`expect ${noun}\``, where });
    } else if (count !== undefined && per !== undefined) {
      expected[noun] = count / (per / 1000);
    }
  }
  return expected;
}

function checkColumns(block: Columns, dataset: string, out: Collector): CheckedColumn[] {
  const columns = new Map<string, CheckedColumn>();
  for (const column of block.columns) {
    if (column.kind === "Broken") continue;
    const name = column.name.kind === "Text" ? column.name.value : column.name.text;
    const first = columns.get(name);
    if (first !== undefined) {
      duplicate(column.name.span, first.span, `column`, name, out);
      continue;
    }
    const type = choose(column.type, columnTypes, "a type of column", out, "name/unknown-choice", typeSynonyms);
    const from = column.from?.value;
    if (column.from !== undefined && column.from.value.trim() === "")
      out.report("policy/empty-text", column.from.span, { what: `the name of \`${name}\` in the source` });
    const shared = [...columns.values()].find((other) => (other.from ?? other.name) === (from ?? name));
    if (shared !== undefined) {
      out.report(
        "dataset/column-read-twice",
        column.span,
        { first: shared.name, second: name, source: from ?? name },
        { labels: [{ span: shared.span, text: "reads it first" }] },
      );
    }
    const read = { name, optional: column.optional, span: column.span, ...(from === undefined ? {} : { from }) };
    if (type === undefined) {
      columns.set(name, { ...read, type: "text" });
      continue;
    }
    const numeric = type === "number" || type === "integer";
    if (column.range !== undefined && !numeric) {
      out.report("type/qualifier", column.range.span, {
        qualifier: "in LOW..HIGH",
        why: `only number and integer columns have a range, and \`${name}\` is a ${type} column`,
      });
    }
    if (column.oneOf !== undefined && type !== "category") {
      out.report("type/qualifier", column.oneOf.span, {
        qualifier: "one of [...]",
        why: `only category columns have categories, and \`${name}\` is a ${type} column`,
      });
    }
    const range =
      column.range && numeric
        ? readRange(column.range, (amount) => readNumber(amount, `the range of \`${name}\``, out), out)
        : undefined;
    const oneOf = type === "category" ? column.oneOf?.items.map((item) => item.value) : undefined;
    columns.set(name, {
      ...read,
      type,
      ...(range === undefined ? {} : { range }),
      ...(oneOf === undefined ? {} : { oneOf }),
    });
  }
  if (columns.size === 0 && !isIncomplete(block.columns)) {
    out.report("policy/empty-block", block.span, {
      what: `the columns block of \`${dataset}\``,
      needs: "a column, for example `amount number`",
    });
  }
  return [...columns.values()];
}

/** Reports a name that is declared twice, with the place of the first. */
export function duplicate(again: Span, first: Span, kind: string, name: string, out: Collector): undefined {
  return out.report(
    "name/duplicate",
    again,
    { kind, name },
    { labels: [{ span: first, text: "declared here first" }] },
  );
}
