import type { IToken, TokenType } from "chevrotain";
import { type BuildContext, first, nameOf, nodeSpan, nth, onlyToken, tokenSpan, wordOf } from "./build-context.ts";
import type * as cst from "./cst.gen.d.ts";
import { quantityValue } from "./quantity.ts";
import { readText, readTripleText } from "./text-value.ts";
import {
  DateQuantity,
  Duration,
  NumberQuantity,
  Percent,
  Points,
  Size,
  TripleText,
  UnterminatedTripleText,
} from "./tokens.ts";
import type * as tree from "./tree.ts";

const units: ReadonlyMap<TokenType, tree.QuantityUnit> = new Map([
  [DateQuantity, "date"],
  [Duration, "duration"],
  [Size, "size"],
  [Points, "points"],
  [Percent, "percent"],
  [NumberQuantity, "number"],
]);

export function quantityOf(context: BuildContext, token: IToken): tree.Quantity {
  const unit = units.get(token.tokenType) ?? "bad";
  return {
    kind: "Quantity",
    span: tokenSpan(context, token),
    raw: token.image,
    unit,
    value: quantityValue(token.image, unit),
  };
}

export function textOf(context: BuildContext, node: cst.TextCstNode): tree.Text {
  const token = first(node.children.TextLike);
  const triple = token.tokenType === TripleText || token.tokenType === UnterminatedTripleText;
  const { value } = triple ? readTripleText(token.image) : readText(token.image);
  return { kind: "Text", span: tokenSpan(context, token), raw: token.image, value, triple };
}

export function nameNode(context: BuildContext, node: cst.NameCstNode): tree.Name {
  return nameOf(context, first(node.children.NameLike));
}

export function nameNodes(context: BuildContext, nodes: readonly cst.NameCstNode[]): tree.Name[] {
  return nodes.map((node) => nameNode(context, node));
}

export function amountOf(context: BuildContext, node: cst.AmountCstNode): tree.Amount {
  const quantity = node.children.Quantity?.[0];
  return quantity === undefined ? nameOf(context, first(node.children.Identifier)) : quantityOf(context, quantity);
}

export function rangeOf(context: BuildContext, node: cst.RangeCstNode): tree.Range {
  const low = amountOf(context, nth(node.children.amount, 0));
  const high = amountOf(context, nth(node.children.amount, 1));
  return { kind: "Range", span: nodeSpan(context, node), low, high };
}

export function listOf(context: BuildContext, node: cst.ListCstNode): tree.List {
  const items = (node.children.text ?? []).map((text) => textOf(context, text));
  return { kind: "List", span: nodeSpan(context, node), items };
}

export function literalOf(context: BuildContext, node: cst.LiteralCstNode): tree.Literal {
  const { Quantity, text, list } = node.children;
  if (Quantity?.[0] !== undefined) return quantityOf(context, Quantity[0]);
  if (text?.[0] !== undefined) return textOf(context, text[0]);
  return listOf(context, first(list));
}

export function valueNode(context: BuildContext, node: cst.ValueCstNode): tree.Value {
  const { literal, operand } = node.children;
  return literal?.[0] === undefined ? operandOf(context, first(operand)) : literalOf(context, literal[0]);
}

function marginOf(context: BuildContext, node: cst.MarginCstNode): tree.Margin {
  const relative = node.children.RelativeWord !== undefined;
  return {
    kind: "Margin",
    span: nodeSpan(context, node),
    relative,
    value: valueNode(context, first(node.children.value)),
  };
}

export function operandOf(context: BuildContext, node: cst.OperandCstNode): tree.Operand {
  const { Head, name, LeftParenthesis, argument } = node.children;
  const path: [tree.Name, ...tree.Name[]] = [
    nameOf(context, first(Head)),
    ...(name ?? []).map((each) => nameNode(context, each)),
  ];
  const base = { kind: "Operand", span: nodeSpan(context, node), path } as const;
  if (LeftParenthesis === undefined) return base;
  return { ...base, arguments: (argument ?? []).map((each) => argumentOf(context, each)) };
}

function argumentOf(context: BuildContext, node: cst.ArgumentCstNode): tree.Argument {
  const { RelativeWord, literal, operand, argumentTail } = node.children;
  const span = nodeSpan(context, node);
  if (literal?.[0] !== undefined) {
    const value = literalOf(context, literal[0]);
    return RelativeWord === undefined ? value : { kind: "Margin", span, relative: true, value };
  }
  const left = operandOf(context, first(operand));
  const tail = argumentTail?.[0]?.children;
  if (tail === undefined) return left;
  const value = valueNode(context, first(tail.value));
  if (tail.Colon !== undefined) return { kind: "NamedArgument", span, name: left.path[0], value };
  return { kind: "ComparisonArgument", span, left, operator: wordOf(context, first(tail.Operator)), right: value };
}

export function nounOf(context: BuildContext, node: cst.NounCstNode): tree.Noun {
  return wordOf(context, onlyToken(node));
}

export function expectOf(context: BuildContext, node: cst.ExpectCstNode): tree.Expect {
  const { amount, noun } = node.children;
  return {
    kind: "Expect",
    span: nodeSpan(context, node),
    count: amountOf(context, nth(amount, 0)),
    noun: nounOf(context, first(noun)),
    per: amountOf(context, nth(amount, 1)),
  };
}

export function conditionOf(context: BuildContext, node: cst.ConditionCstNode): tree.Condition {
  const { operand, test, amount } = node.children;
  return {
    kind: "Condition",
    span: nodeSpan(context, node),
    subject: operandOf(context, first(operand)),
    test: testOf(context, first(test)),
    ...(amount?.[0] === undefined ? {} : { confidence: amountOf(context, amount[0]) }),
  };
}

function testOf(context: BuildContext, node: cst.TestCstNode): tree.Test {
  const { comparison, inRange, comparedWith, movedFrom } = node.children;
  const span = nodeSpan(context, node);
  if (comparison?.[0] !== undefined) {
    const { Operator, value } = comparison[0].children;
    return {
      kind: "Comparison",
      span,
      operator: wordOf(context, first(Operator)),
      value: valueNode(context, first(value)),
    };
  }
  if (inRange?.[0] !== undefined)
    return { kind: "InRange", span, range: rangeOf(context, first(inRange[0].children.range)) };
  if (comparedWith?.[0] !== undefined) {
    const { NotWord, WorseWord, BetterWord, operand, margin } = comparedWith[0].children;
    const direction: tree.ComparedWith["direction"] = wordOf(context, NotWord?.[0], WorseWord?.[0], BetterWord?.[0]);
    const than = operandOf(context, first(operand));
    return { kind: "ComparedWith", span, direction, than, margin: marginOf(context, first(margin)) };
  }
  if (movedFrom?.[0] === undefined) return { kind: "Matches", span };
  const { DropsWord, RisesWord, margin, BelowWord, AboveWord, operand } = movedFrom[0].children;
  return {
    kind: "MovedFrom",
    span,
    verb: wordOf(context, DropsWord?.[0], RisesWord?.[0]),
    margin: marginOf(context, first(margin)),
    side: wordOf(context, BelowWord?.[0], AboveWord?.[0]),
    from: operandOf(context, first(operand)),
  };
}

export function atLeastOf(context: BuildContext, node: cst.AtLeastCstNode): tree.AtLeast {
  const count = amountOf(context, first(node.children.amount));
  return { kind: "AtLeast", span: nodeSpan(context, node), count, noun: nounOf(context, first(node.children.noun)) };
}

export function streakOf(context: BuildContext, node: cst.StreakCstNode): tree.Streak {
  const { ForWord, amount, ChecksWord } = node.children;
  const span = nodeSpan(context, node);
  const amounts = amount?.map((each) => amountOf(context, each));
  if (ForWord !== undefined)
    return { kind: "StreakFor", span, amount: first(amounts), checks: ChecksWord !== undefined };
  return { kind: "StreakIn", span, hits: nth(amounts, 0), of: nth(amounts, 1) };
}

export function quantifierOf(context: BuildContext, node: cst.QuantifierCstNode): tree.Quantifier {
  const { AnyWord, AllWord, NumberQuantity: count } = node.children;
  const span = nodeSpan(context, node);
  if (AnyWord !== undefined) return { kind: "Quantifier", span, word: "any" };
  if (AllWord !== undefined) return { kind: "Quantifier", span, word: "all" };
  return { kind: "Quantifier", span, word: "at least", count: quantityOf(context, first(count)) };
}

export function requirementOf(context: BuildContext, node: cst.RequirementCstNode): tree.Requirement {
  const { RequireWord, AdvisoryWord, WarnWord, name, condition, qualifier } = node.children;
  return {
    kind: "Requirement",
    span: nodeSpan(context, node),
    level: wordOf(context, RequireWord?.[0], AdvisoryWord?.[0], WarnWord?.[0]),
    ...(name?.[0] === undefined ? {} : { forEach: nameNode(context, name[0]) }),
    condition: conditionOf(context, first(condition)),
    qualifiers: (qualifier ?? []).map((each) => qualifierOf(context, each)),
  };
}

function qualifierOf(context: BuildContext, node: cst.QualifierCstNode): tree.Qualifier {
  const { atLeast, poolGroups, exclude, clusteredBy } = node.children;
  const span = nodeSpan(context, node);
  if (atLeast?.[0] !== undefined) return atLeastOf(context, atLeast[0]);
  if (poolGroups?.[0] !== undefined) {
    const { amount, noun } = poolGroups[0].children;
    return { kind: "PoolGroups", span, under: amountOf(context, first(amount)), noun: nounOf(context, first(noun)) };
  }
  if (exclude?.[0] !== undefined) {
    const { text } = exclude[0].children;
    return { kind: "Exclude", span, group: textOf(context, nth(text, 0)), because: textOf(context, nth(text, 1)) };
  }
  return { kind: "ClusteredBy", span, column: nameNode(context, first(first(clusteredBy).children.name)) };
}
