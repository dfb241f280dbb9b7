import type { CheckedColumn, CheckedDataset, CheckedMetric } from "../../language/semantics/checked/policy.ts";
import { duration, number, percent, value } from "./quantities.ts";
import type { Reader } from "./reader.ts";
import { listed, type Writer } from "./sentence.ts";

const sources = { parquet: "Parquet files", csv: "CSV files", jsonl: "JSON-lines files", table: "the table" } as const;

/** Where rows come from, what is predicted, and which rows are used for what. */
export function sayDataset(dataset: CheckedDataset, reader: Reader, writer: Writer): void {
  const node = reader.items("Dataset").find((one) => one.name.text === dataset.name);
  const { label, holdout, training, reference, current } = dataset;
  const key = listed(dataset.key.map((one) => `\`${one}\``));
  writer.say(
    reader.line(dataset.source.span),
    `Rows come from ${sources[dataset.source.kind]} \`${dataset.source.uri}\`. \`${dataset.time}\` says when a row happened, and ${key} ${dataset.key.length === 1 ? "names" : "name"} it.`,
  );
  if (label !== undefined) {
    const wait =
      label.maturesAfter === 0
        ? "a label is final at once"
        : `a label is used only ${duration(label.maturesAfter)} after its row, when it is final`;
    writer.say(reader.line(label.span), `The model predicts \`${label.column}\`, which is called the label; ${wait}.`);
  }
  if (holdout !== undefined) {
    const held =
      holdout.kind === "span"
        ? `The newest ${duration(holdout.length)} of rows with a final label are`
        : `The newest ${percent(holdout.share)} of rows with a final label are`;
    writer.say(
      reader.at(node, "Holdout"),
      `${held} held out: the challenger does not see them in training, and is judged on them.`,
    );
    writer.say(
      reader.at(node, "TrainingWindow"),
      training === undefined
        ? "It is trained on all older rows with a final label (default)."
        : `It is trained on the ${duration(training)} of rows before those.`,
    );
  }
  if (current !== undefined) {
    writer.say(
      reader.at(node, "CurrentWindow"),
      `The newest ${duration(current)} of rows are the current window, of which statistics are taken.`,
    );
  }
  if (reference !== undefined) {
    writer.say(
      reader.at(node, reference.kind === "fixed" ? "ReferenceFixed" : "ReferenceWindow"),
      reference.kind === "fixed"
        ? `Whether data has moved is told by comparing it with the rows in \`${reference.uri}\`, the reference window, which stays as it is.`
        : `Whether data has moved is told by comparing it with the last ${duration(reference.length)} of the champion's training rows, the reference window.`,
    );
  }
  const rates = reader.expected(node);
  if (rates.length > 0) writer.say(reader.at(node, "Expect"), `About ${listed(rates)} are expected.`);
  if (dataset.columns.length > 0) {
    writer.say(reader.at(node, "Columns"), `A row has ${listed(dataset.columns.map(columnWords))}.`);
  }
}

function columnWords({ name, type, range, oneOf, optional }: CheckedColumn): string {
  const types = {
    number: "a number",
    integer: "a whole number",
    category: "a category",
    boolean: "yes or no",
    timestamp: "a time",
    text: "a text",
  } as const;
  const within = range === undefined ? "" : ` from ${number(range.low)} to ${number(range.high)}`;
  const choices = oneOf === undefined ? "" : `: ${listed(oneOf, "or")}`;
  return `\`${name}\` (${types[type]}${within}${choices}${optional ? "; may be missing" : ""})`;
}

/** What a declared metric is, and who measures it. */
export function sayMetric(metric: CheckedMetric, reader: Reader, writer: Writer): void {
  const { source, better, low, high, unit } = metric;
  const units = {
    ratio: "a part of one",
    points: "a difference of ratios",
    number: "a plain number",
    duration: "a length of time",
    count: "a count",
    size: "a size in bytes",
    rate: "a number of events a second",
  } as const;
  const from =
    source.kind === "evaluation"
      ? `reported by the evaluate step as \`${source.key}\`${reader.mark(`metrics.${metric.name}.key`)}`
      : source.kind === "prediction"
        ? `computed by the runtime from the scored rows, as \`${source.metric}\``
        : source.kind === "prometheus"
          ? `asked from Prometheus; an answer older than ${duration(source.freshWithin)} counts as none`
          : source.kind === "registry"
            ? `read from the registry, as \`${source.key}\``
            : "declared wrongly";
  const ends = low !== undefined && high !== undefined ? `, from ${value(low, unit)} to ${value(high, unit)}` : "";
  const direction = better === "higher" || better === "lower" ? `; ${better} is better` : "";
  writer.say(reader.line(metric.span), `\`${metric.name}\` is ${units[unit]}${ends}, ${from}${direction}.`);
}
