import { operand as operandText } from "../format/print-values.ts";
import type { Argument, Operand } from "../syntax/tree.ts";
import { badArguments, notHere } from "./call-messages.ts";
import type { DataFunction } from "./checked/measure.ts";
import { columnArgument, rightType } from "./column-argument.ts";
import { drift, isDrift, shareDrifted } from "./drift-call.ts";
import { fairness, isFairness } from "./fairness-call.ts";
import { type Scope, unknown } from "./scope.ts";
import { type DataSignature, dataFunctions } from "./signatures/functions.ts";
import { type Resolved, type Site, siteName } from "./site.ts";
import { percent } from "./wording.ts";

/** Resolves a function of the language: a statistic of data, a drift distance, a quantile of one version, a number about pairs or groups. */
export function call(operand: Operand, site: Site, scope: Scope): Resolved | undefined {
  const name = operand.path[0].text;
  if (name === "match_coverage" || name === "flip_rate") return pairs(operand, name, site, scope);
  if (name === "share_drifted") return shareDrifted(operand, site, scope);
  if (isFairness(name)) return fairness(operand, name, site, scope);
  if (isDrift(name)) return drift(operand, name, site, scope);
  const [first] = operand.arguments ?? [];
  const version = first?.kind === "Operand" && first.path.length === 2 ? first.path[0].text : undefined;
  if (name === "quantile" && (version === "challenger" || version === "champion") && first?.kind === "Operand")
    return versionQuantile(operand, first, version, site, scope);
  if (isData(name)) return data(operand, name, dataFunctions[name], site, scope);
  return undefined;
}

function isData(name: string): name is DataFunction {
  return Object.hasOwn(dataFunctions, name);
}

function pairs(operand: Operand, name: "match_coverage" | "flip_rate", site: Site, scope: Scope): Resolved | undefined {
  const live = site.place === "shadow" || site.place === "live" || site.place === "rollback";
  if (name === "match_coverage" && site.place !== "shadow") {
    return notHere(
      operand,
      siteName(site),
      "It is the share of mirrored requests that both versions answered, so it stands in a stage with `mirror`.",
      scope,
    );
  }
  if (!live && site.place !== "gate") {
    return notHere(
      operand,
      siteName(site),
      "It compares the answers of two versions, so it stands in gates and stages.",
      scope,
    );
  }
  const measure = { kind: "pairs", name, unit: "ratio", better: name === "flip_rate" ? "lower" : "higher" } as const;
  const base = { text: operandText(operand), span: operand.span, name, low: 0, high: 1 };
  if (operand.arguments === undefined) return { ...base, measure: { ...measure, options: {} } };
  const [only] = operand.arguments;
  const relative =
    only?.kind === "Margin" && only.value.kind === "Quantity" && only.value.unit === "percent"
      ? only.value.value
      : undefined;
  if (name === "flip_rate" && operand.arguments.length === 1 && relative !== undefined && relative > 0) {
    if (scope.task === "regression") return { ...base, measure: { ...measure, options: { relative } } };
    return badArguments(
      operand,
      "nothing in parentheses unless the model predicts a quantity",
      "flip_rate <= 3%",
      scope,
    );
  }
  return badArguments(
    operand,
    "nothing, or `relative 5%` when the model predicts a quantity",
    "flip_rate <= 3%",
    scope,
  );
}

function versionQuantile(
  operand: Operand,
  of: Operand,
  party: "challenger" | "champion",
  site: Site,
  scope: Scope,
): Resolved | undefined {
  const example = `quantile(${party}.latency, 99%)`;
  if (site.place === "validate" || site.place === "drift" || site.place === "decay") {
    return notHere(
      operand,
      siteName(site),
      "Latency and score belong to a version of the model, so they stand in gates, stages and `rollback when`.",
      scope,
    );
  }
  const column = of.path[1];
  if (column === undefined || of.arguments !== undefined)
    return badArguments(operand, "a column of a version and a level", example, scope);
  if (column.text !== "latency" && column.text !== "score") {
    return unknown(column, ["latency", "score"], (suggestion, fixes) =>
      scope.out.report(
        "name/unknown-choice",
        column.span,
        { what: "a column of a version", name: column.text, suggestion, choices: ["latency", "score"] },
        { fixes },
      ),
    );
  }
  const level = quantileLevel(operand.arguments?.[1]);
  if (operand.arguments?.length !== 2 || level === undefined)
    return badArguments(operand, "a column and a level above 0% and below 100%", example, scope);
  const unit = column.text === "latency" ? "duration" : "ratio";
  const better = column.text === "latency" ? "lower" : "neither";
  return {
    measure: { kind: "quantile", column: column.text, party, quantile: level, unit, better },
    text: operandText(operand),
    span: operand.span,
    name: "quantile",
    low: 0,
    ...(column.text === "score" ? { high: 1 } : {}),
  };
}

function quantileLevel(argument: Argument | undefined): number | undefined {
  if (argument?.kind !== "Quantity" || (argument.unit !== "percent" && argument.unit !== "number")) return undefined;
  return argument.value > 0 && argument.value < 1 ? argument.value : undefined;
}

function data(
  operand: Operand,
  name: DataFunction,
  signature: DataSignature,
  site: Site,
  scope: Scope,
): Resolved | undefined {
  const dataset = site.place === "validate" ? site.dataset : undefined;
  if (site.place !== "validate") {
    return notHere(
      operand,
      siteName(site),
      "Statistics of the data are judged in `validate DATASET { }`, before anything is trained.",
      scope,
    );
  }
  if (dataset === undefined) return undefined;
  const given = operand.arguments ?? [];
  const takes = { none: "nothing in parentheses", one: "one column", several: "one column or more" }[signature.columns];
  const expected = signature.columns === "none" ? 0 : 1 + (signature.quantile === true ? 1 : 0);
  const countOk = signature.columns === "several" ? given.length >= 1 : given.length === expected;
  if (!countOk || (signature.columns === "none" && operand.arguments !== undefined)) {
    return badArguments(
      operand,
      signature.quantile === true ? "a column and a level" : takes,
      signature.example,
      scope,
    );
  }
  const columns: string[] = [];
  for (const argument of signature.quantile === true ? given.slice(0, 1) : given) {
    const reference = columnArgument(operand, argument, site, scope);
    if (reference === undefined || !rightType(operand, reference, signature.types, scope)) return undefined;
    if (reference.dataset !== dataset) {
      return notHere(
        operand,
        `\`validate ${dataset.name}\``,
        `It is about \`${reference.dataset.name}\`: move it to \`validate ${reference.dataset.name}\`.`,
        scope,
      );
    }
    const declared = dataset.columns.find((column) => column.name === reference.name.text);
    if (signature.needs === "range" && declared?.range === undefined) {
      return scope.out.report(
        "type/column-without-range",
        reference.name.span,
        { name, column: reference.name.text },
        declared === undefined ? {} : { labels: [{ span: declared.span, text: "declared without a range" }] },
      );
    }
    columns.push(reference.name.text);
  }
  const level = signature.quantile === true ? quantileLevel(given[1]) : undefined;
  if (signature.quantile === true && level === undefined)
    return badArguments(operand, `a level above ${percent(0)} and below ${percent(1)}`, signature.example, scope);
  const { unit, better, low, high } = signature;
  return {
    measure: {
      kind: "data",
      name,
      dataset: dataset.name,
      columns,
      options: level === undefined ? {} : { q: level },
      unit,
      better,
    },
    text: operandText(operand),
    span: operand.span,
    name,
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
  };
}
