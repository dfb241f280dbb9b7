import type { Monitor } from "../../compiler/plan/monitor.ts";
import type { Instant } from "../clock/clock.ts";
import { afterFailure, closedBreaker } from "./breaker.ts";
import type { RunFact, TickInput } from "./input.ts";
import type { Note } from "./outcome.ts";
import { written } from "./sentence.ts";
import type { ConditionState, Episode, MonitorState } from "./state.ts";
import { NO_STREAK } from "./streak.ts";

type What = "promoted" | "ended_well" | "refused" | "validation_stopped" | "failed" | "rolled_back" | "given_back";

interface Happening {
  readonly id: string;
  readonly what: What;
  readonly at: Instant;
  readonly run: RunFact;
}

/** Refusals in a row after which somebody is told. */
const REFUSALS = 5;

/** Takes in what became of runs since the last tick, oldest first: cooldowns, breaker, and which episodes are closed, given back or wait for other rows. */
export function takeInRuns(
  monitor: Monitor,
  state: MonitorState,
  input: TickInput,
): { readonly state: MonitorState; readonly notes: readonly Note[] } {
  const notes: Note[] = [];
  const known = new Set(state.handled);
  const all = input.runs.flatMap(happeningsOf).sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  let next = state;
  for (const happening of all) {
    if (known.has(happening.id)) continue;
    // A person closed what was open before this, not what it opens.
    if (input.resumedAt !== undefined && input.resumedAt < happening.at) next = resume(next, input.resumedAt, notes);
    next = takeIn(monitor, next, happening, notes);
  }
  if (input.resumedAt !== undefined) next = resume(next, input.resumedAt, notes);
  return { state: { ...next, handled: all.map((happening) => happening.id) }, notes };
}

function resume(state: MonitorState, at: Instant, notes: Note[]): MonitorState {
  if (state.breaker.openedAt === null || at < state.breaker.openedAt) return state;
  const sentence = `the breaker was closed by hand at ${written(at)}`;
  notes.push({ kind: "breaker_closed", notify: false, sentence });
  return { ...state, breaker: closedBreaker() };
}

function happeningsOf(run: RunFact): Happening[] {
  const found: Happening[] = [];
  const add = (what: What, at: Instant): void => {
    found.push({ id: `${run.run}:${what}`, what, at, run });
  };
  if (run.promotedAt !== undefined) add("promoted", run.promotedAt);
  if (run.rolledBackAt !== undefined) add("rolled_back", run.rolledBackAt);
  const ended = run.endedAt;
  if (ended === undefined || run.outcome === undefined) return found;
  switch (run.outcome) {
    case "registered":
      add("promoted", ended);
      add("ended_well", ended);
      break;
    case "promoted":
      if (run.promotedAt === undefined) add("promoted", ended);
      add("ended_well", ended);
      break;
    case "rolled_back":
    case "rollback_failed":
      // Rolled back before it ended: what was left to it until its end is given back then.
      add(run.rolledBackAt === undefined ? "rolled_back" : "given_back", ended);
      break;
    case "refused":
    case "validation_stopped":
    case "failed":
      add(run.outcome, ended);
      break;
    case "aborted":
    case "cancelled":
      add("given_back", ended);
      break;
    case "duplicate":
      break;
  }
  return found;
}

function takeIn(monitor: Monitor, state: MonitorState, happening: Happening, notes: Note[]): MonitorState {
  const { at, run } = happening;
  switch (happening.what) {
    case "promoted":
      return { ...closeAll(state, at, run, notes), latest: { ...state.latest, promotion: at }, refusals: 0 };
    case "ended_well": {
      if (state.breaker.openedAt !== null) {
        notes.push({
          kind: "breaker_closed",
          notify: false,
          sentence: `run ${run.run} ended well: the breaker is closed`,
        });
      }
      // What opened after the promotion, and was left to the run by `queue skip`, the promotion has not settled.
      return { ...giveBack(state, run, null), breaker: closedBreaker(), refusals: 0 };
    }
    case "refused":
    case "validation_stopped": {
      const refusals = state.refusals + 1;
      if (refusals % REFUSALS === 0) {
        const sentence = `${refusals} runs in a row were refused; the newest is ${run.run}`;
        notes.push({ kind: "refusals_in_a_row", notify: true, sentence });
      }
      const rowSet = happening.what === "validation_stopped" ? (run.rowSet ?? null) : null;
      const given = giveBack(state, run, rowSet);
      return { ...given, latest: { ...state.latest, refusal: at }, refusals };
    }
    case "failed":
    case "rolled_back": {
      const rolledBack = happening.what === "rolled_back";
      const breaker = afterFailure(monitor, state.breaker, { at, rolledBack });
      if (breaker.openUntil !== state.breaker.openUntil && breaker.openUntil !== null) {
        const why = rolledBack ? `run ${run.run} was rolled back` : `${breaker.failures} runs broke`;
        const sentence = `${why}: the breaker is open until ${written(breaker.openUntil)}`;
        notes.push({ kind: "breaker_opened", notify: true, sentence });
      }
      const latest = rolledBack ? { ...state.latest, rollback: at } : { ...state.latest, failure: at };
      return { ...giveBack(state, run, null), latest, breaker, refusals: 0 };
    }
    case "given_back":
      return giveBack(state, run, null);
  }
}

/** A promotion closes every open episode, and what was measured against the old reference no longer counts. */
function closeAll(state: MonitorState, at: Instant, run: RunFact, notes: Note[]): MonitorState {
  const before = (instant: Instant | null): boolean => instant !== null && instant <= at;
  const closed = state.episodes.filter((episode) => before(episode.openedAt));
  for (const episode of closed) {
    const sentence = `run ${run.run} was promoted at ${written(at)}: ${episode.sentence} is settled`;
    notes.push({ kind: "closed", cause: episode.cause, notify: false, sentence });
  }
  const forget = (condition: ConditionState): ConditionState =>
    condition.streak.lastTrue !== null && condition.streak.lastTrue > at
      ? condition
      : { ...condition, streak: NO_STREAK, active: false, lost: false, values: [], heldAt: null };
  return {
    ...state,
    episodes: state.episodes.filter((episode) => !before(episode.openedAt)),
    conditions: state.conditions.map(forget),
    instants: state.instants.map((instant) => (before(instant.at) ? { ...instant, counts: false } : instant)),
  };
}

/** How an episode names a run that was not started for it: `queue skip` leaves it to the run that is running. */
export function carriedBy(run: string): string {
  return `run:${run}`;
}

/** Offers the episodes of a run again. After a validation stop they wait until the rows are others, and no other end of a run ends that wait. */
function giveBack(state: MonitorState, run: RunFact, rowSet: string | null): MonitorState {
  const give = (episode: Episode): Episode =>
    episode.servedBy !== null && (episode.servedBy === run.key || episode.servedBy === carriedBy(run.run))
      ? { ...episode, servedBy: null, rowSet: rowSet ?? episode.rowSet, suppressed: null }
      : episode;
  return { ...state, episodes: state.episodes.map(give) };
}
