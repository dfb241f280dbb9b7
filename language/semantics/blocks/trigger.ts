import type { Breaker, Budget, Cooldown, OnMissing, Trigger } from "../../syntax/tree.ts";
import type { Span } from "../../text/source.ts";
import type { CheckedSingleCause, CheckedTrigger } from "../checked/trigger.ts";
import type { Collector } from "../collector.ts";
import { readCount, readDuration, readPositive } from "../quantity.ts";
import { choose, type Scope } from "../scope.ts";
import { isIncomplete, repeated, single } from "../statements.ts";
import { type Cadence, checkCauses } from "./cause.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Longest time between two ticks of the monitor. */
const slowestTick = 10 * minute;

/** Checks `trigger { }`: when to retrain, and what holds a run back. */
export function checkTrigger(trigger: Trigger, policy: string, place: Span, scope: Scope): CheckedTrigger | undefined {
  const { out } = scope;
  const { statements } = trigger;
  const where = "`trigger`";
  const checkNode = single(statements, "Check", "`check every`", where, out);
  const check =
    checkNode === undefined
      ? out.assume("trigger.check", hour, place, "conditions are evaluated every hour")
      : readDuration(checkNode.every, "`check every`", out);
  const every = Math.min(check ?? hour, slowestTick);
  out.assume("trigger.every", every, place, "the monitor ticks at every check, at least every 10m");
  const cadence: Cadence = { check: check ?? hour };
  const causes = checkCauses(trigger, cadence, scope);
  const written = statements.some((statement) =>
    ["Schedule", "EventCause", "DataCause", "ConditionCause", "CauseGroup"].includes(statement.kind),
  );
  if (!written && !isIncomplete(statements)) out.report("trigger/no-cause", place, { policy });
  const settleNode = single(statements, "Settle", "`settle`", where, out);
  const settle =
    settleNode === undefined
      ? out.assume("trigger.settle", 0, place, "a run starts as soon as a cause holds")
      : readDuration(settleNode.length, "`settle`", out, "zero");
  const graceNode = single(statements, "Grace", "`grace`", where, out);
  const grace =
    graceNode === undefined
      ? out.assume(
          "trigger.grace",
          Math.max(2 * every, 30 * minute),
          place,
          "a schedule may be served two ticks late, at least 30m",
        )
      : readDuration(graceNode.length, "`grace`", out, "zero");
  const queueNode = single(statements, "Queue", "`queue`", where, out);
  const queue =
    queueNode?.mode.text ??
    out.assume("trigger.queue", "latest", place, "causes that hold during a run are merged into one waiting run");
  const cooldown = checkCooldown(single(statements, "Cooldown", "`cooldown`", where, out), place, out);
  const budgetNode = single(statements, "Budget", "`budget`", where, out);
  const budget = budgetNode && checkBudget(budgetNode, out);
  const breaker = checkBreaker(single(statements, "Breaker", "`breaker`", where, out), place, out);
  const missing = checkMissing(single(statements, "OnMissing", "`on missing`", where, out), place, out);
  if (
    check === undefined ||
    settle === undefined ||
    grace === undefined ||
    breaker === undefined ||
    missing === undefined
  )
    return undefined;
  return {
    causes,
    check,
    every,
    settle,
    grace,
    queue,
    cooldown,
    ...(budget === undefined ? {} : { budget }),
    breaker,
    missing,
  };
}

const outcomes = ["promotion", "refusal", "failure", "rollback"] as const;

function checkCooldown(node: Cooldown | undefined, place: Span, out: Collector): CheckedTrigger["cooldown"] {
  const given = new Map<string, number>();
  const first = new Map<string, Cooldown["entries"][number]>();
  for (const entry of node?.entries ?? []) {
    const outcome = choose(entry.outcome, outcomes, "an outcome of a run", out);
    const length = readDuration(entry.length, "a cooldown", out, "zero");
    if (outcome === undefined) continue;
    const before = first.get(outcome);
    if (before !== undefined) repeated(before, entry, `\`after ${outcome}\``, "`cooldown`", out);
    else first.set(outcome, entry);
    if (length !== undefined && !given.has(outcome)) given.set(outcome, length);
  }
  const length = (outcome: (typeof outcomes)[number], usual: number, why: string) =>
    given.get(outcome) ?? out.assume(`trigger.cooldown.${outcome}`, usual, node?.span ?? place, why);
  return {
    promotion: length("promotion", 0, "a promotion does not hold back the next run"),
    refusal: length("refusal", day, "a refused challenger is not tried again for 24h"),
    failure: length("failure", 6 * hour, "a broken run is not tried again for 6h"),
    rollback: length("rollback", day, "a rolled back version is not tried again for 24h"),
  };
}

function checkBudget(node: Budget, out: Collector): CheckedTrigger["budget"] {
  const per = readDuration(node.per, "the time of a budget", out);
  const read: { runs?: number; gpuHours?: number } = {};
  for (const entry of node.entries) {
    const noun = choose(entry.noun, ["runs", "gpu_hours"] as const, "something that a budget counts", out);
    if (noun === undefined) continue;
    const key = noun === "runs" ? "runs" : "gpuHours";
    if (read[key] !== undefined) {
      repeated(undefined, entry, `\`${noun}\``, "`budget`", out);
      continue;
    }
    const amount =
      noun === "runs"
        ? readCount(entry.amount, "a budget of runs", out)
        : readPositive(entry.amount, "a budget of GPU hours", out);
    if (amount !== undefined) read[key] = amount;
  }
  return per === undefined ? undefined : { ...read, per };
}

function checkBreaker(node: Breaker | undefined, place: Span, out: Collector): CheckedTrigger["breaker"] | undefined {
  if (node === undefined) {
    return {
      failures: out.assume("trigger.breaker.failures", 3, place, "three broken runs in a row stop the trigger"),
      opensFor: out.assume("trigger.breaker.opensFor", day, place, "a stopped trigger lets one run through after 24h"),
    };
  }
  const failures = readCount(node.failures, "the failures of a breaker", out);
  const opensFor = readDuration(node.length, "the time of a breaker", out);
  return failures === undefined || opensFor === undefined ? undefined : { failures, opensFor };
}

function checkMissing(node: OnMissing | undefined, place: Span, out: Collector): CheckedTrigger["missing"] | undefined {
  const usual = (span: Span) =>
    out.assume("trigger.missing.notifyAfter", 3, span, "three checks without an answer are told");
  if (node === undefined) {
    const action = out.assume(
      "trigger.missing.action",
      "hold",
      place,
      "a check without an answer leaves a streak as it is",
    );
    return { action, notifyAfter: usual(place) };
  }
  const notifyAfter =
    node.notifyAfter === undefined ? usual(node.span) : readCount(node.notifyAfter, "`notify after`", out);
  return notifyAfter === undefined ? undefined : { action: node.action.text, notifyAfter };
}

/** All causes of a trigger, members of groups included. */
export function singleCauses(trigger: CheckedTrigger): CheckedSingleCause[] {
  return trigger.causes.flatMap((cause) => (cause.kind === "group" ? cause.members : [cause]));
}
