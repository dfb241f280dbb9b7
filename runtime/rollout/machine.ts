import type { Rollout } from "../../compiler/plan/rollout.ts";
import { endKeep, finishTakingBack, promoted, takeBack } from "./ending.ts";
import type { Command, RolloutEvent } from "./event.ts";
import { changedElsewhere, ROUTE_CHANGED, setAgain, takeInLook } from "./look.ts";
import type { Effect, RolloutState, Start } from "./state.ts";
import { type Happened, Turn } from "./turn.ts";

/** What a step gave. `actions` are the effects that it newly asks for; `state.effects` holds all that are still to be done, in order. */
export interface Stepped {
  readonly state: RolloutState;
  readonly actions: readonly Effect[];
  readonly happened: readonly Happened[];
}

/** Waits between attempts at an effect: 10 seconds, doubled each time, at most 5 minutes, on the policy's clock. */
const FIRST_WAIT = 10_000;
const LONGEST_WAIT = 5 * 60_000;
/** Attempts at an alias after the rollout has ended; then a person is told. */
const LAST_ATTEMPTS = 8;

/** The state of a rollout that begins. Without `rollout` the run ends at `register`: nothing is promoted. */
export function begin(rollout: Rollout | undefined, start: Start): RolloutState {
  const refused = start.champion === null && start.firstModel.kind === "refuse";
  const ended = rollout === undefined || refused;
  const sentences = {
    registered: `version ${start.challenger} is registered; the policy has no rollout, so it is not promoted`,
    refused: `version ${start.challenger} was refused: there is no champion, and the policy refuses a first model`,
    waiting: `the rollout of version ${start.challenger} begins; it goes back to ${start.champion === null ? "no model" : `version ${start.champion}`}`,
  };
  const outcome = rollout === undefined ? "registered" : refused ? "refused" : null;
  return {
    schema: "retrain.rollout/1",
    start,
    sequence: 0,
    phase: ended ? "ended" : "waiting",
    stage: 0,
    route: { champion: start.champion, challenger: null, share: 0, mirror: 0 },
    revision: start.revision,
    routedAt: null,
    enteredAt: null,
    convergedAt: null,
    pausedFor: 0,
    pausedSince: null,
    frozenUntil: null,
    heldBy: null,
    hold: null,
    streaks: [],
    verdict: null,
    approvedBy: null,
    promotedAt: null,
    elsewhere: 0,
    rollback: null,
    outcome,
    because: sentences[outcome ?? "waiting"],
    effects: [],
    commands: 0,
    recordedAt: start.at,
  };
}

/** One event more. Pure: the same rollout, state and event give the same answer, and folding the events of a rollout over `begin` gives its state. */
export function step(rollout: Rollout, state: RolloutState, event: RolloutEvent): Stepped {
  const turn = new Turn(rollout, state, event.at);
  switch (event.kind) {
    case "look":
      takeInLook(turn, event);
      break;
    case "done":
      takeInDone(turn, event);
      break;
    case "failed":
      takeInFailed(turn, event);
      break;
    case "command":
      takeInCommand(turn, event);
      break;
    case "elsewhere":
      if (state.effects.some((effect) => effect.kind === "route" && effect.direction === "forward")) {
        changedElsewhere(turn, event.revision);
      }
      break;
    case "abort":
      if (turn.state.phase === "waiting") takeBack(turn, { because: event.because, outcome: "aborted" });
      break;
    case "superseded":
      if (turn.state.phase === "keeping") endKeep(turn, `run ${event.by} begins to change traffic`, true);
      break;
  }
  const known = new Set(state.effects.map((effect) => effect.key));
  const actions = turn.state.effects.filter((effect) => !known.has(effect.key));
  return { state: turn.state, actions, happened: turn.happened };
}

function takeInDone(turn: Turn, event: Extract<RolloutEvent, { kind: "done" }>): void {
  const { state } = turn;
  const effect = state.effects.find((entry) => entry.key === event.key);
  if (effect === undefined) return;
  turn.drop((entry) => entry.key === event.key);
  if (effect.kind === "route") {
    state.route = effect.wish;
    state.revision = event.revision ?? state.revision;
    state.routedAt = event.at;
    if (effect.direction === "forward" && state.phase === "entering") state.phase = "converging";
  }
  if (effect.kind === "alias" && effect.name === "champion" && effect.direction === "forward") promoted(turn);
  if (effect.kind === "smoke") {
    state.smoked = true;
    turn.tell("smoke_passed", event.detail ?? `version ${effect.version} answered its smoke requests`);
  }
  const rollback = state.rollback;
  if (rollback === null || state.phase !== "rolling_back" || effect.kind !== "route" || effect.direction !== "back")
    return;
  state.rollback = { ...rollback, restoredAt: event.at };
  if (!rollback.verify) finishTakingBack(turn);
}

function takeInFailed(turn: Turn, event: Extract<RolloutEvent, { kind: "failed" }>): void {
  const { state } = turn;
  const effect = state.effects.find((entry) => entry.key === event.key);
  if (effect === undefined) return;
  if (event.permanent && effect.kind === "smoke") {
    turn.tell("smoke_failed", event.detail);
    takeBack(turn, { because: event.detail, outcome: "refused" });
    return;
  }
  turn.tell("failed_attempt", event.detail);
  if (event.permanent && effect.kind === "route" && effect.direction === "forward" && state.promotedAt === null) {
    const because = `version ${state.start.challenger} cannot be served: ${event.detail}`;
    takeBack(turn, { because, outcome: "rolled_back" });
    return;
  }
  const attempts = effect.attempts + 1;
  const isLastTry = state.phase === "ended" && attempts >= LAST_ATTEMPTS;
  if (isLastTry) {
    turn.drop((entry) => entry.key === event.key);
    turn.ask({ kind: "notify", event: "failed", sentence: `run ${state.start.run} is over, but ${event.detail}` });
    return;
  }
  const notBefore = event.at + Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** effect.attempts);
  const said = effect.kind === "smoke" ? { detail: event.detail } : {};
  state.effects = state.effects.map((entry) =>
    entry.key === event.key ? { ...entry, attempts, notBefore, ...said } : entry,
  );
}

function takeInCommand(turn: Turn, command: Command): void {
  const { state } = turn;
  state.commands = command.record;
  const reason = command.because === "" ? "" : `: ${command.because}`;
  const by = command.proof === "claimed" ? `${command.by} (claimed)` : command.by;
  const isFailed = state.phase === "ended" && state.outcome === "rollback_failed";
  if (state.phase === "ended" && !(isFailed && command.command === "rollback")) return;
  const isWaitingForApproval = state.phase !== "waiting" && turn.stage.kind === "approval" && state.rollback === null;
  switch (command.command) {
    case "approve":
      if (!isWaitingForApproval) return;
      if (command.refused !== undefined) {
        turn.tell("approval_refused", `the approval by ${by} does not count: ${command.refused}`);
        return;
      }
      state.approvedBy = by;
      turn.tell("approved", `approved by ${by}${reason}`);
      return;
    case "deny":
      if (!isWaitingForApproval) return;
      takeBack(turn, { because: `denied by ${by}${reason}`, outcome: "refused" });
      return;
    case "hold":
      state.heldBy = by;
      return;
    case "resume":
      state.heldBy = null;
      state.elsewhere = 0;
      if (state.hold?.reason === ROUTE_CHANGED) {
        state.hold = null;
        state.phase = state.convergedAt === null ? "entering" : "observing";
        setAgain(turn);
      }
      return;
    case "rollback": {
      if (state.phase === "rolling_back") return;
      state.outcome = null;
      const outcome = turn.live || state.promotedAt !== null || isFailed ? "rolled_back" : "aborted";
      const because = `rolled back by ${by}${reason}`;
      takeBack(turn, { because, outcome, ...(command.to === undefined ? {} : { to: command.to }) });
    }
  }
}
