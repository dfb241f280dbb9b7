import type { Monitor } from "../../compiler/plan/monitor.ts";
import { forgetChanged, isOffered, takeInCauses } from "./episodes.ts";
import { carriedBy, takeInRuns } from "./history.ts";
import type { TickInput } from "./input.ts";
import type { Note, OfferedCause, Outcome, Suppression } from "./outcome.ts";
import type { Episode, MonitorState } from "./state.ts";
import { suppressions } from "./suppression.ts";

/** What a tick decided, and what the next one must be given. */
export interface Ticked {
  readonly state: MonitorState;
  readonly outcome: Outcome;
  readonly notes: readonly Note[];
}

/**
 * Decides whether the policy starts a run now. Pure: the same monitor, state and input give the same answer.
 * The caller measures the causes that `dueConditions` names, calls this, writes state and outcome to the ledger in one record, and only then starts
 * the run, under the outcome's key. An episode of a fired outcome counts as served from that record on.
 */
export function tick(monitor: Monitor, state: MonitorState, input: TickInput): Ticked {
  const notes: Note[] = [];
  const history = takeInRuns(monitor, forgetChanged(monitor, state), input);
  notes.push(...history.notes);
  let next = takeInCauses(monitor, history.state, input, notes);
  if (next.lastCheck !== history.state.lastCheck) next = releaseRowSets(next, input);
  next = { ...next, lastTick: input.now, wakes: [] };
  if (monitor.queue === "skip" && input.running !== undefined) next = skip(monitor, next, input, notes);

  const offered = next.episodes
    .filter((episode) => isOffered(monitor, next, episode, input.now))
    .sort((a, b) => order(monitor, a) - order(monitor, b));
  if (offered.length === 0) return { state: next, outcome: quiet(next), notes };

  const free = offered.filter((episode) => episode.rowSet === null);
  const common = suppressions(monitor, next, input, free);
  if (free.length > 0 && common.length === 0) {
    const merged = [...free, ...carriedByRunning(next, input)].sort((a, b) => order(monitor, a) - order(monitor, b));
    return { ...fire(next, merged, input), notes };
  }
  return { ...suppress(next, offered, common), notes };
}

/**
 * What the run carries that a firing takes the place of: the new run carries it too. Given back to nobody it would start a run in the place of
 * that one, and so on for ever.
 */
function carriedByRunning(state: MonitorState, { running, runs }: TickInput): readonly Episode[] {
  const key = runs.find((run) => run.run === running?.run)?.key;
  return key === undefined ? [] : state.episodes.filter((episode) => episode.servedBy === key);
}

function order(monitor: Monitor, episode: Episode): number {
  return monitor.causes.findIndex((cause) => cause.id === episode.cause);
}

function offeredCause(episode: Episode): OfferedCause {
  const { cause, openedAt, sentence } = episode;
  return { cause, episode: episode.key, openedAt, attempt: episode.attempts + 1, sentence };
}

function fire(state: MonitorState, free: readonly Episode[], input: TickInput): Pick<Ticked, "state" | "outcome"> {
  const causes = free.map(offeredCause);
  const key = causes
    .map((cause) => (cause.attempt === 1 ? cause.episode : `${cause.episode}#${cause.attempt}`))
    .join("+");
  const carried = new Set(free.map((episode) => episode.key));
  const episodes = state.episodes
    .filter((episode) => !(episode.instant && carried.has(episode.key)))
    .map((episode) =>
      carried.has(episode.key)
        ? { ...episode, servedBy: key, attempts: episode.attempts + 1, suppressed: null }
        : episode,
    );
  const instants = state.instants.map((instant) =>
    free.some((episode) => episode.instant && episode.cause === instant.cause)
      ? { ...instant, counts: false }
      : instant,
  );
  const sentence = `started: ${causes.map((cause) => cause.sentence).join("; ")}`;
  const replaces = input.running === undefined ? {} : { replaces: input.running.run };
  return { state: { ...state, episodes, instants }, outcome: { kind: "fire", key, causes, ...replaces, sentence } };
}

function suppress(
  state: MonitorState,
  offered: readonly Episode[],
  common: readonly Suppression[],
): Pick<Ticked, "state" | "outcome"> {
  const rows: Suppression = {
    reason: "row_set",
    sentence: "the rows are still those that validation stopped",
  };
  const reasonsOf = (episode: Episode): readonly Suppression[] =>
    episode.rowSet === null ? common : [rows, ...common];
  const signature = (episode: Episode): string =>
    reasonsOf(episode)
      .map((suppression) => `${suppression.reason}:${suppression.detail ?? ""}`)
      .join("|");
  const names = new Map(offered.map((episode) => [episode.key, signature(episode)]));
  const changed = offered.some((episode) => episode.suppressed !== names.get(episode.key));
  const reasons = offered.some((episode) => episode.rowSet !== null) ? [rows, ...common] : common;
  const sentence = `not started: ${reasons.map((reason) => reason.sentence).join("; ")}`;
  const episodes = state.episodes.map((episode) => ({
    ...episode,
    suppressed: names.get(episode.key) ?? episode.suppressed,
  }));
  const wakes = [...new Set(common.flatMap((reason) => reason.until ?? []))].sort((a, b) => a - b);
  return {
    state: { ...state, episodes, wakes },
    outcome: { kind: "suppressed", causes: offered.map(offeredCause), reasons, changed, sentence },
  };
}

function quiet(state: MonitorState): Outcome {
  const carried = state.episodes.filter((episode) => episode.servedBy !== null).length;
  const sentence = carried === 0 ? "nothing asks for a run" : "every open cause is already carried by a run";
  return { kind: "quiet", sentence };
}

/** An episode that waited for other rows is offered again at the first check that finds the row-set hash changed and the condition still holding: what was measured on the old rows says nothing about the new ones. */
function releaseRowSets(state: MonitorState, input: TickInput): MonitorState {
  const release = (episode: Episode): Episode =>
    episode.rowSet !== null && input.rowSet !== undefined && input.rowSet !== episode.rowSet
      ? { ...episode, rowSet: null }
      : episode;
  return { ...state, episodes: state.episodes.map(release) };
}

/** `queue skip`: an instant that falls into a run is dropped, a condition is left to that run. */
function skip(monitor: Monitor, state: MonitorState, input: TickInput, notes: Note[]): MonitorState {
  const run = input.running?.run ?? "";
  const episodes: Episode[] = [];
  const dropped = new Set<string>();
  for (const episode of state.episodes) {
    if (!isOffered(monitor, state, episode, input.now)) {
      episodes.push(episode);
      continue;
    }
    const sentence = `skipped, run ${run} is running: ${episode.sentence}`;
    notes.push({ kind: "skipped", cause: episode.cause, notify: false, sentence });
    if (episode.instant) dropped.add(episode.cause);
    else episodes.push({ ...episode, servedBy: carriedBy(run) });
  }
  const instants = state.instants.map((instant) =>
    dropped.has(instant.cause) ? { ...instant, counts: false } : instant,
  );
  return { ...state, episodes, instants };
}
