import { Cron } from "croner";
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

/** An instant from which the next days are looked for: fixed, so that a check gives the same answer on every day. */
const start = new Date("2024-01-01T00:00:00Z");

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
  const parts = cron.split(" ");
  if (parts.length !== 5) return wrong(`it has ${parts.length === 1 && cron === "" ? 0 : parts.length} fields, not 5`);
  for (const [index, part] of parts.entries()) {
    const field = fields[index];
    if (field === undefined) continue;
    const why = fieldProblem(part, index, field);
    if (why !== undefined) return wrong(why);
  }
  try {
    if (new Cron(cron, { timezone: "UTC" }).nextRun(start) === null)
      return out.report("trigger/date-never-comes", text.span, { cron });
  } catch {
    return wrong("its fields do not go together");
  }
  return cron;
}

function fieldProblem(part: string, index: number, field: (typeof fields)[number]): string | undefined {
  const named = index >= 3 ? part.replace(names, (name) => String(nameValue(name, index) ?? name)) : part;
  for (const piece of named.split(",")) {
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
    if (step !== undefined && Number(step) === 0) return `\`${piece}\` steps by 0`;
  }
  return undefined;
}

function nameValue(name: string, index: number): number | undefined {
  const lists = { 3: "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC", 4: "SUNMONTUEWEDTHUFRISAT" } as const;
  const at = (index === 3 ? lists[3] : lists[4]).indexOf(name.toUpperCase());
  return at < 0 ? undefined : at / 3 + (index === 3 ? 1 : 0);
}

/** Shortest time between two instants of a schedule in the next year, in milliseconds; undefined when it fires less than twice. Looks at 400 instants. */
export function shortestInterval(cron: string, zone: string): number | undefined {
  const job = new Cron(cron, { timezone: zone });
  const instants = job.nextRuns(400, start).map((date) => date.getTime());
  let shortest: number | undefined;
  for (const [index, instant] of instants.entries()) {
    const before = instants[index - 1];
    if (before !== undefined && (shortest === undefined || instant - before < shortest)) shortest = instant - before;
  }
  return shortest;
}

/** Most instants of a schedule within any window of `length` milliseconds that begins at one of its next 200. */
export function mostWithin(cron: string, zone: string, length: number): number {
  const instants = new Cron(cron, { timezone: zone }).nextRuns(1000, start).map((date) => date.getTime());
  let most = 0;
  for (const [index, instant] of instants.slice(0, 200).entries()) {
    let count = 0;
    while ((instants[index + count] ?? Number.POSITIVE_INFINITY) < instant + length) count += 1;
    most = Math.max(most, count);
  }
  return most;
}
