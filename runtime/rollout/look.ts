import type { OnInconclusive } from "../../compiler/plan/condition.ts";
import type { Verdict } from "../judge/finding.ts";
import { written } from "../triggers/sentence.ts";
import { countAnswer, holds, NO_STREAK } from "../triggers/streak.ts";
import {
  endKeep,
  endWatch,
  failTakingBack,
  finishTakingBack,
  keepUntil,
  SILENCE,
  takeBack,
  verifyWithin,
} from "./ending.ts";
import type { Look } from "./event.ts";
import { wishOf } from "./stages.ts";
import type { Turn } from "./turn.ts";

/** Reason of the hold that only a person ends early. */
export const ROUTE_CHANGED = "route_changed_elsewhere";

/** Longest time a route may take to be set and seen, milliseconds: the stage's own longest time, at least 15 minutes and three checks. */
export function convergeWithin(stage: { readonly atMost: number; readonly check: number }): number {
  return Math.max(stage.atMost, 15 * 60_000, 3 * stage.check);
}

/** Takes in what was seen and decides. */
export function takeInLook(turn: Turn, look: Look): void {
  const { state } = turn;
  if (state.phase === "ended") return;
  pause(turn, look);
  if (state.phase === "rolling_back") {
    lookBack(turn, look);
    return;
  }
  if (state.phase === "waiting") {
    if (state.pausedSince === null) turn.enter(0);
    return;
  }
  const condition = judgeConditions(turn, look);
  if (condition !== undefined) {
    takeBack(turn, { because: condition, outcome: "rolled_back" });
    return;
  }
  if (look.foreignRevision !== null && changedElsewhere(turn, look.foreignRevision)) return;
  if (state.phase === "watching") lookInWatch(turn, look);
  else if (state.phase === "keeping") {
    if (turn.at >= keepUntil(turn)) endKeep(turn, "its keep is over");
  } else lookInStage(turn, look);
}

/** During a freeze or a person's hold nothing advances and the clocks of MAX and of a hold stand still. */
function pause(turn: Turn, look: Pick<Look, "frozen">): void {
  const { state } = turn;
  state.frozenUntil = look.frozen?.until ?? null;
  const because =
    look.frozen !== null ? `freeze (${look.frozen.because})` : state.heldBy === null ? null : `held by ${state.heldBy}`;
  if (because !== null && state.pausedSince === null) {
    state.pausedSince = turn.at;
    turn.tell("paused", `the share stands still: ${because}`);
  } else if (because === null && state.pausedSince !== null) {
    const length = turn.at - state.pausedSince;
    state.pausedFor += state.convergedAt === null ? 0 : turn.at - Math.max(state.pausedSince, state.convergedAt);
    if (state.hold !== null) state.hold = { ...state.hold, until: state.hold.until + length };
    if (state.convergedAt === null && state.enteredAt !== null) state.enteredAt += length;
    state.pausedSince = null;
    turn.tell("resumed", "the rollout goes on");
  }
}

/** Counts what the conditions answered; the sentence of the first that has held long enough. */
function judgeConditions(turn: Turn, look: Look): string | undefined {
  const { state, rollout } = turn;
  if (!turn.live && state.promotedAt === null) return undefined;
  const check = turn.stage.check;
  const at = Math.floor(look.at / check) * check;
  let first: string | undefined;
  const streaks = rollout.rollbackWhen.map((when) => {
    const answer = look.conditions.find((condition) => condition.id === when.id);
    const known = state.streaks.find((entry) => entry.id === when.id)?.streak ?? NO_STREAK;
    const counting = { truth: answer?.truth ?? ("unknown" as const), at, check, onMissing: "hold" as const };
    const streak = countAnswer(when.streak, known, counting);
    if (answer?.truth === true && holds(when.streak, streak)) first ??= answer.sentence;
    return { id: when.id, streak };
  });
  state.streaks = streaks.filter((entry) => entry.streak !== NO_STREAK);
  return first;
}

/** Below 100 % a condition without an answer keeps the stage from advancing. */
function conditionsKnown(turn: Turn, look: Look): boolean {
  if (!turn.live) return true;
  return turn.rollout.rollbackWhen.every((when) => {
    const answer = look.conditions.find((condition) => condition.id === when.id);
    return answer !== undefined && answer.truth !== "unknown";
  });
}

/** Somebody else changed the route: it is set again once; the second time it is left to a person. True when the look ends here. */
export function changedElsewhere(turn: Turn, revision: number): boolean {
  const { state } = turn;
  if (isLeftToAPerson(turn) || revision === state.revision) return false;
  state.elsewhere += 1;
  state.revision = revision;
  const isPromoted = state.promotedAt !== null;
  if (state.elsewhere >= 2) {
    const sentence = "somebody else changed the route a second time; the rollout waits for a person";
    turn.drop((effect) => effect.kind === "route");
    turn.tell("route_changed_elsewhere", sentence);
    if (isPromoted) {
      if (state.elsewhere === 2) turn.ask({ kind: "notify", event: "held", sentence });
      return false;
    }
    hold(turn, ROUTE_CHANGED, sentence);
    return true;
  }
  turn.tell("route_changed_elsewhere", "somebody else changed the route; it is set again");
  setAgain(turn);
  return !isPromoted;
}

/** Asks for the stage's route once more; before the promotion its evidence counts anew. */
export function setAgain(turn: Turn): void {
  const { state } = turn;
  turn.drop((effect) => effect.kind === "route");
  if (state.promotedAt === null) {
    if (turn.stage.kind === "approval") {
      if (state.route.challenger === null) return;
      turn.ask({ kind: "route", wish: state.route, direction: "forward" });
      return;
    }
    state.phase = "entering";
    state.enteredAt = turn.at;
    state.convergedAt = null;
    state.pausedFor = 0;
    state.hold = null;
    turn.drop((effect) => effect.kind === "alias");
  }
  turn.ask({ kind: "route", wish: wishOf(turn.rollout, turn.stage, state), direction: "forward" });
}

function lookInStage(turn: Turn, look: Look): void {
  const { state, stage } = turn;
  if (state.convergedAt === null) {
    const everything = stage.share < 1 || stage.kind !== "live" || look.observedShare === 1;
    const isSet = !isLeftToAPerson(turn) && !state.effects.some((effect) => effect.kind === "route");
    if (isSet && look.foreignRevision === null && look.traffic === "converged" && everything) {
      state.convergedAt = look.at;
      state.hold = null;
      state.phase = "observing";
      turn.tell("converged", `stage "${stage.name}": the observed traffic has reached its share`);
      if (isLast(turn)) promote(turn);
      return;
    }
    if (state.phase === "holding") expire(turn);
    else if (state.pausedSince === null && look.at - (state.enteredAt ?? look.at) >= convergeWithin(stage)) {
      const { smoke } = turn;
      const [reason, what] =
        smoke === undefined
          ? ["traffic_not_converged", "the observed traffic has not reached its share"]
          : ["smoke_unanswered", `no traffic was moved: ${smoke.detail ?? "its smoke requests wait"}`];
      undecided(turn, reason, `stage "${stage.name}": ${what}`, false);
    }
    return;
  }
  if (state.phase === "promoting" || isLast(turn)) {
    lookInPromotion(turn, look);
    return;
  }
  judgeStage(turn, look);
}

function judgeStage(turn: Turn, look: Look): void {
  const { state, stage } = turn;
  const verdict = verdictOf(turn, look);
  state.verdict = verdict;
  if (verdict === "fail") {
    takeBack(turn, { because: `stage "${stage.name}": ${look.sentence}`, outcome: "rolled_back" });
    return;
  }
  const elapsed = look.at - (state.convergedAt ?? look.at);
  forecast(turn, look, elapsed);
  const isApproval = stage.kind === "approval";
  const mayMove =
    state.pausedSince === null &&
    !isLeftToAPerson(turn) &&
    elapsed >= stage.atLeast &&
    conditionsKnown(turn, look) &&
    state.effects.every((effect) => effect.kind === "notify") &&
    look.foreignRevision === null &&
    (isApproval || look.traffic === "converged");
  if (verdict === "pass" && mayMove && (isApproval || look.minimumMet)) {
    const why = isApproval ? `approved by ${state.approvedBy ?? "nobody"}` : look.sentence;
    advance(turn, `stage "${stage.name}" passed: ${why}`);
    return;
  }
  if (state.phase === "holding") {
    expire(turn);
    return;
  }
  const on = onInconclusive(turn);
  if (state.pausedSince !== null || elapsed - state.pausedFor < stage.atMost) return;
  const sentence = `stage "${stage.name}" is undecided after its longest time: ${isApproval ? "nobody has approved" : look.sentence}`;
  if (on.action === "proceed") {
    if (mayMove) advance(turn, `${sentence}; it proceeds because ${on.because}`);
    return;
  }
  undecided(turn, isApproval ? "deadline_exceeded" : "inconclusive", sentence, true);
}

/** Share of a stage's longest time after which its evidence at the end is estimated from what was seen. */
const FORECAST_AT = 0.1;

/** Tells early, and once a stage, that at the rate seen so far the stage will not have its minimum when its longest time is over. */
function forecast(turn: Turn, look: Look, elapsed: number): void {
  const { state, stage } = turn;
  const { minimum, atMost } = stage;
  if (minimum === undefined || look.counted === undefined || look.minimumMet || state.forecast === state.stage) return;
  if (elapsed <= 0 || elapsed - state.pausedFor < FORECAST_AT * atMost) return;
  state.forecast = state.stage;
  const expected = Math.floor((look.counted / elapsed) * (atMost + state.pausedFor));
  if (expected >= minimum.count) return;
  const number = (count: number) => count.toLocaleString("en");
  const sentence = `stage "${stage.name}" will not conclude at this rate: ${number(look.counted)} ${minimum.of} so far come to about ${number(expected)} after its longest time, ${number(minimum.count)} are needed; a larger share, a longer time or a smaller minimum would help`;
  turn.tell("cannot_conclude", sentence);
  turn.ask({ kind: "notify", event: "inconclusive", sentence });
}

function isLeftToAPerson(turn: Turn): boolean {
  return turn.state.hold?.reason === ROUTE_CHANGED;
}

function verdictOf(turn: Turn, look: Look): Verdict {
  if (turn.stage.kind === "approval") return turn.state.approvedBy === null ? "inconclusive" : "pass";
  return look.traffic === "mismatch" && turn.stage.kind === "live" ? "inconclusive" : look.verdict;
}

/** Nobody's silence is an approval: where an undecided stage would go on, one that waits for a person goes back. */
function onInconclusive(turn: Turn): OnInconclusive {
  const on = turn.stage.onInconclusive ?? turn.rollout.onInconclusive;
  return turn.stage.kind === "approval" && on.action === "proceed" ? { action: "block" } : on;
}

function isLast(turn: Turn): boolean {
  return turn.state.stage === turn.stages.length - 1;
}

function advance(turn: Turn, sentence: string): void {
  turn.tell("advanced", sentence);
  turn.enter(turn.state.stage + 1);
}

/** An undecided stage: holds, or acts at once. `proceed` cannot help traffic that never came. */
function undecided(turn: Turn, reason: string, sentence: string, judged: boolean): void {
  const on = onInconclusive(turn);
  if (on.action === "hold" || (on.action === "proceed" && !judged)) {
    hold(turn, reason, sentence);
    return;
  }
  giveUp(turn, "block", sentence);
}

function hold(turn: Turn, reason: string, sentence: string): void {
  const on = onInconclusive(turn);
  const until = turn.at + (on.action === "hold" ? on.for : 0);
  turn.state.phase = "holding";
  turn.state.hold = { since: turn.at, until, reason };
  turn.tell("held", `${sentence}; the share is held until ${written(until)}`);
  turn.ask({ kind: "notify", event: "held", sentence: turn.state.because });
}

function expire(turn: Turn): void {
  const { state } = turn;
  if (state.hold === null || state.pausedSince !== null || turn.at < state.hold.until) return;
  const on = onInconclusive(turn);
  const then = on.action === "hold" ? on.then : on.action === "proceed" ? "rollback" : "block";
  giveUp(turn, then, `stage "${turn.stage.name}" stayed undecided (${state.hold.reason}) until its hold ended`);
}

function giveUp(turn: Turn, then: "block" | "rollback", sentence: string): void {
  takeBack(turn, { because: sentence, outcome: then === "block" ? "refused" : "rolled_back" });
}

function promote(turn: Turn): void {
  const { state } = turn;
  state.phase = "promoting";
  const { champion, challenger } = state.start;
  turn.ask({ kind: "alias", name: "champion", from: champion, to: challenger, direction: "forward" });
}

/** 100 % was observed and the alias is not moved yet. */
function lookInPromotion(turn: Turn, look: Look): void {
  const { state, stage } = turn;
  if (state.phase === "holding") expire(turn);
  else if (look.at - (state.convergedAt ?? look.at) >= convergeWithin({ ...stage, atMost: 0 })) {
    undecided(turn, "source_unavailable", "the registry does not move the alias of the champion", false);
  }
}

function lookInWatch(turn: Turn, look: Look): void {
  const { state, stage } = turn;
  const verdict = verdictOf(turn, look);
  state.verdict = verdict;
  if (verdict === "fail") {
    takeBack(turn, { because: `watch: ${look.sentence}`, outcome: "rolled_back" });
    return;
  }
  if (turn.at < (state.promotedAt ?? turn.at) + (stage.watch ?? 0)) return;
  if (verdict === "pass") {
    endWatch(turn, `the watch passed: ${look.sentence}`);
    return;
  }
  const on = stage.onInconclusive;
  const sentence = `the watch ends undecided: ${look.sentence}`;
  if (on === undefined || on.action === "proceed") {
    turn.ask({ kind: "notify", event: "inconclusive", sentence });
    endWatch(turn, `${sentence}; the new version stays`);
  } else if (
    on.action === "block" ||
    (state.hold !== null && turn.at >= state.hold.until && state.pausedSince === null)
  ) {
    takeBack(turn, { because: sentence, outcome: "rolled_back" });
  } else if (state.hold === null) {
    state.hold = { since: turn.at, until: turn.at + on.for, reason: "inconclusive" };
    turn.tell("held", `${sentence}; it is watched on until ${written(state.hold.until)}`);
    turn.ask({ kind: "notify", event: "held", sentence: state.because });
  }
}

function lookBack(turn: Turn, look: Look): void {
  const { rollback } = turn.state;
  if (rollback === null) return;
  if (rollback.restoredAt !== null && (!rollback.verify || look.restored === true)) {
    finishTakingBack(turn);
    return;
  }
  const isSilent = rollback.restoredAt !== null && look.restored === "unknown";
  const within = isSilent ? Math.max(SILENCE, verifyWithin(turn.stage.check)) : verifyWithin(turn.stage.check);
  if (turn.at - rollback.since < within) return;
  if (isSilent) failTakingBack(turn, "the route is set back, but no request was seen since");
  else if (rollback.restoredAt === null) failTakingBack(turn, "the route could not be set back");
  else failTakingBack(turn, "the challenger still answers requests, or the route is not as it was set");
}
