import type { Unit } from "../../language/semantics/checked/measure.ts";

/** Digits grouped as people write them: 400000 is `400,000`. Fractions keep at most six digits after the point. */
export function number(value: number): string {
  const [whole = "0", fraction] = String(Number(value.toFixed(6))).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/gu, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** A count with its noun in the right number: `1 run`, `6 runs`. */
export function counted(count: number, noun: string): string {
  return `${number(count)} ${count === 1 ? noun : `${noun}s`}`;
}

/** A share of one as a percentage: 0.925 is `92.5%`. */
export function percent(share: number): string {
  return `${number(Number((share * 100).toPrecision(10)))}%`;
}

/** A difference of ratios: 0.03 is `3 percentage points`. */
export function points(difference: number): string {
  return counted(Number((difference * 100).toPrecision(10)), "percentage point");
}

const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
  ["millisecond", 1],
] as const;

/** A length of time in words. Up to three days it is counted in hours, which is how stages and cooldowns are spoken of: `72 hours`, `7 days`. */
export function duration(milliseconds: number): string {
  if (milliseconds === 0) return "no time";
  let left = Math.round(milliseconds);
  const parts: string[] = [];
  for (const [unit, length] of units) {
    if (unit === "day" && milliseconds <= 3 * length) continue;
    const whole = Math.floor(left / length);
    if (whole > 0) parts.push(counted(whole, unit));
    left -= whole * length;
  }
  return parts.join(" ");
}

/** How often something happens: `every hour`, `every 5 minutes`, `once a day`. */
export function every(milliseconds: number): string {
  if (milliseconds === 86_400_000) return "once a day";
  const one = units.find(([, length]) => length === milliseconds);
  return one === undefined ? `every ${duration(milliseconds)}` : `every ${one[0]}`;
}

/** A rate as it was written: `60 requests a second`, `5,000 rows in 30 days`. */
export function rate(count: number, noun: string, per: number): string {
  const one = units.find(([, length]) => length === per);
  return `${counted(count, noun)} ${one === undefined ? `in ${duration(per)}` : `${one[0] === "hour" ? "an" : "a"} ${one[0]}`}`;
}

/** Bytes in the unit in which they are a round number: `32 GiB`, `10 GB`. */
export function size(bytes: number): string {
  const names = [
    ["TiB", 1024 ** 4],
    ["TB", 1e12],
    ["GiB", 1024 ** 3],
    ["GB", 1e9],
    ["MiB", 1024 ** 2],
    ["MB", 1e6],
    ["KiB", 1024],
    ["KB", 1e3],
  ] as const;
  const [name, length] = names.find(([, one]) => bytes >= one && (bytes / one) % 0.5 === 0) ?? (["bytes", 1] as const);
  return `${number(bytes / length)} ${name}`;
}

/** Ratios that the field writes as decimals and not as percentages. */
const decimals = new Set(["auc", "average_precision", "f1", "ndcg", "map", "recall_at"]);

/** A value of a measure in its unit; `metric` is its name where it has one. */
export function value(amount: number, unit: Unit, metric = ""): string {
  switch (unit) {
    case "ratio":
      return decimals.has(metric) ? decimal(amount) : percent(amount);
    case "points":
      return points(amount);
    case "duration":
      return duration(amount);
    case "size":
      return size(amount);
    case "rate":
      return `${number(amount)} a second`;
    case "count":
    case "number":
      return number(amount);
  }
}

/** At least two digits after the point: `0.60`. */
function decimal(amount: number): string {
  const text = number(amount);
  return (text.split(".")[1]?.length ?? 0) >= 2 ? text : amount.toFixed(2);
}

/** How far a value may move, in its own unit: points for a ratio. */
export function change(amount: number, unit: Unit): string {
  return unit === "ratio" ? points(amount) : value(amount, unit);
}
