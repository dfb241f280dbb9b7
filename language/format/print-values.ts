import type * as tree from "../syntax/tree.ts";

/** How what stands inside statements is written: everything on one line, one space between words. */

export function amount(node: tree.Amount): string {
  return node.kind === "Name" ? node.text : node.raw;
}

export function range(node: tree.Range): string {
  return `${amount(node.low)}..${amount(node.high)}`;
}

export function list(node: tree.List): string {
  return `[${node.items.map((item) => item.raw).join(", ")}]`;
}

export function value(node: tree.Value): string {
  if (node.kind === "List") return list(node);
  return node.kind === "Operand" ? operand(node) : node.raw;
}

export function operand(node: tree.Operand): string {
  const path = node.path.map((name) => name.text).join(".");
  return node.arguments === undefined ? path : `${path}(${node.arguments.map(argument).join(", ")})`;
}

function argument(node: tree.Argument): string {
  if (node.kind === "Margin") return margin(node);
  if (node.kind === "NamedArgument") return `${node.name.text}: ${value(node.value)}`;
  if (node.kind === "ComparisonArgument") return `${operand(node.left)} ${node.operator.text} ${value(node.right)}`;
  return value(node);
}

function margin(node: tree.Margin): string {
  return `${node.relative ? "relative " : ""}${value(node.value)}`;
}

export function condition(node: tree.Condition): string {
  const confidence = node.confidence === undefined ? "" : ` at ${amount(node.confidence)} confidence`;
  return `${operand(node.subject)} ${test(node.test)}${confidence}`;
}

function test(node: tree.Test): string {
  switch (node.kind) {
    case "Comparison":
      return `${node.operator.text} ${value(node.value)}`;
    case "InRange":
      return `in ${range(node.range)}`;
    case "Matches":
      return "matches";
    case "ComparedWith":
      return `${node.direction.text} than ${operand(node.than)} by ${margin(node.margin)}`;
    case "MovedFrom":
      return `${node.verb.text} ${margin(node.margin)} ${node.side.text} ${operand(node.from)}`;
  }
}

export function count(node: tree.AtLeast | tree.OverCount): string {
  return `${node.kind === "AtLeast" ? "at least" : "over"} ${amount(node.count)} ${node.noun.text}`;
}

/** A requirement without its level: `for each region: ... by 2pp, at least 1_000 positives`. */
export function requirementBody(node: tree.Requirement): string {
  const each = node.forEach === undefined ? "" : `for each ${node.forEach.text}: `;
  return [`${each}${condition(node.condition)}`, ...node.qualifiers.map(qualifier)].join(", ");
}

function qualifier(node: tree.Qualifier): string {
  switch (node.kind) {
    case "AtLeast":
      return count(node);
    case "PoolGroups":
      return `pool groups under ${amount(node.under)} ${node.noun.text}`;
    case "Exclude":
      return `exclude ${node.group.raw} because ${node.because.raw}`;
    case "ClusteredBy":
      return `clustered by ${node.column.text}`;
  }
}

/** A cause with its first word. */
export function cause(node: tree.Cause): { word: string; rest: string } {
  switch (node.kind) {
    case "Schedule":
      return { word: "schedule", rest: `${node.cron.raw} in ${node.zone.raw}` };
    case "EventCause":
      return { word: "event", rest: node.name.raw };
    case "DataCause": {
      const what = `${node.labelled ? " labelled" : ""}${node.rows ? " rows" : ""}`;
      return { word: "data", rest: `${node.dataset.text} gains ${amount(node.gains)}${what}` };
    }
    case "ConditionCause":
      return { word: node.family.text, rest: [condition(node.condition), ...node.modifiers.map(modifier)].join(" ") };
  }
}

function modifier(node: tree.CauseModifier): string {
  if (node.kind === "Over") return `over ${amount(node.length)}`;
  if (node.kind !== "Clears") return streak(node);
  const after = node.after === undefined ? "" : ` after ${amount(node.after)} checks`;
  return `clears ${node.side.text} ${value(node.value)}${after}`;
}

export function streak(node: tree.Streak): string {
  if (node.kind === "StreakIn") return `in ${amount(node.hits)} of ${amount(node.of)} checks`;
  return `for ${amount(node.amount)}${node.checks ? " checks" : ""}`;
}

/** `rollback when ...` without these two words. */
export function rollbackBody(node: tree.RollbackWhen): string {
  const over = node.over === undefined ? "" : ` over ${amount(node.over)}`;
  return `${condition(node.condition)}${over}${node.streak === undefined ? "" : ` ${streak(node.streak)}`}`;
}

export function quantifier(node: tree.Quantifier): string {
  return node.word === "at least"
    ? `at least ${node.count === undefined ? "" : amount(node.count)} of`
    : `${node.word} of`;
}
