import { join } from "node:path";

export const HOUR = 3_600_000;

/** Number of the hour that an instant lies in, counted from 1970-01-01T00Z. */
export function hourOf(time: number): number {
  return Math.floor(time / HOUR);
}

/** File of an hour of the prediction log: `FOLDER/log/2001-04-09T09.jsonl`, hours in UTC. */
export function hourFile(folder: string, hour: number): string {
  return join(folder, "log", `${new Date(hour * HOUR).toISOString().slice(0, 13)}.jsonl`);
}

/** The hour that a file name of the log stands for, or undefined for any other name. */
export function hourOfFile(name: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d)\.jsonl$/.exec(name);
  if (match === null) return undefined;
  const time = Date.parse(`${match[1]}:00:00Z`);
  return Number.isNaN(time) ? undefined : hourOf(time);
}
