/** Scheduled instants found the slow way: every minute of the local wall clock is compared with the cron fields. */

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export interface Nominal {
  readonly at: number;
  /** `2001-04-09T04:00[America/Chicago]` */
  readonly local: string;
}

const found = new Map<string, readonly Nominal[]>();

/** All instants of a schedule in `from..until`, oldest first; several wall-clock times on one instant are one, under the latest's name. */
export function nominals(cron: string, zone: string, from: number, until: number): readonly Nominal[] {
  const key = [cron, zone, from, until].join("|");
  const known = found.get(key);
  if (known !== undefined) return known;
  const fields = cron.split(" ");
  const byInstant = new Map<number, string>();
  for (let wall = from - DAY; wall <= until + DAY; wall += MINUTE) {
    if (!matches(fields, new Date(wall))) continue;
    const at = instantOf(wall, zone);
    if (at >= from && at <= until) byInstant.set(at, `${new Date(wall).toISOString().slice(0, 16)}[${zone}]`);
  }
  const list = [...byInstant].map(([at, local]) => ({ at, local })).sort((a, b) => a.at - b.at);
  found.set(key, list);
  return list;
}

/** The first instant whose local reading has reached a wall-clock time that had not been reached before: the first of two, or the end of a gap. */
function instantOf(wall: number, zone: string): number {
  const before = localOffset(wall - DAY, zone);
  const after = localOffset(wall + DAY, zone);
  const latest = wall - Math.min(before, after);
  for (let at = wall - Math.max(before, after); at < latest; at += MINUTE) {
    if (at + localOffset(at, zone) >= wall) return at;
  }
  return latest;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();

/** Local reading minus UTC, read from the platform's own calendar; clock changes fall on quarter hours. */
function localOffset(at: number, zone: string): number {
  const quarter = Math.floor(at / (15 * MINUTE)) * 15 * MINUTE;
  const key = `${zone}|${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" });
    formats.set(zone, format);
  }
  const offset = Date.parse(`${format.format(quarter).replace(" ", "T")}Z`) - quarter;
  offsets.set(key, offset);
  return offset;
}

const days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** Fields `*`, `N`, `A,B` and `*\/N` of minute, hour, day, month and weekday. A restricted day and a restricted weekday are joined by "or". */
function matches(fields: readonly string[], wall: Date): boolean {
  /** Steps count from the first value that a field can have: days and months begin at 1. */
  const one = (field: string, value: number, first = 0): boolean =>
    field.split(",").some((part) => {
      if (part === "*") return true;
      if (part.startsWith("*/")) return (value - first) % Number(part.slice(2)) === 0;
      const day = days.indexOf(part);
      return (day >= 0 ? day : Number(part)) === value;
    });
  const [minute = "", hour = "", date = "", month = "", weekday = ""] = fields;
  if (!one(minute, wall.getUTCMinutes()) || !one(hour, wall.getUTCHours()) || !one(month, wall.getUTCMonth() + 1, 1)) {
    return false;
  }
  const onDate = one(date, wall.getUTCDate(), 1);
  const onWeekday = one(weekday, wall.getUTCDay());
  return date !== "*" && weekday !== "*" ? onDate || onWeekday : onDate && onWeekday;
}
