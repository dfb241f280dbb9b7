import { operand as operandText, value as valueText } from "../../format/print-values.ts";
import type {
  Amount,
  AtLeast,
  Budget,
  Column,
  Comparison,
  Condition,
  Margin,
  OnInconclusive,
  Qualifier,
  Requirement,
  RollbackWhen,
  Stage,
  Streak,
  TreeNode,
  Value,
} from "../../syntax/tree.ts";

/**
 * How a statement that takes the place of another one changes what a policy asks. `looser`: something is asked less than
 * before; `tighter`: something is asked more; `unlike`: the two cannot be compared. None of the three: the change has no
 * safer side, such as a time limit or an image. Each is a short text that says what, or undefined.
 */
export interface Change {
  readonly looser?: string;
  readonly tighter?: string;
  readonly unlike?: string;
}

/** The side on which a quantity asks less. */
type Side = "more" | "less";

const none: Change = {};

/** What several parts of a statement change together; of each kind the first one is told. */
function all(...changes: readonly Change[]): Change {
  const find = (kind: keyof Change) => changes.find((change) => change[kind] !== undefined)?.[kind];
  const looser = find("looser");
  const tighter = find("tighter");
  const unlike = find("unlike");
  return {
    ...(looser === undefined ? {} : { looser }),
    ...(tighter === undefined ? {} : { tighter }),
    ...(unlike === undefined ? {} : { unlike }),
  };
}

function swapped(change: Change): Change {
  const { looser, tighter, unlike } = change;
  return {
    ...(tighter === undefined ? {} : { looser: tighter }),
    ...(looser === undefined ? {} : { tighter: looser }),
    ...(unlike === undefined ? {} : { unlike }),
  };
}

/** A quantity as a number on the scale that all quantities of its sort share. */
function scaled(value: Value | Amount | undefined): { readonly sort: string; readonly value: number } | undefined {
  if (value?.kind !== "Quantity" || !Number.isFinite(value.value)) return undefined;
  return { sort: value.unit === "percent" ? "number" : value.unit, value: value.value };
}

function show(value: Value | Amount): string {
  return value.kind === "Name" ? value.text : valueText(value);
}

/** Two values of one place. */
function values(before: Value | Amount, after: Value | Amount, looserWhen: Side, what: string): Change {
  const said = `${what} ${show(before)} -> ${show(after)}`;
  const from = scaled(before);
  const to = scaled(after);
  if (from === undefined || to === undefined || from.sort !== to.sort)
    return show(before) === show(after) ? none : { unlike: said };
  if (from.value === to.value) return none;
  return to.value > from.value === (looserWhen === "more") ? { looser: said } : { tighter: said };
}

/** A value that may be left out; `absent` says what its absence is. */
function optional(
  before: Amount | undefined,
  after: Amount | undefined,
  looserWhen: Side,
  what: string,
  absent: "loosest" | "tightest" | "a default",
): Change {
  if (before !== undefined && after !== undefined) return values(before, after, looserWhen, what);
  if (before === undefined && after === undefined) return none;
  const gone = before !== undefined;
  const said = gone ? `without ${what} ${show(before)}` : `${what} ${after === undefined ? "" : show(after)}`;
  if (absent === "a default") return { unlike: said };
  return gone === (absent === "loosest") ? { looser: said } : { tighter: said };
}

/** The order of words from the one that asks most to the one that asks least. */
function words(before: string, after: string, strictestFirst: readonly string[]): Change {
  const from = strictestFirst.indexOf(before);
  const to = strictestFirst.indexOf(after);
  if (from === to) return none;
  const said = `${before} -> ${after}`;
  if (from < 0 || to < 0) return { unlike: said };
  return to > from ? { looser: said } : { tighter: said };
}

function different(before: string, after: string): Change {
  return before === after ? none : { unlike: `${before} -> ${after}` };
}

/** Which requirements are about the same thing: a later one of the same key takes the place of an earlier one. */
export function requirementKey(node: Requirement): string {
  return `${node.forEach?.text ?? ""}|${conditionKey(node.condition)}`;
}

/** The same for `rollback when`. */
export function rollbackKey(node: RollbackWhen): string {
  return conditionKey(node.condition);
}

function conditionKey({ subject, test }: Condition): string {
  const about = operandText(subject);
  switch (test.kind) {
    case "Comparison":
      return `${about}|${test.operator.text.replace("=", "")}`;
    case "InRange":
    case "Matches":
      return `${about}|${test.kind}`;
    case "ComparedWith":
      return `${about}|${test.direction.text}|${operandText(test.than)}`;
    case "MovedFrom":
      return `${about}|${test.verb.text}|${operandText(test.from)}`;
  }
}

/** Two requirements of one key. */
export function requirementChange(before: Requirement, after: Requirement): Change {
  return all(
    words(before.level.text, after.level.text, ["require", "warn", "advisory"]),
    conditionChange(before.condition, after.condition),
    ...qualifierChanges(before.qualifiers, after.qualifiers),
  );
}

function conditionChange(before: Condition, after: Condition): Change {
  const test = testChange(before, after);
  const usual = before.test.kind === "Comparison" || before.test.kind === "InRange";
  const confidence =
    usual || (before.confidence !== undefined && after.confidence !== undefined)
      ? optional(before.confidence, after.confidence, "less", "confidence", "loosest")
      : impliedConfidence(before.confidence, after.confidence);
  return all(test, confidence);
}

/** A comparison without a level is one of 95%. */
function impliedConfidence(before: Amount | undefined, after: Amount | undefined): Change {
  const level = (amount: Amount | undefined) => (amount === undefined ? 0.95 : scaled(amount)?.value);
  const from = level(before);
  const to = level(after);
  const said = `confidence ${before === undefined ? "95%" : show(before)} -> ${after === undefined ? "95%" : show(after)}`;
  if (from === undefined || to === undefined) return { unlike: said };
  if (from === to) return none;
  return to < from ? { looser: said } : { tighter: said };
}

function testChange({ test: before }: Condition, { test: after }: Condition): Change {
  if (before.kind === "Comparison" && after.kind === "Comparison") return limitChange(before, after);
  if (before.kind === "InRange" && after.kind === "InRange") {
    return all(
      values(before.range.low, after.range.low, "less", "lower end"),
      values(before.range.high, after.range.high, "more", "upper end"),
    );
  }
  if (before.kind === "ComparedWith" && after.kind === "ComparedWith")
    return marginChange(before.margin, after.margin, before.direction.text === "better" ? "less" : "more");
  if (before.kind === "MovedFrom" && after.kind === "MovedFrom")
    return marginChange(before.margin, after.margin, "less");
  return before.kind === after.kind ? none : { unlike: "another kind of condition" };
}

function limitChange(before: Comparison, after: Comparison): Change {
  const operator = before.operator.text;
  if (operator === "==" || operator === "!=") return different(valueText(before.value), valueText(after.value));
  const limit = values(before.value, after.value, operator.startsWith(">") ? "less" : "more", "limit");
  if (limit !== none || operator === after.operator.text) return limit;
  const said = `${operator} -> ${after.operator.text}`;
  return after.operator.text.endsWith("=") ? { looser: said } : { tighter: said };
}

function marginChange(before: Margin, after: Margin, looserWhen: Side): Change {
  if (before.relative !== after.relative) return { unlike: "margin in points -> relative, or the reverse" };
  return values(before.value, after.value, looserWhen, "margin");
}

function qualifierChanges(before: readonly Qualifier[], after: readonly Qualifier[]): Change[] {
  const one = <Kind extends Qualifier["kind"]>(list: readonly Qualifier[], kind: Kind) =>
    list.find((each): each is Extract<Qualifier, { kind: Kind }> => each.kind === kind);
  const pooled = [one(before, "PoolGroups"), one(after, "PoolGroups")] as const;
  const clusters = [one(before, "ClusteredBy")?.column.text, one(after, "ClusteredBy")?.column.text] as const;
  const excluded = (list: readonly Qualifier[]) =>
    list.flatMap((each) => (each.kind === "Exclude" ? [each.group.value] : []));
  const newly = excluded(after).filter((group) => !excluded(before).includes(group));
  const again = excluded(before).filter((group) => !excluded(after).includes(group));
  return [
    sampleChange(one(before, "AtLeast"), one(after, "AtLeast")),
    optional(pooled[0]?.under, pooled[1]?.under, "more", "pool groups under", "tightest"),
    clusters[0] === clusters[1]
      ? none
      : clusters[1] === undefined
        ? { looser: `without clustered by ${clusters[0]}` }
        : clusters[0] === undefined
          ? { tighter: `clustered by ${clusters[1]}` }
          : { unlike: `clustered by ${clusters[0]} -> ${clusters[1]}` },
    newly.length > 0 ? { looser: `exclude ${newly.join(", ")}` } : none,
    again.length > 0 ? { tighter: `no longer exclude ${again.join(", ")}` } : none,
  ];
}

function sampleChange(before: AtLeast | undefined, after: AtLeast | undefined): Change {
  if (before !== undefined && after !== undefined && before.noun.text !== after.noun.text)
    return { unlike: `at least ... ${before.noun.text} -> ${after.noun.text}` };
  return optional(before?.count, after?.count, "less", "at least", "loosest");
}

/** Two `rollback when` of one key: what makes them hold less often, or later, is looser. */
export function rollbackChange(before: RollbackWhen, after: RollbackWhen): Change {
  return all(
    swapped(conditionChange(before.condition, after.condition)),
    optional(before.over, after.over, "more", "over", "a default"),
    streakChange(before.streak, after.streak),
  );
}

function streakChange(before: Streak | undefined, after: Streak | undefined): Change {
  if (before === undefined && after === undefined) return none;
  if (before === undefined) return { looser: "only after several checks" };
  if (after === undefined) return { tighter: "at the first check" };
  if (before.kind === "StreakFor" && after.kind === "StreakFor" && before.checks === after.checks)
    return values(before.amount, after.amount, "more", "for");
  if (before.kind === "StreakIn" && after.kind === "StreakIn")
    return all(values(before.hits, after.hits, "more", "in"), values(before.of, after.of, "less", "of"));
  return { unlike: "another kind of streak" };
}

/** The header of a stage; words that the later one leaves out stay as they are and change nothing. */
export function stageChange(before: Stage, after: Stage): Change {
  const changes: Change[] = [];
  if (after.traffic !== undefined && before.traffic !== undefined) {
    const mode = after.traffic.mode.text;
    changes.push(
      before.traffic.mode.text === mode
        ? values(before.traffic.share, after.traffic.share, mode === "mirror" ? "less" : "more", mode)
        : words(before.traffic.mode.text, mode, ["mirror", "traffic"]),
    );
  }
  if (after.stay !== undefined) {
    changes.push(optional(before.stay?.low, after.stay.low, "less", "shortest stay", "loosest"));
  }
  if (after.atLeast !== undefined) changes.push(sampleChange(before.atLeast, after.atLeast));
  if (after.checkEvery !== undefined)
    changes.push(optional(before.checkEvery, after.checkEvery, "more", "check every", "a default"));
  if (after.watch !== undefined) changes.push(optional(before.watch, after.watch, "less", "watch", "a default"));
  if (after.keepChampion !== undefined)
    changes.push(optional(before.keepChampion, after.keepChampion, "less", "keep champion", "a default"));
  return all(...changes);
}

function inconclusiveChange(before: OnInconclusive, after: OnInconclusive): Change {
  const action = words(before.action.text, after.action.text, ["block", "hold", "proceed"]);
  if (before.action.text !== "hold" || after.action.text !== "hold") return action;
  return all(
    optional(before.length, after.length, "more", "hold", "a default"),
    words(before.then?.text ?? "", after.then?.text ?? "", ["rollback", "block"]),
  );
}

/** In any time as long as the first budget's, the second one may not allow more. */
function budgetChange(before: Budget, after: Budget): Change {
  const changes: Change[] = [];
  const per = [scaled(before.per)?.value, scaled(after.per)?.value] as const;
  for (const entry of before.entries) {
    const noun = entry.noun.text;
    const next = after.entries.find((other) => other.noun.text === noun);
    if (next === undefined) {
      changes.push({ looser: `no limit of ${noun}` });
      continue;
    }
    const said = `${show(entry.amount)} ${noun} per ${show(before.per)} -> ${show(next.amount)} per ${show(after.per)}`;
    const amounts = [scaled(entry.amount)?.value, scaled(next.amount)?.value] as const;
    if (per[0] === undefined || per[1] === undefined || amounts[0] === undefined || amounts[1] === undefined) {
      changes.push({ unlike: said });
      continue;
    }
    const allowed = mostWithin(amounts[1], per[1], per[0]);
    if (allowed > amounts[0]) changes.push({ looser: said });
    else if (amounts[0] !== amounts[1] || per[0] !== per[1]) changes.push({ tighter: said });
  }
  for (const entry of after.entries) {
    if (!before.entries.some((other) => other.noun.text === entry.noun.text))
      changes.push({ tighter: `a limit of ${entry.noun.text}` });
  }
  return all(...changes);
}

/** The most that a budget of `amount` per `per` allows in any stretch of `length`. */
export function mostWithin(amount: number, per: number, length: number): number {
  return amount * Math.ceil(length / per);
}

function columnChange(before: Column, after: Column): Change {
  const changes: Change[] = [different(before.type.text, after.type.text)];
  if (before.range !== undefined && after.range !== undefined) {
    changes.push(
      values(before.range.low, after.range.low, "less", "lower end"),
      values(before.range.high, after.range.high, "more", "upper end"),
    );
  } else if (before.range !== undefined) changes.push({ looser: "no range" });
  else if (after.range !== undefined) changes.push({ tighter: "a range" });
  const from = before.oneOf?.items.map((item) => item.value);
  const to = after.oneOf?.items.map((item) => item.value);
  if (from !== undefined && to === undefined) changes.push({ looser: "any category" });
  if (from === undefined && to !== undefined) changes.push({ tighter: "only some categories" });
  if (from !== undefined && to !== undefined) {
    const more = to.filter((item) => !from.includes(item));
    if (more.length > 0) changes.push({ looser: `also ${more.join(", ")}` });
    if (from.some((item) => !to.includes(item))) changes.push({ tighter: "fewer categories" });
  }
  if (!before.optional && after.optional) changes.push({ looser: "optional" });
  if (before.optional && !after.optional) changes.push({ tighter: "not optional" });
  return all(...changes);
}

/** Two statements that may stand once, of which the later one takes the place of the earlier one: the one table of what is looser. */
export function statementChange(before: TreeNode, after: TreeNode): Change {
  if (before.kind === "Risk" && after.kind === "Risk")
    return words(before.level.text, after.level.text, ["high", "medium", "low"]);
  if (before.kind === "ReviewBy" && after.kind === "ReviewBy")
    return values(before.date, after.date, "more", "review_by");
  if (before.kind === "FirstModel" && after.kind === "FirstModel")
    return words(before.choice.text, after.choice.text, ["refuse", "approval", "absolute_gates_only"]);
  if (before.kind === "LabelColumn" && after.kind === "LabelColumn")
    return all(
      different(before.column.text, after.column.text),
      values(before.maturesAfter, after.maturesAfter, "less", "matures after"),
    );
  if (before.kind === "Holdout" && after.kind === "Holdout")
    return before.last === after.last
      ? values(before.length, after.length, "less", "holdout")
      : { unlike: "holdout by time -> by share, or the reverse" };
  if (before.kind === "Column" && after.kind === "Column") return columnChange(before, after);
  if (before.kind === "MetricType" && after.kind === "MetricType") return different(before.type.text, after.type.text);
  if (before.kind === "Better" && after.kind === "Better")
    return different(before.direction.text, after.direction.text);
  if (before.kind === "Fresh" && after.kind === "Fresh")
    return values(before.within, after.within, "more", "fresh within");
  if (before.kind.startsWith("From") && after.kind.startsWith("From")) return { unlike: "another source" };
  if (before.kind === "CountedBy" && after.kind === "CountedBy")
    return different(before.query.value, after.query.value);
  if (before.kind === "CooldownEntry" && after.kind === "CooldownEntry")
    return values(before.length, after.length, "less", `cooldown after ${after.outcome.text}`);
  if (before.kind === "Budget" && after.kind === "Budget") return budgetChange(before, after);
  if (before.kind === "Breaker" && after.kind === "Breaker")
    return all(
      values(before.failures, after.failures, "more", "failures"),
      values(before.length, after.length, "less", "opens for"),
    );
  if (before.kind === "OnInconclusive" && after.kind === "OnInconclusive") return inconclusiveChange(before, after);
  return none;
}
