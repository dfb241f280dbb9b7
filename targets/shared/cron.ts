const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * How often the tick runs, in six fields (robfig/cron), seconds first, from 00:00Z on: the longest step that divides its minute, hour
 * or day and is not above `every`, since a tick too many does no harm. @param every milliseconds
 */
export function sixFieldCron(every: number): string {
  const step = (unit: number, parts: number): number => {
    let count = Math.max(1, Math.floor(every / unit));
    while (parts % count !== 0) count -= 1;
    return count;
  };
  if (every >= DAY) return "0 0 0 * * *";
  if (every >= HOUR) return `0 0 */${step(HOUR, 24)} * * *`;
  if (every >= MINUTE) return `0 */${step(MINUTE, 60)} * * * *`;
  return `*/${step(SECOND, 60)} * * * * *`;
}

/** The same in the five fields that have no seconds: once a minute at most. @param every milliseconds */
export function fiveFieldCron(every: number): string {
  return sixFieldCron(Math.max(every, MINUTE)).slice("0 ".length);
}
