import type { Cause, Monitor, SingleCause } from "../../compiler/plan/monitor.ts";
import type { Instant } from "../clock/clock.ts";
import { atLeastTrue, isMeasured, newCondition, updateCondition } from "./condition.ts";
import { checkAt, dueConditions, singleCauses } from "./due.ts";
import type { Answer, TickInput } from "./input.ts";
import type { Note } from "./outcome.ts";
import { readSchedule } from "./schedule.ts";
import { conditionText, written } from "./sentence.ts";
import type { ConditionState, Episode, InstantState, MonitorState } from "./state.ts";
import type { Truth } from "./streak.ts";

type ScheduleCause = Extract<SingleCause, { kind: "schedule" }>;
type EventCause = Extract<SingleCause, { kind: "event" }>;
type CauseGroup = Extract<Cause, { kind: "group" }>;

const UNANSWERED: Answer = { truth: "unknown", reason: "no_data", sentence: "it was not measured" };

/** Forgets what belongs to causes that the policy no longer has. */
export function forgetChanged(monitor: Monitor, state: MonitorState): MonitorState {
  const texts = new Map<string, string>();
  for (const cause of [...monitor.causes, ...singleCauses(monitor)]) texts.set(cause.id, cause.text);
  const kept = (entry: { readonly cause: string; readonly text: string }): boolean =>
    texts.get(entry.cause) === entry.text;
  return {
    ...state,
    conditions: state.conditions.filter(kept),
    instants: state.instants.filter(kept),
    episodes: state.episodes.filter(kept),
  };
}

/** Takes in the answers of this tick's check, the clock and the events told; opens and closes episodes. */
export function takeInCauses(monitor: Monitor, before: MonitorState, input: TickInput, notes: Note[]): MonitorState {
  let state = takeInAnswers(monitor, before, input, notes);
  for (const cause of singleCauses(monitor)) state = takeInInstant(monitor, state, cause, input, notes);
  for (const cause of monitor.causes) state = openOrClose(monitor, state, cause, input.now, notes);
  return state;
}

function takeInAnswers(monitor: Monitor, state: MonitorState, input: TickInput, notes: Note[]): MonitorState {
  const at = checkAt(input.now, monitor.check);
  const first = state.lastCheck === null;
  if (state.lastCheck !== null && at <= state.lastCheck) return state;
  const skipped = first ? 0 : Math.max(0, (at - (state.lastCheck ?? at)) / monitor.check - 1);
  const due = new Set(dueConditions(monitor, state, input.now));
  const conditions = singleCauses(monitor)
    .filter((cause) => due.has(cause.id))
    .map((cause) => {
      const answer = Object.hasOwn(input.answers, cause.id) ? (input.answers[cause.id] ?? UNANSWERED) : UNANSWERED;
      const known = state.conditions.find((condition) => condition.cause === cause.id) ?? newCondition(cause);
      const next = updateCondition(cause, known, answer, { at, skipped, monitor });
      const { notifyAfter } = monitor.missing;
      if (known.unknowns < notifyAfter && next.unknowns >= notifyAfter) {
        const sentence = `${conditionText(cause)} has had no answer for ${next.unknowns} checks: ${answer.sentence}`;
        notes.push({ kind: "unanswered", cause: cause.id, notify: true, sentence });
      }
      return next;
    });
  return { ...state, conditions, lastCheck: at };
}

function takeInInstant(
  monitor: Monitor,
  state: MonitorState,
  cause: SingleCause,
  input: TickInput,
  notes: Note[],
): MonitorState {
  if (cause.kind !== "schedule" && cause.kind !== "event") return state;
  const known = state.instants.find((instant) => instant.cause === cause.id);
  const latest = cause.kind === "schedule" ? latestScheduled(cause, input.now) : latestEvent(cause, input);
  if (latest === undefined || latest.seen === known?.seen || latest.at < (known?.at ?? latest.at)) return state;
  const late = cause.kind === "schedule" && input.now - latest.at > monitor.grace;
  if (late && state.lastTick !== null) {
    const sentence = `${cause.text} was due at ${written(latest.at)} and is not made up for: nobody looked within the grace time`;
    notes.push({ kind: "missed_schedule", cause: cause.id, notify: false, sentence });
  }
  // Seen only now, but settled by a promotion that came after it.
  const settled = latest.at <= (state.latest.promotion ?? Number.NEGATIVE_INFINITY);
  const seen: InstantState = { cause: cause.id, text: cause.text, ...latest, counts: !late && !settled };
  return { ...state, instants: [...state.instants.filter((instant) => instant.cause !== cause.id), seen] };
}

function latestScheduled(
  cause: ScheduleCause,
  now: Instant,
): { readonly seen: string; readonly at: Instant } | undefined {
  const nominal = readSchedule(cause.cron, cause.zone).previous(now);
  return nominal === undefined ? undefined : { seen: nominal.local, at: nominal.at };
}

function latestEvent(cause: EventCause, input: TickInput): { readonly seen: string; readonly at: Instant } | undefined {
  const told = (input.events ?? []).filter((event) => event.event === cause.event && event.at <= input.now);
  const latest = told.reduce((last, event) => (last === undefined || event.at >= last.at ? event : last), told[0]);
  return latest === undefined ? undefined : { seen: latest.id, at: latest.at };
}

/** What a cause says now, since when, and in words. */
interface Standing {
  readonly truth: Truth;
  /** Whether the stretch is over; false while unknown, and between the two limits of a hysteresis. */
  readonly over: boolean;
  readonly since: Instant;
  readonly name: string;
  readonly sentence: string;
}

function openOrClose(monitor: Monitor, state: MonitorState, cause: Cause, now: Instant, notes: Note[]): MonitorState {
  const standing = cause.kind === "group" ? standingOfGroup(monitor, state, cause, now) : standingOf(state, cause);
  const open = state.episodes.find((episode) => episode.cause === cause.id);
  const others = state.episodes.filter((episode) => episode.cause !== cause.id);
  const instant = cause.kind === "schedule" || cause.kind === "event";
  const key = `${cause.id}@${standing.name}`;
  if (instant) return openInstant(state, cause, standing, notes);
  if (open !== undefined) {
    if (!standing.over) {
      const sentence = standing.truth === true ? standing.sentence : open.sentence;
      return { ...state, episodes: [...others, { ...open, sentence }] };
    }
    notes.push({ kind: "closed", cause: cause.id, notify: false, sentence: `${conditionText(cause)} has cleared` });
    return { ...state, episodes: others };
  }
  if (standing.truth !== true) return state;
  notes.push({ kind: "opened", cause: cause.id, notify: false, sentence: standing.sentence });
  return { ...state, episodes: [...others, newEpisode(cause, key, standing, false)] };
}

/** The newest instant replaces an older one that no run has carried. One that was carried, missed or settled by a promotion stays away. */
function openInstant(state: MonitorState, cause: Cause, standing: Standing, notes: Note[]): MonitorState {
  const key = `${cause.id}@${standing.name}`;
  const open = state.episodes.find((episode) => episode.cause === cause.id);
  if (open?.key === key) return state;
  const others = state.episodes.filter((episode) => episode.cause !== cause.id);
  if (open !== undefined && standing.name !== "") {
    const sentence = `no run carried it before the next one was due: ${open.sentence}`;
    notes.push({ kind: "closed", cause: cause.id, notify: false, sentence });
  }
  if (standing.truth !== true) return standing.name === "" ? state : { ...state, episodes: others };
  notes.push({ kind: "opened", cause: cause.id, notify: false, sentence: standing.sentence });
  return { ...state, episodes: [...others, newEpisode(cause, key, standing, true)] };
}

function newEpisode(cause: Cause, key: string, standing: Standing, instant: boolean): Episode {
  return {
    key,
    cause: cause.id,
    text: cause.text,
    openedAt: standing.since,
    instant,
    sentence: standing.sentence,
    attempts: 0,
    servedBy: null,
    rowSet: null,
    suppressed: null,
  };
}

function standingOf(state: MonitorState, cause: SingleCause): Standing {
  if (isMeasured(cause)) {
    const condition = state.conditions.find((entry) => entry.cause === cause.id);
    const since = state.lastCheck ?? 0;
    return {
      truth: truthOf(condition),
      over: condition === undefined || !condition.active,
      since,
      name: new Date(since).toISOString(),
      sentence: condition?.sentence ?? "",
    };
  }
  const seen = state.instants.find((instant) => instant.cause === cause.id);
  if (seen === undefined) return { truth: false, over: true, since: 0, name: "", sentence: "" };
  const sentence =
    cause.kind === "schedule"
      ? `${cause.text} was due at ${written(seen.at)}`
      : `${cause.text} was told at ${written(seen.at)}`;
  return { truth: seen.counts, over: !seen.counts, since: seen.at, name: seen.seen, sentence };
}

function truthOf(condition: ConditionState | undefined): Truth {
  if (condition === undefined) return "unknown";
  if (condition.active) return condition.lost ? "unknown" : true;
  return condition.unknowns > 0 ? "unknown" : false;
}

/** Members joined three-valued. With `within` a member that held stays true that long; without, an instant is true for one check. */
function standingOfGroup(monitor: Monitor, state: MonitorState, group: CauseGroup, now: Instant): Standing {
  const within = group.within;
  const members = group.members.map((cause) => {
    if (!isMeasured(cause)) {
      const standing = standingOf(state, cause);
      const truth: Truth = standing.truth === true && now - standing.since < (within ?? monitor.check);
      return { truth, at: standing.since, sentence: standing.sentence };
    }
    const condition = state.conditions.find((entry) => entry.cause === cause.id);
    const latched = within !== undefined && condition?.heldAt != null && now - condition.heldAt < within;
    return {
      truth: latched ? true : truthOf(condition),
      at: condition?.heldAt ?? 0,
      sentence: condition?.sentence ?? "",
    };
  });
  const truth = atLeastTrue(
    members.map((member) => member.truth),
    group.atLeast,
  );
  const holding = members.filter((member) => member.truth === true);
  const since = Math.max(0, ...holding.map((member) => member.at));
  const sentence = holding.map((member) => member.sentence).join(", and ");
  return { truth, over: truth === false, since, name: new Date(since).toISOString(), sentence };
}

/** Whether an open episode of this cause may start a run now: not while its answers have been missing for too long. */
export function isOffered(monitor: Monitor, state: MonitorState, episode: Episode, now: Instant): boolean {
  if (episode.servedBy !== null) return false;
  const cause = monitor.causes.find((entry) => entry.id === episode.cause);
  if (cause === undefined) return false;
  if (episode.instant) return true;
  const standing = cause.kind === "group" ? standingOfGroup(monitor, state, cause, now) : standingOf(state, cause);
  return standing.truth === true;
}
