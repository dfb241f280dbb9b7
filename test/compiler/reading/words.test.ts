import { expect, it } from "vitest";
import { driftWords, metricWords } from "../../../compiler/reading/metric-words.ts";
import { duration, every, number, percent, points, rate, size, value } from "../../../compiler/reading/quantities.ts";
import { scheduleWords, zoneWords } from "../../../compiler/reading/schedule-words.ts";
import { driftFunctions } from "../../../language/semantics/signatures/functions.ts";
import { builtinMetrics } from "../../../language/semantics/signatures/metrics.ts";

it.each([
  ["0 4 * * MON", "every Monday at 04:00"],
  ["30 1 * * 0", "every Sunday at 01:30"],
  ["0 5 * * *", "every day at 05:00"],
  ["0 5 1 * *", "on the 1st of every month at 05:00"],
  ["0 5 2,3,11,22 3 *", "on the 2nd, 3rd, 11th and 22nd of March at 05:00"],
  ["0 22 * * MON-FRI", "every working day (Monday to Friday) at 22:00"],
  ["0 6,18 * * SAT,SUN", "every Saturday and Sunday at 06:00 and 18:00"],
  ["*/15 * * * *", "every 15 minutes"],
  ["0 * * * *", "every hour, on the hour"],
  ["0 0 13 * FRI", "on the 13th of every month and also every Friday at 00:00"],
  ["0 0 * JUN-AUG 1", "every Monday in June, July and August at 00:00"],
  ["5 */6 * * *", "every day at 00:05, 06:05, 12:05 and 18:05"],
])("says the schedule %s as `%s`", (cron, words) => {
  expect(scheduleWords(cron)).toBe(words);
});

it("says where a clock stands", () => {
  expect(zoneWords("America/Chicago")).toBe("in Chicago (America/Chicago)");
  expect(zoneWords("America/Argentina/Buenos_Aires")).toBe("in Buenos Aires (America/Argentina/Buenos_Aires)");
  expect(zoneWords("UTC")).toBe("UTC");
});

it("says lengths of time as people do", () => {
  expect([0, 250, 60_000, 5_400_000, 86_400_000, 259_200_000, 345_600_000].map(duration)).toEqual([
    "no time",
    "250 milliseconds",
    "1 minute",
    "1 hour 30 minutes",
    "24 hours",
    "72 hours",
    "4 days",
  ]);
  expect([60_000, 300_000, 3_600_000, 86_400_000].map(every)).toEqual([
    "every minute",
    "every 5 minutes",
    "every hour",
    "once a day",
  ]);
});

it("says numbers with their digits grouped and their units written out", () => {
  expect(number(400_000)).toBe("400,000");
  expect(number(-1234.5)).toBe("-1,234.5");
  expect(percent(0.925)).toBe("92.5%");
  expect(points(0.01)).toBe("1 percentage point");
  expect(points(0.005)).toBe("0.5 percentage points");
  expect(value(0.6, "ratio", "auc")).toBe("0.60");
  expect(value(0.6, "ratio", "accuracy")).toBe("60%");
  expect(size(32 * 1024 ** 3)).toBe("32 GiB");
  expect(size(10e9)).toBe("10 GB");
  expect(rate(60, "request", 1_000)).toBe("60 requests a second");
  expect(rate(5_000, "row", 30 * 86_400_000)).toBe("5,000 rows in 30 days");
});

it("has a name and a meaning for every built-in metric and every distance", () => {
  expect(Object.keys(metricWords).sort()).toEqual(Object.keys(builtinMetrics).sort());
  expect(Object.keys(driftWords).sort()).toEqual(Object.keys(driftFunctions).sort());
});
