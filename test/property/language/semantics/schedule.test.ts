import { Cron } from "croner";
import fc from "fast-check";
import { expect, it } from "vitest";
import { Collector } from "../../../../language/semantics/collector.ts";
import { mostWithin, readCron, shortestInterval } from "../../../../language/semantics/schedule.ts";

const start = new Date("2024-01-01T00:00:00Z");
const day = 86_400_000;

/** One field of a schedule: a star, a value, a list, a range or steps. */
function field(low: number, high: number): fc.Arbitrary<string> {
  const value = fc.integer({ min: low, max: high });
  const range = fc.tuple(value, value).map(([left, right]) => `${Math.min(left, right)}-${Math.max(left, right)}`);
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant("*") },
    { weight: 3, arbitrary: value.map(String) },
    fc.array(value, { minLength: 2, maxLength: 3 }).map((values) => values.join(",")),
    range,
    fc
      .tuple(fc.oneof(fc.constant("*"), range), fc.integer({ min: 1, max: 12 }))
      .map(([span, step]) => `${span}/${step}`),
  );
}

const cron = fc
  .tuple(field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 6))
  .map((fields) => fields.join(" "));

function read(text: string): string | undefined {
  const span = { path: "a.retrain", start: 0, end: 0 };
  return readCron({ kind: "Text", span, raw: `"${text}"`, value: text, triple: false }, new Collector());
}

/** What the library that the runtime uses says, none where it does not take the schedule. */
function instants(text: string, most: number): number[] {
  try {
    const job = new Cron(text, { timezone: "UTC", mode: "5-part", paused: true });
    return job.nextRuns(most, new Date(start.getTime() - 1000)).map((date) => date.getTime());
  } catch {
    return [];
  }
}

it("takes just the schedules that the runtime's library can ever run", () => {
  fc.assert(
    fc.property(cron, (text) => {
      expect(read(text) !== undefined, text).toBe(instants(text, 1).length > 0);
    }),
    { numRuns: 300 },
  );
});

it("finds the shortest interval and the most instants of a window that the library's instants have", () => {
  const sparse = fc.tuple(
    field(0, 59).filter((text) => !text.includes("*")),
    fc.integer({ min: 0, max: 23 }),
    field(1, 31),
    field(1, 12),
    field(0, 6),
  );
  fc.assert(
    fc.property(sparse, (fields) => {
      const text = fields.join(" ");
      if (read(text) === undefined) return;
      const all = instants(text, 3_000);
      const within = all.filter((at) => at < start.getTime() + 366 * day);
      const gaps = within.slice(1).map((at, index) => at - (within[index] ?? at));
      const shortest = shortestInterval(text);
      if (gaps.length > 0) expect(shortest ?? Number.POSITIVE_INFINITY, text).toBeLessThanOrEqual(Math.min(...gaps));
      if (shortest !== undefined)
        expect(
          all.some((at, index) => at - (all[index - 1] ?? Number.NEGATIVE_INFINITY) === shortest),
          text,
        ).toBe(true);
      const most = Math.max(
        0,
        ...within.slice(0, 300).map((from) => all.filter((at) => at >= from && at < from + 30 * day).length),
      );
      expect(mostWithin(text, 30 * day), text).toBeGreaterThanOrEqual(most);
    }),
    { numRuns: 60 },
  );
});
