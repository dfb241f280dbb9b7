import type { Amount, Argument, Condition, Operand, Quantity, Value } from "../syntax/tree.ts";
import type { Unit } from "./checked/measure.ts";

/** An operand as the formatter writes it. */
export function operandText(operand: Operand): string {
  const path = operand.path.map((name) => name.text).join(".");
  return operand.arguments === undefined ? path : `${path}(${operand.arguments.map(argumentText).join(", ")})`;
}

function argumentText(argument: Argument): string {
  switch (argument.kind) {
    case "NamedArgument":
      return `${argument.name.text}: ${valueText(argument.value)}`;
    case "ComparisonArgument":
      return `${operandText(argument.left)} ${argument.operator.text} ${valueText(argument.right)}`;
    case "Margin":
      return `${argument.relative ? "relative " : ""}${valueText(argument.value)}`;
    default:
      return valueText(argument);
  }
}

/** A value as the formatter writes it. */
export function valueText(value: Value): string {
  switch (value.kind) {
    case "Operand":
      return operandText(value);
    case "List":
      return `[${value.items.map((item) => item.raw).join(", ")}]`;
    default:
      return value.raw;
  }
}

export function amountText(amount: Amount): string {
  return amount.kind === "Name" ? amount.text : amount.raw;
}

/** A condition on one line, as the formatter writes it, without the words before it and the qualifiers after it. */
export function conditionText(condition: Condition): string {
  const subject = operandText(condition.subject);
  const confidence = condition.confidence === undefined ? "" : ` at ${amountText(condition.confidence)} confidence`;
  return `${subject} ${testText(condition.test)}${confidence}`;
}

function testText(test: Condition["test"]): string {
  switch (test.kind) {
    case "Comparison":
      return `${test.operator.text} ${valueText(test.value)}`;
    case "InRange":
      return `in ${amountText(test.range.low)}..${amountText(test.range.high)}`;
    case "Matches":
      return "matches";
    case "ComparedWith":
      return `${test.direction.text} than ${operandText(test.than)} by ${argumentText(test.margin)}`;
    case "MovedFrom":
      return `${test.verb.text} ${argumentText(test.margin)} ${test.side.text} ${operandText(test.from)}`;
  }
}

/** What a quantity is, with its article: `a percentage`. */
export function quantityKind(quantity: Quantity): string {
  const kinds = {
    date: "a date",
    duration: "a length of time",
    size: "a size in bytes",
    points: "a number of points",
    percent: "a percentage",
    number: "a plain number",
    bad: "no quantity",
  } as const;
  return kinds[quantity.unit];
}

/** What a value is, with its article. */
export function valueKind(value: Value): string {
  if (value.kind === "Quantity") return quantityKind(value);
  if (value.kind === "Text") return "a text";
  return value.kind === "List" ? "a list" : `the name \`${operandText(value)}\``;
}

/** What a measure counts in, for a sentence: `auc is a ratio`. */
export function unitName(unit: Unit): string {
  const names = {
    ratio: "a ratio",
    points: "a difference of ratios",
    number: "a plain number",
    duration: "a length of time",
    count: "a count",
    size: "a size in bytes",
    rate: "a rate",
  } as const;
  return names[unit];
}

/** A number without the noise of binary fractions: at most 10 digits, no exponent for ordinary sizes. */
export function plain(value: number): string {
  return String(Number(value.toPrecision(10)));
}

/** A share of one as a percentage: 0.925 is `92.5%`. */
export function percent(value: number): string {
  return `${plain(value * 100)}%`;
}

/** A difference of ratios in points: 0.03 is `3pp`. */
export function points(value: number): string {
  return `${plain(value * 100)}pp`;
}

const lengths = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
] as const;

/** A length of time as the language writes it: 90 minutes is `1h30m`. */
export function duration(milliseconds: number): string {
  let left = Math.round(milliseconds);
  let text = "";
  for (const [unit, length] of lengths) {
    const whole = Math.floor(left / length);
    if (whole > 0) text += `${whole}${unit}`;
    left -= whole * length;
  }
  return text === "" ? "0s" : text;
}

/** A whole number with its digits grouped: 66000 is `66_000`. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/gu, "_");
}
