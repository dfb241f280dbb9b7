import { operand as operandText } from "../format/print-values.ts";
import type { Argument, Operand } from "../syntax/tree.ts";
import type { Options } from "./checked/measure.ts";
import type { Scope } from "./scope.ts";
import type { MetricSignature } from "./signatures/metrics.ts";

/** The options of a metric: `pinball(0.9)` needs its number, `f1(average: macro)` its average when there are several classes. */
export function metricOptions(
  operand: Operand,
  name: string,
  signature: MetricSignature,
  scope: Scope,
): Options | undefined {
  const given = operand.arguments ?? [];
  const { parameter, average } = signature;
  const wrong = (takes: string, example: string): undefined =>
    scope.out.report("type/arguments", operand.span, {
      name,
      takes,
      found: given.length === 0 ? "nothing" : `\`${operandText(operand).slice(operandText(operand).indexOf("("))}\``,
      example,
    });
  if (parameter !== undefined) {
    const [only] = given;
    const value =
      only?.kind === "Quantity" && (only.unit === "number" || only.unit === "percent") ? only.value : undefined;
    if (given.length !== 1 || value === undefined || !(value > parameter.low && value < parameter.high)) {
      return wrong(`a number between ${parameter.low} and ${parameter.high}`, `challenger.${name}(0.9)`);
    }
    return { [parameter.name]: value };
  }
  if (average !== undefined) {
    const [only] = given;
    const choice = only === undefined ? undefined : averageOf(only);
    if (given.length === 0 && scope.task !== "multiclass") return {};
    if (given.length === 1 && choice !== undefined && average.includes(choice)) return { average: choice };
    const choices = average.join("|");
    return wrong(`\`average: ${choices}\``, `challenger.${name}(average: ${average[0] ?? "macro"})`);
  }
  return operand.arguments === undefined ? {} : wrong("nothing in parentheses", `challenger.${name}`);
}

function averageOf(argument: Argument): string | undefined {
  if (argument.kind !== "NamedArgument" || argument.name.text !== "average") return undefined;
  return argument.value.kind === "Operand" ? operandText(argument.value) : undefined;
}
