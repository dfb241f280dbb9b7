import { expect, it } from "vitest";
import { readSchedule } from "../../../runtime/triggers/schedule.ts";

const MINUTE = 60_000;
const DAYS: Readonly<Record<string, number>> = { SUN: 0, MON: 1, TUE: 2, WED: 3, THU: 4, FRI: 5, SAT: 6 };

/** Reads the clock of the zone through Intl at every minute; shares no code with what it tests. */
function walls(zone: string, from: number, until: number): readonly { readonly at: number; readonly wall: number }[] {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  });
  const read: { at: number; wall: number }[] = [];
  for (let at = from - 26 * 60 * MINUTE; at < until; at += MINUTE) {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
    read.push({ at, wall: Date.UTC(year, month - 1, day, hour, minute) });
  }
  return read;
}

/** Steps through every minute: due when the clock shows for the first time a matching minute, or passes one that it never shows. */
function oracle(cron: string, clock: ReturnType<typeof walls>, from: number): number[] {
  const field = (text: string, value: number, low: number): boolean =>
    text.split(",").some((part) => {
      const [range = "*", step = "1"] = part.split("/");
      const [first, last] = range.split("-").map((word) => DAYS[word] ?? Number(word));
      if (range === "*") return (value - low) % Number(step) === 0;
      const end = last ?? first ?? Number.NaN;
      return value >= (first ?? Number.NaN) && value <= end && (value - (first ?? 0)) % Number(step) === 0;
    });
  const [minutes = "", hours = "", days = "", months = "", weekdays = ""] = cron.split(" ");
  const matches = (at: number): boolean => {
    const date = new Date(at);
    const day = field(days, date.getUTCDate(), 1);
    const weekday = field(weekdays, date.getUTCDay(), 0);
    const either = days !== "*" && weekdays !== "*" ? day || weekday : day && weekday;
    return (
      either &&
      field(minutes, date.getUTCMinutes(), 0) &&
      field(hours, date.getUTCHours(), 0) &&
      field(months, date.getUTCMonth() + 1, 1)
    );
  };
  const found: number[] = [];
  let reached = clock[0]?.wall ?? 0;
  for (const { at, wall } of clock.slice(1)) {
    let due = false;
    for (let passed = reached + MINUTE; passed <= wall; passed += MINUTE) due = due || matches(passed);
    reached = Math.max(reached, wall);
    if (due && at >= from) found.push(at);
  }
  return found;
}

const zones = ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Kolkata", "UTC"];
const expressions = ["30 2 * * *", "*/20 * * * *", "0 0 * * *", "45 1 * * SUN", "0-59/7 1-3 * * *", "0 0 1,15 * MON"];

for (const zone of zones) {
  it(`agrees in ${zone} with stepping through every minute around clock changes`, () => {
    for (const [from, until] of [
      ["2026-03-07T00:00:00Z", "2026-03-09T12:00:00Z"],
      ["2026-03-28T00:00:00Z", "2026-03-30T00:00:00Z"],
      ["2026-04-03T20:00:00Z", "2026-04-06T00:00:00Z"],
      ["2026-04-23T00:00:00Z", "2026-04-25T00:00:00Z"],
      ["2026-10-03T00:00:00Z", "2026-10-04T20:00:00Z"],
      ["2026-10-24T00:00:00Z", "2026-10-26T00:00:00Z"],
      ["2026-10-29T12:00:00Z", "2026-11-02T00:00:00Z"],
    ].map((pair) => pair.map((text) => Date.parse(text)))) {
      if (from === undefined || until === undefined) throw new Error("a stretch has two ends");
      const clock = walls(zone, from, until);
      for (const cron of expressions) {
        const schedule = readSchedule(cron, zone);
        const expected = oracle(cron, clock, from);
        const found: number[] = [];
        for (let next = schedule.next(from - 1); next !== undefined && next.at < until; next = schedule.next(next.at)) {
          found.push(next.at);
          expect(schedule.previous(next.at)).toEqual(next);
          expect(schedule.previous(next.at + 17_000)).toEqual(next);
        }
        expect(found, `${cron} in ${zone} from ${new Date(from).toISOString()}`).toEqual(expected);
        for (let at = from + 30 * MINUTE; at < until; at += 30 * MINUTE) {
          const last = expected.findLast((run) => run <= at);
          if (last !== undefined) expect(schedule.previous(at)?.at, `${cron} before ${at}`).toBe(last);
        }
      }
    }
  });
}

it("says that a date that never comes never comes", () => {
  expect(readSchedule("0 3 31 2 *", "UTC").next(0)).toBeUndefined();
});

it("refuses what is not five plain cron fields, and zones that do not exist", () => {
  for (const cron of [
    "@daily",
    "0 0 L * *",
    "0 0 15W * *",
    "0 0 * * MON#2",
    "? * * * *",
    "* * * *",
    "0 0 0 1 1 *",
    "61 * * * *",
  ]) {
    expect(() => readSchedule(cron, "UTC"), cron).toThrow();
  }
  expect(() => readSchedule("0 0 * * *", "Mars/Olympus")).toThrow(RangeError);
  expect(readSchedule("0 0 * JUL WED", "UTC").next(0)?.local).toBe("1970-07-01T00:00[UTC]");
});
