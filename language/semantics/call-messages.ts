import { operand as operandText } from "../format/print-values.ts";
import type { Operand } from "../syntax/tree.ts";
import type { Scope } from "./scope.ts";

/** Reports what a function is called with. */
export function badArguments(operand: Operand, takes: string, example: string, scope: Scope): undefined {
  const given = operand.arguments;
  const found =
    given === undefined || given.length === 0
      ? "nothing"
      : `\`${operandText(operand).slice(operand.path[0].text.length)}\``;
  return scope.out.report("type/arguments", operand.span, { name: operand.path[0].text, takes, found, example });
}

/** Reports a function that has no meaning in its place. */
export function notHere(operand: Operand, place: string, instead: string, scope: Scope): undefined {
  return scope.out.report("type/not-here", operand.span, { what: `\`${operandText(operand)}\``, place, instead });
}
