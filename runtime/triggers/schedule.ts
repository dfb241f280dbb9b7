import { Cron } from "croner";
import { Temporal } from "temporal-polyfill";
import type { Instant } from "../clock/clock.ts";

/** One run of a schedule: the instant at which it is due, and the local time that the policy names, which is its identity. */
interface Nominal {
  readonly at: Instant;
  /** Local wall-clock time with its zone, `2001-04-09T04:00[America/Chicago]`. A local time that a clock change skips keeps its name. */
  readonly local: string;
}

/** Times of a five-field cron expression in an IANA zone. */
export interface Schedule {
  /** The first run strictly after an instant; undefined when the expression never matches again. */
  next(after: Instant): Nominal | undefined;
  /** The last run at or before an instant; undefined when there is none. */
  previous(at: Instant): Nominal | undefined;
}

const FIELD = /^([\d*,/-]|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC|SUN|MON|TUE|WED|THU|FRI|SAT)+$/i;

/**
 * Reads a schedule. The cron expression selects wall-clock times; the zone turns each into one instant:
 * a time that a clock change skips is due once at the first instant after the gap, a time that occurs twice is due once, at its first occurrence.
 * Several times that fall on one instant (all of them inside a gap) are one run, under the name of the latest.
 * Throws RangeError or TypeError for an expression or a zone that does not exist: a compiled plan holds neither.
 */
export function readSchedule(cron: string, zone: string): Schedule {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== 5 || !fields.every((field) => FIELD.test(field))) {
    throw new RangeError(`not a five-field cron expression: "${cron}"`);
  }
  // Croner enumerates wall-clock times only: in UTC every wall-clock time exists exactly once.
  const walls = new Cron(fields.join(" "), { timezone: "UTC", mode: "5-part", paused: true });
  Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);

  const nominal = (wall: number): Nominal => ({ at: instantOf(wall, zone), local: `${nameOf(wall)}[${zone}]` });
  const nextWall = (wall: number): number | undefined => walls.nextRun(new Date(wall))?.getTime();

  return {
    next(after) {
      let wall = nextWall(wallOf(after, zone));
      while (wall !== undefined && instantOf(wall, zone) <= after) wall = nextWall(wall);
      if (wall === undefined) return undefined;
      const at = instantOf(wall, zone);
      let following = nextWall(wall);
      while (following !== undefined && instantOf(following, zone) === at) {
        wall = following;
        following = nextWall(wall);
      }
      return nominal(wall);
    },
    previous(at) {
      const [run] = walls.previousRuns(1, new Date(latestWall(at, zone) + 1000));
      return run === undefined ? undefined : nominal(run.getTime());
    },
  };
}

/** Wall-clock time at an instant, written as the epoch milliseconds of the same reading in UTC. */
function wallOf(at: Instant, zone: string): number {
  return at + offset(at, zone);
}

function offset(at: Instant, zone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).offsetNanoseconds / 1e6;
}

/** The latest wall-clock time (whole seconds) that has already occurred: inside a repeated stretch this is its end, not the reading of the clock. */
function latestWall(at: Instant, zone: string): number {
  const here = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const wall = Math.floor(wallOf(at, zone) / 1000) * 1000;
  // One nanosecond later, because a transition at `at` itself is past.
  const passed = here.add({ nanoseconds: 1 }).getTimeZoneTransition("previous");
  if (passed === null) return wall;
  const before = passed.epochMilliseconds + offset(passed.epochMilliseconds - 1, zone);
  return Math.max(wall, before - 1000);
}

function instantOf(wall: number, zone: string): Instant {
  const plain = Temporal.Instant.fromEpochMilliseconds(wall).toZonedDateTimeISO("UTC").toPlainDateTime();
  const earlier = plain.toZonedDateTime(zone, { disambiguation: "earlier" });
  if (earlier.toPlainDateTime().equals(plain)) return earlier.epochMilliseconds;
  // Skipped: "earlier" lies before the gap by the gap's length, so the next transition is the end of the gap.
  const end = earlier.getTimeZoneTransition("next");
  return end === null ? earlier.epochMilliseconds : end.epochMilliseconds;
}

function nameOf(wall: number): string {
  return new Date(wall).toISOString().slice(0, 16);
}
