import { operand as operandText } from "../format/print-values.ts";
import type { Argument, Operand } from "../syntax/tree.ts";
import type { Options } from "./checked/measure.ts";
import { findColumn, type Scope } from "./scope.ts";
import type { MetricSignature } from "./signatures/metrics.ts";

/** What a metric of predictions is called with: reports, and says how it is written. */
type Wrong = (takes: string, example: string) => undefined;

/** The options of a metric: `pinball(0.9)` its number, `f1(average: macro)` its average, `ndcg(10, group: query_id)` the rows it looks at and the column that puts them together. */
export function metricOptions(
  operand: Operand,
  name: string,
  signature: MetricSignature,
  scope: Scope,
  prefix = "challenger.",
): Options | undefined {
  const given = operand.arguments ?? [];
  const { parameter, average, ranking } = signature;
  const wrong: Wrong = (takes, example) =>
    scope.out.report("type/arguments", operand.span, {
      name,
      takes,
      found: given.length === 0 ? "nothing" : `\`${operandText(operand).slice(operandText(operand).indexOf("("))}\``,
      example: `${prefix}${example}`,
    });
  if (ranking !== undefined) return rankingOptions(given, name, ranking, wrong, scope);
  if (parameter !== undefined) {
    const [only] = given;
    const value =
      only?.kind === "Quantity" && (only.unit === "number" || only.unit === "percent") ? only.value : undefined;
    if (given.length !== 1 || value === undefined || !(value > parameter.low && value < parameter.high)) {
      return wrong(`a number between ${parameter.low} and ${parameter.high}`, `${name}(0.9)`);
    }
    return { [parameter.name]: value };
  }
  if (average !== undefined) {
    const [only] = given;
    const choice = only === undefined ? undefined : named(only, "average");
    if (given.length === 0 && scope.task !== "multiclass") return {};
    if (given.length === 1 && choice !== undefined && average.includes(choice)) return { average: choice };
    const choices = average.join("|");
    return wrong(`\`average: ${choices}\``, `${name}(average: ${average[0] ?? "macro"})`);
  }
  return operand.arguments === undefined ? {} : wrong("nothing in parentheses", name);
}

/** The name that a named argument gives. */
function named(argument: Argument, name: string): string | undefined {
  if (argument.kind !== "NamedArgument" || argument.name.text !== name) return undefined;
  return argument.value.kind === "Operand" ? operandText(argument.value) : undefined;
}

function rankingOptions(
  given: readonly Argument[],
  name: string,
  ranking: "whole" | "cut",
  wrong: Wrong,
  scope: Scope,
): Options | undefined {
  const takes =
    ranking === "cut"
      ? "how many rows it looks at and the column of the query"
      : "the column that says which rows are of one query";
  const example = ranking === "cut" ? `${name}(10, group: query_id)` : `${name}(group: query_id)`;
  const [first] = given;
  const last = given.at(-1);
  const k =
    first?.kind === "Quantity" && first.unit === "number" && Number.isSafeInteger(first.value) && first.value >= 1
      ? first.value
      : undefined;
  const count = ranking === "cut" ? 2 : 1;
  const column = last?.kind === "NamedArgument" && last.name.text === "group" ? last.value : undefined;
  if (given.length !== count || (ranking === "cut" && k === undefined)) return wrong(takes, example);
  if (column?.kind !== "Operand" || column.arguments !== undefined || column.path.length !== 1) {
    return wrong(takes, example);
  }
  const { judged } = scope;
  if (judged === undefined || !findColumn(column.path[0], judged, scope)) return undefined;
  return { ...(k === undefined ? {} : { k }), group: column.path[0].text };
}
