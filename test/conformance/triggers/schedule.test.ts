import { expect, it } from "vitest";
import { readSchedule } from "../../../runtime/triggers/schedule.ts";
import cases from "./clock-changes.json" with { type: "json" };

for (const { name, cron, zone, after, runs, local } of cases) {
  it(`runs when it should: ${name}`, () => {
    const schedule = readSchedule(cron, zone);
    let at = Date.parse(after);
    expect(schedule.next(at)?.local).toBe(local);
    for (const run of runs) {
      const next = schedule.next(at);
      expect(next?.at).toBe(Date.parse(run));
      expect(schedule.previous(Date.parse(run))).toEqual(next);
      expect(schedule.previous(Date.parse(run) - 1)?.at ?? Number.NEGATIVE_INFINITY).toBeLessThanOrEqual(at);
      at = Date.parse(run);
    }
  });
}
