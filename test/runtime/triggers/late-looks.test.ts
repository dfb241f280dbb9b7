import { expect, it } from "vitest";
import type { RunFact } from "../../../runtime/triggers/input.ts";
import { DAY, data, drift, event, HOUR, monitor, Ticking, told } from "./monitor.ts";

const day = (number: number, hour = 0): number => Date.UTC(2001, 4, number, hour);
const running = { running: { run: "r1", rolloutBegan: true } };

it("counts checks at which nobody looked as missing, before and after those without an answer", () => {
  const ticking = new Ticking(monitor([drift("t.1", { streak: { kind: "checks", count: 2 } })]));
  ticking.tick(day(1), { "t.1": 0.2 });
  const runs: RunFact[] = [{ run: "r0", startedAt: day(1), endedAt: day(1, 23), outcome: "refused" }];
  expect(told(ticking.tick(day(2), { "t.1": 0.2 }, { runs }).outcome)).toBe("cooldown refusal");
  // Days 3 and 4 are skipped, 5 and 6 have no answer: four in a row, one more than a streak outlives.
  const told3 = ticking.tick(day(5), {}, { runs });
  expect(told3.notes.map((note) => note.kind)).toContain("unanswered");
  const { outcome, notes } = ticking.tick(day(6), {}, { runs });
  expect(outcome.kind).toBe("quiet");
  expect(notes).toEqual([]);
});

it("a promotion settles an event told before it that no tick had seen", () => {
  const ticking = new Ticking(monitor([event("t.1", "e")]));
  ticking.tick(day(1));
  const runs: RunFact[] = [
    { run: "r1", startedAt: day(1), promotedAt: day(1, 5), endedAt: day(1, 6), outcome: "promoted" },
  ];
  const events = [{ event: "e", id: "e1", at: day(1, 4) }];
  expect(ticking.tick(day(1, 7), {}, { runs, events }).outcome.kind).toBe("quiet");
  const later = [...events, { event: "e", id: "e2", at: day(1, 8) }];
  expect(ticking.tick(day(1, 9), {}, { runs, events: later }).outcome.kind).toBe("fire");
});

it("a resume closes the breaker that was open then, not what a later failure opens, whenever both are learned", () => {
  const plan = monitor([data("t.1")], { breaker: { failures: 2, opensFor: DAY } });
  const failed = (run: string, endedAt: number): RunFact => ({
    run,
    startedAt: endedAt - HOUR,
    endedAt,
    outcome: "failed",
  });
  const runs = [failed("r1", day(1, 1)), failed("r2", day(1, 2))];
  const ticking = new Ticking(plan);
  ticking.tick(day(1, 3), {}, { runs });
  expect(ticking.state.breaker.openUntil).toBe(day(2, 2));
  ticking.tick(day(1, 6), {}, { runs: [...runs, failed("r3", day(1, 5))], resumedAt: day(1, 4) });
  expect(ticking.state.breaker).toMatchObject({ failures: 1, openUntil: null });
});

it("queue skip: what is left to a run is offered again when the run ends, also after its promotion or its rollback", () => {
  for (const ends of [
    { promotedAt: day(1, 1), endedAt: day(3), outcome: "promoted" },
    { rolledBackAt: day(1, 1), endedAt: day(3), outcome: "rolled_back" },
  ] as const) {
    const { endedAt: _, outcome: __, ...before } = ends;
    const ticking = new Ticking(monitor([data("t.1")], { queue: "skip", breaker: { failures: 3, opensFor: HOUR } }));
    const run = { run: "r1", startedAt: day(1) };
    ticking.tick(day(1, 2), { "t.1": false }, { runs: [{ ...run, ...before }], ...running });
    expect(ticking.tick(day(2), { "t.1": true }, { runs: [{ ...run, ...before }], ...running }).outcome.kind).toBe(
      "quiet",
    );
    expect(ticking.tick(day(3), { "t.1": true }, { runs: [{ ...run, ...ends }] }).outcome.kind).toBe("fire");
  }
});

it("queue skip: an episode that waits for other rows still waits when a run it was left to has ended", () => {
  const ticking = new Ticking(monitor([data("t.1")], { queue: "skip" }));
  const { outcome } = ticking.tick(day(1), { "t.1": true });
  const key = outcome.kind === "fire" ? outcome.key : "";
  const stopped: RunFact = {
    run: "r0",
    key,
    startedAt: day(1),
    endedAt: day(1, 1),
    outcome: "validation_stopped",
    rowSet: "a",
  };
  ticking.tick(day(1, 2), {}, { runs: [stopped] });
  const hand: RunFact = { run: "r1", startedAt: day(1, 3) };
  ticking.tick(day(1, 4), {}, { runs: [stopped, hand], ...running });
  const ended: RunFact = { ...hand, endedAt: day(1, 5), outcome: "refused" };
  const after = ticking.tick(day(3), { "t.1": true }, { runs: [stopped, ended], rowSet: "a" });
  expect(told(after.outcome)).toBe("row_set");
  expect(ticking.tick(day(4), { "t.1": true }, { runs: [stopped, ended], rowSet: "b" }).outcome.kind).toBe("fire");
});

it("queue replace: a run in another's place carries its causes too, so that they do not replace it in turn", () => {
  const ticking = new Ticking(monitor([data("t.1"), data("t.2")], { queue: "replace" }));
  const first = ticking.tick(day(1), { "t.1": true }).outcome;
  const key = first.kind === "fire" ? first.key : "";
  const begun = { running: { run: "r1", rolloutBegan: false } };
  const run: RunFact = { run: "r1", key, startedAt: day(1) };
  const second = ticking.tick(day(2), { "t.1": true, "t.2": true }, { runs: [run], ...begun }).outcome;
  expect(second).toMatchObject({
    kind: "fire",
    replaces: "r1",
    causes: [{ cause: "t.1", attempt: 2 }, { cause: "t.2" }],
  });
  const runs: RunFact[] = [
    { ...run, endedAt: day(2), outcome: "cancelled" },
    { run: "r2", startedAt: day(2), ...(second.kind === "fire" ? { key: second.key } : {}) },
  ];
  const after = ticking.tick(
    day(3),
    { "t.1": true, "t.2": true },
    { runs, running: { run: "r2", rolloutBegan: false } },
  );
  expect(after.outcome.kind).toBe("quiet");
});
