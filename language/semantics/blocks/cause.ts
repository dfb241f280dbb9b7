import { conditionText as causeText } from "../../format/condition-text.ts";
import {
  amount as amountText,
  condition as conditionText,
  streak,
  value as valueText,
} from "../../format/print-values.ts";
import type { Cause, CauseModifier, Clears, ConditionCause, DataCause, Streak, Trigger } from "../../syntax/tree.ts";
import type { CheckedTest } from "../checked/condition.ts";
import type { CheckedCause, CheckedSingleCause, CheckedStreak } from "../checked/trigger.ts";
import type { Collector } from "../collector.ts";
import { checkCondition } from "../condition.ts";
import { readLimit } from "../limit.ts";
import { readCount, readDuration } from "../quantity.ts";
import { readCron } from "../schedule.ts";
import { findDataset, labelIsWrong, type Scope } from "../scope.ts";
import { driftFunctions } from "../signatures/functions.ts";
import type { Resolved, Site } from "../site.ts";
import { isIncomplete } from "../statements.ts";
import { duration, percent, unitName } from "../wording.ts";
import { readZone } from "../zone.ts";
import { groupCount } from "./requirement.ts";

/** How often conditions are evaluated, milliseconds. */
export interface Cadence {
  readonly check: number;
}

/** Checks the causes of a trigger, in the order of the text; ids count them from 1. */
export function checkCauses(trigger: Trigger, cadence: Cadence, scope: Scope): CheckedCause[] {
  const causes: CheckedCause[] = [];
  const texts = new Map<string, Cause>();
  let position = 0;
  for (const statement of trigger.statements) {
    if (statement.kind === "CauseGroup") {
      position += 1;
      const id = `trigger.${position}`;
      const members = statement.causes.filter((cause): cause is Cause => cause.kind !== "Broken");
      const checked = members.map((cause, index) => checkCause(cause, `${id}.${index + 1}`, cadence, scope));
      const good = checked.filter((cause): cause is CheckedSingleCause => cause !== undefined);
      const atLeast = groupCount(statement.quantifier, members.length, "trigger/group-count", scope.out);
      const within = statement.within && readDuration(statement.within, "`within`", scope.out);
      if (members.length === 0 && !isIncomplete(statement.causes)) {
        scope.out.report("policy/empty-block", statement.span, {
          what: "this group of causes",
          needs: "at least one cause",
        });
      }
      if (atLeast === undefined || good.length === 0) continue;
      const head =
        quantifierText(statement.quantifier.word, atLeast) +
        (within === undefined ? "" : ` within ${duration(within)}`);
      causes.push({
        kind: "group",
        id,
        text: `${head} { ${good.map((member) => member.text).join("; ")} }`,
        span: statement.span,
        atLeast,
        ...(within === undefined ? {} : { within }),
        members: good,
      });
    } else if (isCause(statement)) {
      position += 1;
      const cause = checkCause(statement, `trigger.${position}`, cadence, scope);
      if (cause === undefined) continue;
      const first = texts.get(cause.text);
      if (first !== undefined) {
        scope.out.report(
          "trigger/duplicate-cause",
          statement.span,
          { text: cause.text },
          { labels: [{ span: first.span, text: "written here first" }] },
        );
        continue;
      }
      texts.set(cause.text, statement);
      causes.push(cause);
    }
  }
  return causes;
}

function isCause(statement: Trigger["statements"][number]): statement is Cause {
  return ["Schedule", "EventCause", "DataCause", "ConditionCause"].includes(statement.kind);
}

function quantifierText(word: "any" | "all" | "at least", atLeast: number): string {
  return word === "at least" ? `at least ${atLeast} of` : `${word} of`;
}

function checkCause(cause: Cause, id: string, cadence: Cadence, scope: Scope): CheckedSingleCause | undefined {
  const { out } = scope;
  switch (cause.kind) {
    case "Schedule": {
      const cron = readCron(cause.cron, out);
      const zone = readZone(cause.zone, out);
      if (cron === undefined || zone === undefined) return undefined;
      return { kind: "schedule", id, text: causeText(cause), span: cause.span, cron, zone };
    }
    case "EventCause":
      if (cause.name.value.trim() === "")
        return out.report("policy/empty-text", cause.name.span, { what: "the name of the event" });
      return { kind: "event", id, text: causeText(cause), span: cause.span, event: cause.name.value };
    case "DataCause":
      return checkData(cause, id, scope);
    case "ConditionCause":
      return cause.family.text === "drift"
        ? checkDrift(cause, id, cadence, scope)
        : checkDecay(cause, id, cadence, scope);
  }
}

function checkData(cause: DataCause, id: string, scope: Scope): CheckedSingleCause | undefined {
  const dataset = findDataset(cause.dataset, scope);
  const gains = readCount(cause.gains, "`gains`", scope.out);
  if (dataset === undefined || gains === undefined) return undefined;
  if (cause.labelled && dataset.label === undefined) {
    if (dataset.incomplete || dataset.stated.label) return undefined;
    return scope.out.report(
      "trigger/labelled-without-label",
      cause.span,
      { dataset: dataset.name },
      { labels: [{ span: dataset.span, text: "no `label` in here" }] },
    );
  }
  return {
    kind: "data",
    id,
    text: causeText(cause),
    span: cause.span,
    dataset: dataset.name,
    gains,
    labelled: cause.labelled,
  };
}

interface Modifiers {
  readonly over?: number;
  readonly clears?: Clears;
  readonly streak?: { readonly node: Streak; readonly value: CheckedStreak };
}

/** Reads what stands after the condition of a cause; undefined where something of it is wrong. */
function readModifiers(modifiers: readonly CauseModifier[], scope: Scope): Modifiers | undefined {
  const { out } = scope;
  let read: Modifiers = {};
  let good = true;
  const add = (key: string, more: Partial<Modifiers>, text: string, node: CauseModifier) => {
    if (Object.hasOwn(read, key))
      out.report("policy/repeated", node.span, { what: `\`${text.trim()}\``, where: "one cause" });
    else read = { ...read, ...more };
  };
  for (const node of modifiers) {
    if (node.kind === "Over") {
      const over = readDuration(node.length, "`over`", out);
      if (over === undefined) good = false;
      else add("over", { over }, `over ${amountText(node.length)}`, node);
    } else if (node.kind === "Clears") {
      add("clears", { clears: node }, `clears ${node.side.text} ${valueText(node.value)}`, node);
    } else {
      const value = readStreak(node, out);
      if (value === undefined) good = false;
      else add("streak", { streak: { node, value } }, streak(node), node);
    }
  }
  return good ? read : undefined;
}

/** Reads `for 3 checks`, `for 2h`, `in 2 of 3 checks`. */
export function readStreak(node: Streak, out: Collector): CheckedStreak | undefined {
  if (node.kind === "StreakIn") {
    const count = readCount(node.hits, "a streak", out);
    const window = readCount(node.of, "a streak", out);
    if (count === undefined || window === undefined) return undefined;
    if (count > window) return out.report("trigger/streak-count", node.span, { hits: count, of: window });
    return { kind: "of", count, window };
  }
  if (node.checks) {
    const count = readCount(node.amount, "a streak", out);
    return count === undefined ? undefined : { kind: "checks", count };
  }
  const length = readDuration(node.amount, "a streak", out);
  return length === undefined ? undefined : { kind: "duration", length };
}

function checkDrift(cause: ConditionCause, id: string, cadence: Cadence, scope: Scope): CheckedSingleCause | undefined {
  const { out } = scope;
  if (cause.condition.test.kind === "MovedFrom") {
    return out.report(
      "trigger/wrong-family",
      cause.condition.span,
      { family: "drift", text: conditionText(cause.condition), right: "decay" },
      { fixes: [{ label: "write `decay`", edits: [{ span: cause.family.span, text: "decay" }] }] },
    );
  }
  const modifiers = readModifiers(cause.modifiers, scope);
  const site: Site = { place: "drift" };
  const condition = checkCondition(cause.condition, site, id, scope);
  if (condition?.measured === undefined || modifiers === undefined) return undefined;
  const over = cause.modifiers.find((modifier) => modifier.kind === "Over");
  if (over !== undefined) {
    return out.report("trigger/modifier", over.span, {
      modifier: "over",
      why: "drift is measured in the dataset's `current` window",
    });
  }
  const clears = modifiers.clears && readClears(modifiers.clears, condition.test, condition.measured, out);
  if (modifiers.clears !== undefined && clears === undefined) return undefined;
  const after = modifiers.clears?.after;
  const clearsAfter = after && readCount(after, "`clears ... after`", out);
  const { measure } = condition.measured;
  const window =
    measure.kind === "drift" || measure.kind === "share_drifted"
      ? scope.datasets.get(measure.dataset)?.current
      : undefined;
  if (window !== undefined) lintGap(cause, window, cadence, out);
  if (window !== undefined && modifiers.streak !== undefined) lintStreak(modifiers.streak, window, cadence, out);
  return {
    kind: "drift",
    id,
    text: causeText(cause),
    span: cause.span,
    test: condition.test,
    ...(clears === undefined ? {} : { clears }),
    ...(clearsAfter === undefined ? {} : { clearsAfter }),
    ...(modifiers.streak === undefined ? {} : { streak: modifiers.streak.value }),
  };
}

/** The value at which a condition clears: on the good side of the one at which it fires. */
function readClears(clears: Clears, test: CheckedTest, measured: Resolved, out: Collector): number | undefined {
  if (clears.value.kind === "Operand") {
    return out.report("unit/limit", clears.value.span, {
      measure: measured.text,
      unit: unitName(measured.measure.unit),
      written: valueText(clears.value),
      found: `the name \`${valueText(clears.value)}\``,
      wanted: "a quantity, such as the one at which it fires",
    });
  }
  if (test.kind !== "threshold" || test.relation === "==" || test.relation === "!=") {
    return out.report("trigger/modifier", clears.span, {
      modifier: "clears",
      why: "only a limit such as `> 0.25` can be cleared",
    });
  }
  const value = readLimit(clears.value, measured, out);
  if (value === undefined) return undefined;
  const side = test.relation === ">" || test.relation === ">=" ? "below" : "above";
  const upside = side === "below" ? value >= test.limit : value <= test.limit;
  if (clears.side.text !== side || upside) {
    return out.report("trigger/hysteresis-upside-down", clears.span, {
      fires: `${test.relation} ${String(test.limit)}`,
      clears: valueText(clears.value),
      side: clears.side.text,
    });
  }
  return value;
}

function checkDecay(cause: ConditionCause, id: string, cadence: Cadence, scope: Scope): CheckedSingleCause | undefined {
  const { out, judged } = scope;
  if (cause.condition.test.kind !== "MovedFrom") {
    const text = conditionText(cause.condition);
    if (Object.hasOwn(driftFunctions, cause.condition.subject.path[0].text)) {
      const fixes = [{ label: "write `drift`", edits: [{ span: cause.family.span, text: "drift" }] }];
      return out.report(
        "trigger/wrong-family",
        cause.condition.span,
        { family: "decay", text, right: "drift" },
        { fixes },
      );
    }
    return out.report("type/not-here", cause.condition.span, {
      what: `\`${text}\``,
      place: "`decay`",
      instead: "Decay is a change: `decay auc drops 3pp below baseline over 7d`. A fixed floor stands in a gate.",
    });
  }
  const modifiers = readModifiers(cause.modifiers, scope);
  const site: Site = { place: "decay", party: "champion", ...(judged === undefined ? {} : { dataset: judged }) };
  const condition = checkCondition(cause.condition, site, id, scope);
  if (condition?.measured === undefined || modifiers === undefined) return undefined;
  const text = conditionText(cause.condition);
  if (modifiers.clears !== undefined) {
    return out.report("trigger/modifier", modifiers.clears.span, {
      modifier: "clears",
      why: "a decayed model is repaired by a new one",
    });
  }
  const live = condition.measured.measure.kind === "prometheus";
  if (judged?.label === undefined && !(live && judged !== undefined)) {
    return scope.incomplete || judged?.incomplete === true || labelIsWrong(scope)
      ? undefined
      : out.report("trigger/decay-without-labels", cause.condition.span, { text });
  }
  const over =
    modifiers.over ??
    (judged.current === undefined
      ? out.report("trigger/needs-over", cause.condition.span, { text })
      : out.assume(
          `${id}.over`,
          judged.current,
          cause.span,
          `decay is measured over the current window of \`${judged.name}\``,
        ));
  if (over === undefined) return undefined;
  lintGap(cause, over, cadence, out);
  if (modifiers.streak !== undefined) lintStreak(modifiers.streak, over, cadence, out);
  return {
    kind: "decay",
    id,
    text: causeText(cause),
    span: cause.span,
    dataset: judged.name,
    test: condition.test,
    over,
    ...(modifiers.streak === undefined ? {} : { streak: modifiers.streak.value }),
  };
}

/** Windows that are shorter than the time between two checks leave data unseen. */
function lintGap(cause: ConditionCause, window: number, cadence: Cadence, out: Collector): void {
  if (window >= cadence.check) return;
  out.report("trigger/gap-between-windows", cause.span, {
    window: duration(window),
    check: duration(cadence.check),
    share: percent(Math.round((1 - window / cadence.check) * 100) / 100),
  });
}

/** A streak of n checks spans n - 1 of them; below a tenth of its window it sees one answer many times. */
export function lintStreak(
  streak: { readonly node: Streak; readonly value: CheckedStreak },
  window: number,
  cadence: Cadence,
  out: Collector,
): void {
  const { value, node } = streak;
  if (value.kind === "duration") return;
  const count = value.kind === "checks" ? value.count : value.window;
  const span = (count - 1) * cadence.check;
  if (count === 1 || span * 10 >= window) return;
  const needed = Math.ceil(window / 10 / cadence.check) + 1;
  const where =
    value.kind === "checks" && node.kind === "StreakFor" ? [{ span: node.amount.span, text: String(needed) }] : [];
  out.report(
    "trigger/streak-is-one-check",
    node.span,
    { checks: count, span: duration(span), window: duration(window), needed },
    where.length === 0 ? {} : { fixes: [{ label: `write \`for ${needed} checks\``, edits: where }] },
  );
}
