import { expect, it } from "vitest";
import { nextDue } from "../../../runtime/triggers/due.ts";
import type { RunFact, TickInput } from "../../../runtime/triggers/input.ts";
import { at, DAY, data, drift, HOUR, monitor, schedule, Ticking, told } from "./monitor.ts";

const plan = monitor(
  [schedule("trigger.1"), data("trigger.2"), drift("trigger.3", { streak: { kind: "checks", count: 2 } })],
  {
    grace: HOUR / 2,
    cooldown: { promotion: 4 * DAY, refusal: DAY / 2, failure: DAY / 4, rollback: DAY },
    budget: { runs: 6, per: 30 * DAY },
  },
);

/** Days since the feed sends kilometres: the psi at each day's check. */
const PSI: Readonly<Record<string, number>> = {
  "2001-04-18": 0.009,
  "2001-04-19": 0.034,
  "2001-04-20": 0.07,
  "2001-04-21": 0.13,
  "2001-04-22": 0.19,
};

it("walks the weeks of the flight story from check to check on a jumping clock", () => {
  const ticking = new Ticking(plan);
  const story: string[] = [];
  const runs: RunFact[] = [
    {
      run: "first",
      startedAt: at("2001-04-02T08:00:00Z"),
      trainedAt: at("2001-04-02T08:00:00Z"),
      promotedAt: at("2001-04-02T08:00:00Z"),
      endedAt: at("2001-04-03T08:00:00Z"),
      outcome: "promoted",
    },
  ];
  /** What each started run becomes, in order. */
  const lives: ((start: number) => Omit<RunFact, "run" | "key" | "startedAt">)[] = [
    (start) => ({ trainedAt: start, promotedAt: start + 2 * DAY, endedAt: start + 3 * DAY, outcome: "promoted" }),
    (start) => ({ trainedAt: start, endedAt: start, outcome: "refused" }),
    (start) => ({ endedAt: start, outcome: "validation_stopped", rowSet: "kilometres" }),
    (start) => ({
      trainedAt: start,
      rolledBackAt: start + DAY + HOUR,
      endedAt: start + DAY + HOUR,
      outcome: "rolled_back",
    }),
  ];
  let now = at("2001-04-03T08:00:00Z");
  while (now < at("2001-04-26T00:00:00Z")) {
    const visible = runs.map((run): RunFact => {
      const { run: id, key, startedAt, trainedAt } = run;
      const over = run.endedAt !== undefined && run.endedAt <= now;
      if (over) return run;
      const promoted = run.promotedAt !== undefined && run.promotedAt <= now ? { promotedAt: run.promotedAt } : {};
      return {
        run: id,
        startedAt,
        ...(key === undefined ? {} : { key }),
        ...(trainedAt === undefined ? {} : { trainedAt }),
        ...promoted,
      };
    });
    const running = visible.find((run) => run.outcome === undefined);
    const more: Partial<TickInput> = {
      runs: visible,
      rowSet: now < at("2001-04-22T12:00:00Z") ? "kilometres" : "miles",
      ...(running === undefined ? {} : { running: { run: running.run, rolloutBegan: true } }),
    };
    const psi = PSI[new Date(now).toISOString().slice(0, 10)] ?? 0.004;
    const { outcome, notes } = ticking.tick(now, { "trigger.2": false, "trigger.3": psi }, more);
    const ended = runs.map((run) => run.endedAt ?? now).filter((end) => end > now);
    if (outcome.kind === "fire") {
      story.push(`${new Date(now).toISOString().slice(0, 16)} ${outcome.sentence}`);
      const life = lives.shift();
      if (life === undefined) throw new Error(`a run that the story does not know:\n${story.join("\n")}`);
      runs.push({ run: `run${runs.length}`, key: outcome.key, startedAt: now, ...life(now) });
      if (runs.at(-1)?.endedAt === now) continue;
    } else if (outcome.kind === "suppressed" && outcome.changed) {
      story.push(`${new Date(now).toISOString().slice(0, 16)} ${told(outcome)}`);
    }
    for (const note of notes.filter((entry) => entry.notify))
      story.push(`${new Date(now).toISOString().slice(0, 16)} ${note.sentence}`);
    now = Math.min(nextDue(plan, ticking.state, now), ...ended);
  }
  expect(story).toEqual([
    '2001-04-09T09:00 started: schedule "0 4 * * MON" in "America/Chicago" was due at 2001-04-09 09:00Z',
    '2001-04-16T09:00 started: schedule "0 4 * * MON" in "America/Chicago" was due at 2001-04-16 09:00Z',
    "2001-04-22T00:00 started: psi(flights.distance) > 0.1 has held for 2 checks (0.13, 0.19)",
    "2001-04-22T00:00 row_set, cooldown refusal",
    "2001-04-22T12:00 row_set",
    '2001-04-23T09:00 started: schedule "0 4 * * MON" in "America/Chicago" was due at 2001-04-23 09:00Z',
    "2001-04-24T10:00 run run4 was rolled back: the breaker is open until 2001-04-25 10:00Z",
  ]);
  expect(ticking.state.breaker.openUntil).toBe(at("2001-04-25T10:00:00Z"));
  expect(lives).toEqual([]);
});

it("names the end of the cooldown after the promotion of 11 April", () => {
  const ticking = new Ticking(plan);
  const promoted: RunFact = {
    run: "second",
    startedAt: at("2001-04-09T09:00:00Z"),
    promotedAt: at("2001-04-11T09:00:00Z"),
    endedAt: at("2001-04-12T09:00:00Z"),
    outcome: "promoted",
  };
  ticking.tick("2001-04-12T09:00:00Z", { "trigger.2": false, "trigger.3": 0.004 }, { runs: [promoted] });
  const { outcome } = ticking.tick(
    "2001-04-13T00:00:00Z",
    { "trigger.2": true, "trigger.3": 0.004 },
    { runs: [promoted] },
  );
  expect(outcome.sentence).toBe("not started: cooldown after promotion until 2001-04-15 09:00Z");
  expect(nextDue(plan, ticking.state, at("2001-04-15T00:00:00Z"))).toBe(at("2001-04-15T09:00:00Z"));
});
