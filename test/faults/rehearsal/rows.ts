/** First instant of the rehearsal's clock, and the rows around it. */
export const START = Date.parse("2024-03-04T08:00:00Z");
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** Rows a day, and how many days of them lie before and after the start. */
const ROWS_A_DAY = 600;
const DAYS_BEFORE = 20;
const DAYS_AFTER = 5;

/** What a request carries, and what a model sees. */
export interface Parcel {
  readonly weight: number;
  readonly region: "north" | "south" | "east";
  readonly hour: number;
}

/** One row of the data set. */
export interface Row extends Parcel {
  readonly id: string;
  readonly time: number;
  readonly late: boolean;
}

/** A number from 0 (inclusive) to 1 (exclusive) that follows from its arguments alone: the 32-bit finaliser of MurmurHash3. */
export function spread(number: number, salt: number): number {
  let hash = (number ^ Math.imul(salt + 1, 0x9e3779b1)) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** The features of parcel number `index` that is shipped at `time`. */
export function parcel(index: number, time: number): Parcel {
  const region = (["north", "south", "east"] as const)[Math.floor(spread(index, 1) * 3)] ?? "north";
  const weight = Math.round(spread(index, 2) * 1000) / 10;
  return { weight, region, hour: new Date(time).getUTCHours() };
}

/** Heavy parcels, and those to the south, are late more often. */
function lateness({ weight, region }: Parcel): number {
  return 1 / (1 + Math.exp(-(weight / 20 - 4 + (region === "south" ? 1.5 : 0))));
}

/** Every row of the data set, oldest first. */
export function rows(): readonly Row[] {
  const first = Math.floor(START / DAY) * DAY - DAYS_BEFORE * DAY;
  return Array.from({ length: (DAYS_BEFORE + DAYS_AFTER) * ROWS_A_DAY }, (_, index) => {
    const time = first + index * Math.floor(DAY / ROWS_A_DAY);
    const features = parcel(index, time);
    return { id: `p${index}`, time, ...features, late: spread(index, 3) < lateness(features) };
  });
}
