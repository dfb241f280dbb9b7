import {
  Alternation,
  type IProduction,
  NonTerminal,
  Option,
  Repetition,
  RepetitionMandatory,
  type Rule,
  Terminal,
  type TokenType,
} from "chevrotain";
import { partsOf, recoveryRules } from "./grammar-sets.ts";

/** How terminals that are no single words or signs are called in the grammar for readers. */
const terminalNames: Readonly<Record<string, string>> = {
  NameLike: "NAME",
  Head: "HEAD",
  Identifier: "ID",
  Quantity: "QUANTITY",
  TextLike: "TEXT",
  Operator: "OPERATOR",
  NumberQuantity: "NUMBER",
  DateQuantity: "DATE",
  EOF: "END",
};

/** The rules of the language as EBNF, one rule a line, in the order of the parser; recovery is left out. */
export function grammarText(rules: Readonly<Record<string, Rule>>): string {
  const lines = Object.values(rules)
    .filter((rule) => !recoveryRules.has(rule.name))
    .reverse()
    .map((rule) => `${rule.name} = ${sequence(partsOf(rule))} ;`);
  return `${lines.join("\n")}\n`;
}

function sequence(parts: readonly IProduction[]): string {
  return parts.map(part).join(" ");
}

function part(production: IProduction): string {
  if (production instanceof Terminal) return terminal(production.terminalType);
  if (production instanceof NonTerminal) return production.nonTerminalName;
  const inner = sequence(partsOf(production));
  if (production instanceof Option) return `[ ${inner} ]`;
  if (production instanceof Repetition) return `{ ${inner} }`;
  if (production instanceof RepetitionMandatory) return `{ ${inner} }+`;
  if (production instanceof Alternation) {
    const alternatives = partsOf(production).map((each) => sequence(partsOf(each)));
    return alternatives.length === 1 ? (alternatives[0] ?? "") : `( ${alternatives.join(" | ")} )`;
  }
  return inner;
}

function terminal(type: TokenType): string {
  const named = terminalNames[type.name];
  if (named !== undefined) return named;
  const written = /^`(.+)`$/.exec(type.LABEL ?? "")?.[1];
  return written === undefined ? type.name.toUpperCase() : `"${written}"`;
}
