import type { Text } from "../syntax/tree.ts";
import type { Collector } from "./collector.ts";

const fields = [
  { name: "minute", low: 0, high: 59 },
  { name: "hour", low: 0, high: 23 },
  { name: "day of the month", low: 1, high: 31 },
  { name: "month", low: 1, high: 12 },
  { name: "day of the week", low: 0, high: 7 },
] as const;

const nicknames: Readonly<Record<string, string>> = {
  "@hourly": "0 * * * *",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *",
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
};

const names = /(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC|SUN|MON|TUE|WED|THU|FRI|SAT)/giu;

/** A schedule, read: the minutes of a day at which it fires, and the days. */
interface Schedule {
  /** Ascending minutes since midnight. */
  readonly minutes: readonly number[];
  readonly firesOn: (day: Date) => boolean;
}

const minute = 60_000;
const day = 24 * 60 * minute;

/** A Monday in a leap year, from which the next days are looked at: fixed, so that a check gives the same answer on every day. */
const start = Date.UTC(2024, 0, 1);

/** Days in eight years: every calendar day occurs in them, 29 February twice. */
const eightYears = 2922;

/** The five fields of a schedule, put apart by single spaces; reports what is none and days that never come. */
export function readCron(text: Text, out: Collector): string | undefined {
  const cron = text.value.trim().replace(/\s+/gu, " ");
  const wrong = (why: string, fix?: string): undefined =>
    out.report(
      "trigger/bad-cron",
      text.span,
      { cron: text.value, why },
      fix === undefined
        ? {}
        : { fixes: [{ label: `write \`"${fix}"\``, edits: [{ span: text.span, text: `"${fix}"` }] }] },
    );
  const nickname = nicknames[cron.toLowerCase()];
  if (cron.startsWith("@")) return wrong("nicknames are not taken, because they hide the hour", nickname);
  const parts = cron === "" ? [] : cron.split(" ");
  if (parts.length !== 5) return wrong(`it has ${parts.length} fields, not 5`);
  for (const [index, part] of parts.entries()) {
    const field = fields[index];
    const why = field === undefined ? undefined : fieldProblem(part, index, field);
    if (why !== undefined) return wrong(why);
  }
  const schedule = readSchedule(cron);
  for (let at = 0; at < eightYears; at += 1) {
    if (schedule.firesOn(new Date(start + at * day))) return cron;
  }
  return out.report("trigger/date-never-comes", text.span, { cron });
}

/** A field with its names as numbers. */
function numbered(part: string, index: number): string {
  return index >= 3 ? part.replace(names, (name) => String(nameValue(name, index) ?? name)) : part;
}

function fieldProblem(part: string, index: number, field: (typeof fields)[number]): string | undefined {
  for (const piece of numbered(part, index).split(",")) {
    const match = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/u.exec(piece);
    if (match === null) return `\`${part}\` is no ${field.name}`;
    const [, low, high, step] = match;
    for (const bound of [low, high]) {
      if (bound !== undefined && (Number(bound) < field.low || Number(bound) > field.high)) {
        return `its ${field.name} is ${field.low} to ${field.high}, not ${bound}`;
      }
    }
    if (low !== undefined && high !== undefined && Number(low) > Number(high))
      return `\`${piece}\` ends before it begins`;
    if (step === undefined) continue;
    const most = Math.min(field.high - field.low + 1, field.high);
    if (low !== undefined && high === undefined)
      return `\`${piece}\` steps from one value: write \`${low}-${field.high}/${step}\``;
    if (Number(step) < 1 || Number(step) > most) return `\`${piece}\` steps by ${step}, and a step is 1 to ${most}`;
  }
  return undefined;
}

function nameValue(name: string, index: number): number | undefined {
  const list = index === 3 ? "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC" : "SUNMONTUEWEDTHUFRISAT";
  const at = list.indexOf(name.toUpperCase());
  return at < 0 ? undefined : at / 3 + (index === 3 ? 1 : 0);
}

/** All values of a field that is in order. */
function valuesOf(part: string, index: number): ReadonlySet<number> {
  const { low, high } = fields[index] ?? { low: 0, high: 0 };
  const values = new Set<number>();
  for (const piece of numbered(part, index).split(",")) {
    const [span = "*", step] = piece.split("/");
    const [from, to] = span === "*" ? [low, high] : span.split("-").map(Number);
    const last = to ?? (step === undefined ? from : high);
    for (let value = from ?? low; value <= (last ?? high); value += Number(step ?? 1)) values.add(value);
  }
  return values;
}

/** Reads a schedule whose fields are in order. A day of the month and one of the week are joined by "or" when both are given, as in every cron. */
function readSchedule(cron: string): Schedule {
  const parts = cron.split(" ");
  const [minutes, hours, days, months, weekdays] = parts.map((part, index) => valuesOf(part, index));
  const anyDay = parts[2] === "*";
  const anyWeekday = parts[4] === "*";
  const firesOn = (date: Date): boolean => {
    if (months?.has(date.getUTCMonth() + 1) !== true) return false;
    const byDay = days?.has(date.getUTCDate()) === true;
    const weekday = date.getUTCDay();
    const byWeekday = weekdays?.has(weekday) === true || (weekday === 0 && weekdays?.has(7) === true);
    return anyDay || anyWeekday ? byDay && byWeekday : byDay || byWeekday;
  };
  const times = [...(hours ?? [])].flatMap((hour) => [...(minutes ?? [])].map((at) => hour * 60 + at));
  return { minutes: times.sort((left, right) => left - right), firesOn };
}

/** Instants of the next `days` days as a local clock shows them; what clock changes move by an hour is left out. At most `most`. */
function instantsOf(cron: string, days: number, most: number): number[] {
  const schedule = readSchedule(cron);
  const instants: number[] = [];
  for (let at = 0; at < days && instants.length < most; at += 1) {
    const midnight = start + at * day;
    if (schedule.firesOn(new Date(midnight)))
      instants.push(...schedule.minutes.map((time) => midnight + time * minute));
  }
  return instants;
}

/** Answers about schedules by question: a thousand policies of one template have one schedule. Emptied when it is full. */
const answers = new Map<string, number | undefined>();

function remembered(question: string, answer: () => number | undefined): number | undefined {
  if (answers.has(question)) return answers.get(question);
  if (answers.size >= 1_000) answers.clear();
  const found = answer();
  answers.set(question, found);
  return found;
}

/** Shortest time between two instants of a schedule in milliseconds, by a local clock; undefined when it fires less than twice in two years. */
export function shortestInterval(cron: string): number | undefined {
  return remembered(`shortest ${cron}`, () => measureShortest(cron));
}

function measureShortest(cron: string): number | undefined {
  const instants = instantsOf(cron, 731, 1_500);
  let shortest: number | undefined;
  for (const [index, instant] of instants.entries()) {
    const before = instants[index - 1];
    if (before !== undefined && (shortest === undefined || instant - before < shortest)) shortest = instant - before;
  }
  return shortest;
}

/** Most instants of a schedule within any window of `length` milliseconds of a year, by a local clock. */
export function mostWithin(cron: string, length: number): number {
  return remembered(`most ${length} ${cron}`, () => countMost(cron, length)) ?? 0;
}

function countMost(cron: string, length: number): number {
  const instants = instantsOf(cron, 366 + Math.ceil(length / day), 50_000);
  let most = 0;
  let first = 0;
  for (const [index, instant] of instants.entries()) {
    while ((instants[first] ?? instant) <= instant - length) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}
