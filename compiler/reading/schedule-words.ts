import { listed } from "./sentence.ts";

const dayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const monthNames = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const shortDays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const shortMonths = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/** A five-field cron expression that the checker accepted, in words: `every Monday at 04:00`. */
export function scheduleWords(cron: string): string {
  const [minute = "*", hour = "*", date = "*", month = "*", weekday = "*"] = cron.split(" ");
  const days = daysOf(date, month, weekday);
  const times = timesOf(minute, hour);
  return days === "every day" && times.startsWith("every") ? times : `${days} ${times}`;
}

/** The place or zone that a person knows a time zone by: `Chicago`, `UTC`. */
export function zoneWords(zone: string): string {
  const city = zone.split("/").at(-1)?.replaceAll("_", " ") ?? zone;
  return zone.startsWith("Etc/") || !zone.includes("/") ? city : `in ${city} (${zone})`;
}

/** The values of a field, ascending; undefined for `*`. */
function valuesOf(
  field: string,
  low: number,
  high: number,
  names: readonly string[],
  first: number,
): number[] | undefined {
  if (field === "*") return undefined;
  const numbers = field.toUpperCase().replace(/[A-Z]{3}/gu, (name) => String(names.indexOf(name) + first));
  const found = new Set<number>();
  for (const piece of numbers.split(",")) {
    const [span = "*", step] = piece.split("/");
    const [from = low, to] = span === "*" ? [low, high] : span.split("-").map(Number);
    const last = to ?? (step === undefined ? from : high);
    for (let at = from; at <= last; at += Number(step ?? 1)) found.add(at);
  }
  return [...found].sort((left, right) => left - right);
}

function timesOf(minute: string, hour: string): string {
  const minutes = valuesOf(minute, 0, 59, [], 0);
  const hours = valuesOf(hour, 0, 23, [], 0);
  const two = (value: number) => String(value).padStart(2, "0");
  if (minutes !== undefined && hours !== undefined && minutes.length * hours.length <= 6) {
    return `at ${listed(hours.flatMap((one) => minutes.map((at) => `${two(one)}:${two(at)}`)))}`;
  }
  const during = hours === undefined ? "of every hour" : `of the hours ${listed(hours.map(two))}`;
  const step = /^\*\/(\d+)$/u.exec(minute)?.[1];
  if (minutes === undefined) return hours === undefined ? "every minute" : `every minute ${during}`;
  if (step !== undefined) return `every ${step} minutes${hours === undefined ? "" : ` ${during}`}`;
  if (minutes.length === 1 && minutes[0] === 0 && hours === undefined) return "every hour, on the hour";
  return `at ${minutes.length === 1 ? "minute" : "minutes"} ${listed(minutes.map(two))} ${during}`;
}

function daysOf(date: string, month: string, weekday: string): string {
  const dates = valuesOf(date, 1, 31, [], 1);
  const months = valuesOf(month, 1, 12, shortMonths, 1);
  const weekdays = valuesOf(weekday, 0, 7, shortDays, 0);
  const days =
    weekdays &&
    [...new Set(weekdays.map((one) => one % 7))].sort((left, right) => ((left + 6) % 7) - ((right + 6) % 7));
  const named =
    days === undefined || days.length === 7
      ? undefined
      : days.join() === "1,2,3,4,5"
        ? "every working day (Monday to Friday)"
        : `every ${listed(days.map((one) => dayNames[one] ?? ""))}`;
  const dated =
    dates === undefined
      ? undefined
      : `on the ${listed(dates.map(ordinal))} of ${months === undefined ? "every month" : listed(months.map((one) => monthNames[one - 1] ?? ""))}`;
  // Cron fires on days that fit either field where both are given.
  if (dated !== undefined) return named === undefined ? dated : `${dated} and also ${named}`;
  const within = months === undefined ? "" : ` in ${listed(months.map((one) => monthNames[one - 1] ?? ""))}`;
  return `${named ?? "every day"}${within}`;
}

function ordinal(day: number): string {
  const ending = day % 100 >= 11 && day % 100 <= 13 ? "th" : (["th", "st", "nd", "rd"][day % 10] ?? "th");
  return `${day}${ending}`;
}
