import type { Monitor, SingleCause } from "../../compiler/plan/monitor.ts";
import type { Instant } from "../clock/clock.ts";
import { isMeasured } from "./condition.ts";
import { readSchedule } from "./schedule.ts";
import type { MonitorState } from "./state.ts";

/** The check that an instant belongs to: the newest multiple of `check` since 00:00Z at or before it. */
export function checkAt(at: Instant, check: number): Instant {
  return Math.floor(at / check) * check;
}

/** All causes, members of groups among them. */
export function singleCauses(monitor: Monitor): readonly SingleCause[] {
  return monitor.causes.flatMap((cause) => (cause.kind === "group" ? cause.members : [cause]));
}

/** Ids of the causes that must be measured for the tick at `now`: all measured ones when a check is due, none otherwise. */
export function dueConditions(monitor: Monitor, state: MonitorState, now: Instant): readonly string[] {
  const due = state.lastCheck === null || checkAt(now, monitor.check) > state.lastCheck;
  return due
    ? singleCauses(monitor)
        .filter(isMeasured)
        .map((cause) => cause.id)
    : [];
}

/** Whether the tick at `now` needs the row-set hash of the data as they are then: a check is due and an episode waits for other rows after a validation stop. */
export function awaitsRowSet(monitor: Monitor, state: MonitorState, now: Instant): boolean {
  const due = state.lastCheck === null || checkAt(now, monitor.check) > state.lastCheck;
  return due && state.episodes.some((episode) => episode.rowSet !== null && episode.servedBy === null);
}

/** The next instant strictly after `now` at which a tick can decide something new without anything happening outside: a check, a scheduled instant, or the end of what holds an episode back. */
export function nextDue(monitor: Monitor, state: MonitorState, now: Instant): Instant {
  const scheduled = singleCauses(monitor).flatMap((cause) => {
    const next = cause.kind === "schedule" ? readSchedule(cause.cron, cause.zone).next(now) : undefined;
    return next === undefined ? [] : [next.at];
  });
  const wakes = state.wakes.filter((wake) => wake > now);
  return Math.min(checkAt(now, monitor.check) + monitor.check, ...scheduled, ...wakes);
}
