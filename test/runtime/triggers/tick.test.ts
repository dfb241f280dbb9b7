import { expect, it } from "vitest";
import { awaitsRowSet, nextDue } from "../../../runtime/triggers/due.ts";
import type { RunFact } from "../../../runtime/triggers/input.ts";
import { at, DAY, data, drift, event, group, HOUR, monitor, schedule, Ticking, told } from "./monitor.ts";

const day = (number: number, hour = 0): number => at("2001-05-01T00:00:00Z") + (number - 1) * DAY + hour * HOUR;
const fired = (ticked: ReturnType<Ticking["tick"]>): string =>
  ticked.outcome.kind === "fire" ? ticked.outcome.key : "";
const twoChecks = { streak: { kind: "checks", count: 2 } } as const;

it("fires a drift cause once it has held for two checks, and says so with the numbers", () => {
  const ticking = new Ticking(monitor([drift("t.1", twoChecks)]));
  expect(ticking.tick(day(1), { "t.1": 0.13 }).outcome.kind).toBe("quiet");
  const { outcome } = ticking.tick(day(2), { "t.1": 0.19 });
  expect(outcome).toMatchObject({ kind: "fire", key: "t.1@2001-05-02T00:00:00.000Z" });
  expect(outcome.sentence).toBe("started: psi(flights.distance) > 0.1 has held for 2 checks (0.13, 0.19)");
});

it("does not offer a served episode again while its run goes on, nor evaluate a check twice", () => {
  const ticking = new Ticking(monitor([drift("t.1")]));
  const key = fired(ticking.tick(day(1), { "t.1": 0.2 }));
  expect(key).not.toBe("");
  expect(ticking.tick(day(1, 1), { "t.1": 0.2 }).outcome.kind).toBe("quiet");
  const run: RunFact = { run: "r1", key, startedAt: day(1) };
  expect(
    ticking.tick(day(2), { "t.1": 0.2 }, { runs: [run], running: { run: "r1", rolloutBegan: false } }).outcome.kind,
  ).toBe("quiet");
});

it("offers a served episode again after a refusal, once its cooldown has passed, under another key", () => {
  const ticking = new Ticking(monitor([drift("t.1")]));
  const key = fired(ticking.tick(day(1), { "t.1": 0.2 }));
  const runs: RunFact[] = [
    { run: "r1", key, startedAt: day(1), trainedAt: day(1), endedAt: day(1, 2), outcome: "refused" },
  ];
  const { outcome } = ticking.tick(day(2), { "t.1": 0.2 }, { runs });
  expect(told(outcome)).toBe("cooldown refusal");
  expect(outcome.sentence).toBe("not started: cooldown after refusal until 2001-05-02 02:00Z");
  expect(nextDue(ticking.plan, ticking.state, day(2))).toBe(day(2, 2));
  expect(fired(ticking.tick(day(2, 2), {}, { runs }))).toBe(`${key}#2`);
});

it("re-arms when the condition has cleared: the next episode has its own key", () => {
  const ticking = new Ticking(monitor([drift("t.1")]));
  const first = fired(ticking.tick(day(1), { "t.1": 0.2 }));
  expect(ticking.tick(day(2), { "t.1": 0.05 }).notes.map((note) => note.kind)).toEqual(["closed"]);
  const second = fired(ticking.tick(day(3), { "t.1": 0.3 }));
  expect(second).toBe("t.1@2001-05-03T00:00:00.000Z");
  expect(second).not.toBe(first);
});

it("keeps an episode open between the two limits of a hysteresis", () => {
  const ticking = new Ticking(monitor([drift("t.1", { clears: 0.05 })]));
  ticking.tick(day(1), { "t.1": 0.2 });
  expect(ticking.tick(day(2), { "t.1": 0.07 }).notes).toEqual([]);
  expect(ticking.tick(day(3), { "t.1": 0.2 }).outcome.kind).toBe("quiet");
  expect(ticking.tick(day(4), { "t.1": 0.04 }).notes.map((note) => note.kind)).toEqual(["closed"]);
  expect(ticking.tick(day(5), { "t.1": 0.2 }).outcome.kind).toBe("fire");
});

it("closes an episode only after as many clear checks in a row as the policy asks for", () => {
  const ticking = new Ticking(monitor([drift("t.1", { clears: 0.05, clearsAfter: 3 })]));
  ticking.tick(day(1), { "t.1": 0.2 });
  const closed = (at: number, value?: number) =>
    ticking.tick(day(at), value === undefined ? {} : { "t.1": value }).notes.some(({ kind }) => kind === "closed");
  expect(closed(2, 0.01)).toBe(false);
  expect(closed(3, 0.01)).toBe(false);
  expect(closed(4, 0.07)).toBe(false);
  expect(closed(5, 0.01)).toBe(false);
  // What is between the two limits began the count again; a missing answer holds it.
  expect(closed(6)).toBe(false);
  expect(closed(7, 0.01)).toBe(false);
  expect(closed(8, 0.01)).toBe(true);
});

it("a promotion closes every open episode and forgets streaks against the old reference", () => {
  const ticking = new Ticking(
    monitor([drift("t.1"), drift("t.2", twoChecks, "hour")], {
      cooldown: { promotion: DAY, refusal: 0, failure: 0, rollback: 0 },
    }),
  );
  const key = fired(ticking.tick(day(1), { "t.1": 0.2, "t.2": 0.2 }));
  const runs: RunFact[] = [
    { run: "r1", key, startedAt: day(1), promotedAt: day(1, 20), endedAt: day(1, 22), outcome: "promoted" },
  ];
  const { outcome, state } = ticking.tick(day(2), { "t.1": 0.02, "t.2": 0.2 }, { runs });
  expect(outcome.kind).toBe("quiet");
  expect(state.episodes).toEqual([]);
  expect(told(ticking.tick(day(3), { "t.1": 0.02, "t.2": 0.2 }, { runs }).outcome)).toBe("fire");
});

it("records a suppression once per change of reason", () => {
  const ticking = new Ticking(monitor([drift("t.1")]));
  const running = { run: "r0", rolloutBegan: true };
  const runs: RunFact[] = [{ run: "r0", startedAt: day(0) }];
  const changed = (ticked: ReturnType<Ticking["tick"]>) =>
    ticked.outcome.kind === "suppressed" && ticked.outcome.changed;
  expect(changed(ticking.tick(day(1), { "t.1": 0.2 }, { runs, running }))).toBe(true);
  expect(changed(ticking.tick(day(2), { "t.1": 0.2 }, { runs, running }))).toBe(false);
  const ended: RunFact[] = [{ run: "r0", startedAt: day(0), endedAt: day(2, 1), outcome: "refused" }];
  const third = ticking.tick(day(2, 1), {}, { runs: ended });
  expect(told(third.outcome)).toBe("cooldown refusal");
  expect(changed(third)).toBe(true);
  expect(changed(ticking.tick(day(2, 5), {}, { runs: ended }))).toBe(false);
  expect(ticking.tick(day(3, 1), { "t.1": 0.2 }, { runs: ended }).outcome.kind).toBe("fire");
});

it("queue latest merges what fires during a run into one waiting run", () => {
  const ticking = new Ticking(monitor([drift("t.1"), event("t.2", "labels-corrected")]));
  const busy = { runs: [{ run: "r0", startedAt: day(0) }], running: { run: "r0", rolloutBegan: true } };
  ticking.tick(day(1), { "t.1": 0.2 }, busy);
  ticking.tick(day(1, 3), {}, { ...busy, events: [{ event: "labels-corrected", id: "e1", at: day(1, 3) }] });
  const { outcome } = ticking.tick(
    day(1, 4),
    {},
    { runs: [{ run: "r0", startedAt: day(0), endedAt: day(1, 4), outcome: "cancelled" }] },
  );
  expect(outcome.kind === "fire" && outcome.causes.map((cause) => cause.cause)).toEqual(["t.1", "t.2"]);
});

it("queue skip drops an instant and leaves a condition to the run that is running", () => {
  const ticking = new Ticking(
    monitor([drift("t.1"), event("t.2", "go")], {
      queue: "skip",
      cooldown: { promotion: 0, refusal: 0, failure: 0, rollback: 0 },
    }),
  );
  const busy = { runs: [{ run: "r0", startedAt: day(0) }], running: { run: "r0", rolloutBegan: true } };
  const events = [{ event: "go", id: "e1", at: day(1) }];
  const first = ticking.tick(day(1), { "t.1": 0.2 }, { ...busy, events });
  expect(first.outcome.kind).toBe("quiet");
  expect(first.notes.filter((note) => note.kind === "skipped")).toHaveLength(2);
  const { outcome } = ticking.tick(
    day(2),
    { "t.1": 0.2 },
    { events, runs: [{ run: "r0", startedAt: day(0), endedAt: day(1, 9), outcome: "refused" }] },
  );
  expect(outcome.kind === "fire" && outcome.causes.map((cause) => cause.cause)).toEqual(["t.1"]);
});

it("queue replace takes the place of a run until its rollout has begun", () => {
  const plan = monitor([drift("t.1")], { queue: "replace" });
  const runs = [{ run: "r0", startedAt: day(0) }];
  const late = new Ticking(plan).tick(day(1), { "t.1": 0.2 }, { runs, running: { run: "r0", rolloutBegan: true } });
  expect(told(late.outcome)).toBe("running");
  const early = new Ticking(plan).tick(day(1), { "t.1": 0.2 }, { runs, running: { run: "r0", rolloutBegan: false } });
  expect(early.outcome).toMatchObject({ kind: "fire", replaces: "r0" });
});

it("does not make up for a scheduled instant beyond its grace time, and serves one within it under its nominal time", () => {
  const late = new Ticking(monitor([schedule("t.1")]));
  late.tick("2001-04-09T08:00:00Z");
  const missed = late.tick("2001-04-09T09:30:01Z");
  expect(missed.outcome.kind).toBe("quiet");
  expect(missed.notes.map((note) => note.kind)).toEqual(["missed_schedule"]);
  const inTime = new Ticking(monitor([schedule("t.1")]));
  inTime.tick("2001-04-09T08:00:00Z");
  expect(fired(inTime.tick("2001-04-09T09:30:00Z"))).toBe("t.1@2001-04-09T04:00[America/Chicago]");
  expect(inTime.tick("2001-04-09T09:40:00Z").outcome.kind).toBe("quiet");
});

it("an unserved scheduled instant stays open until the next one, whatever its grace", () => {
  const plan = monitor([schedule("t.1")], { cooldown: { promotion: 0, refusal: 3 * DAY, failure: 0, rollback: 0 } });
  const ticking = new Ticking(plan);
  const runs: RunFact[] = [
    { run: "r0", startedAt: at("2001-04-08T00:00:00Z"), endedAt: at("2001-04-08T10:00:00Z"), outcome: "refused" },
  ];
  expect(told(ticking.tick("2001-04-09T09:00:00Z", {}, { runs }).outcome)).toBe("cooldown refusal");
  expect(nextDue(plan, ticking.state, at("2001-04-11T00:00:00Z"))).toBe(at("2001-04-11T10:00:00Z"));
  expect(fired(ticking.tick("2001-04-11T10:00:00Z", {}, { runs }))).toBe("t.1@2001-04-09T04:00[America/Chicago]");
  const waiting = new Ticking(plan);
  waiting.tick("2001-04-09T09:00:00Z", {}, { runs });
  expect(fired(waiting.tick("2001-04-16T09:00:00Z", {}, { runs }))).toBe("t.1@2001-04-16T04:00[America/Chicago]");
});

it("after a validation stop an episode waits until the rows have changed", () => {
  const ticking = new Ticking(
    monitor([drift("t.1")], { cooldown: { promotion: 0, refusal: HOUR, failure: 0, rollback: 0 } }),
  );
  const key = fired(ticking.tick(day(1), { "t.1": 0.2 }));
  const runs: RunFact[] = [
    { run: "r1", key, startedAt: day(1), endedAt: day(1), outcome: "validation_stopped", rowSet: "aa" },
  ];
  expect(told(ticking.tick(day(2), { "t.1": 0.2 }, { runs, rowSet: "aa" }).outcome)).toBe("row_set");
  expect(awaitsRowSet(ticking.plan, ticking.state, day(2, 1))).toBe(false);
  expect(awaitsRowSet(ticking.plan, ticking.state, day(3))).toBe(true);
  expect(told(ticking.tick(day(2, 1), {}, { runs }).outcome)).toBe("row_set");
  expect(told(ticking.tick(day(2, 2), {}, { runs, rowSet: "bb" }).outcome)).toBe("row_set");
  expect(fired(ticking.tick(day(3), { "t.1": 0.2 }, { runs, rowSet: "bb" }))).toBe(`${key}#2`);
});

it("a rollback opens the breaker at once, one trial is let through, and failing again doubles its time up to seven days", () => {
  const ticking = new Ticking(
    monitor([drift("t.1")], { cooldown: { promotion: 0, refusal: 0, failure: 0, rollback: 0 } }),
  );
  const runs: RunFact[] = [];
  let now = day(1);
  const lengths: number[] = [];
  for (let round = 1; round <= 5; round += 1) {
    const key = fired(ticking.tick(now, { "t.1": 0.2 }, { runs }));
    expect(key, `round ${round}`).not.toBe("");
    runs.push({
      run: `r${round}`,
      key,
      startedAt: now,
      rolledBackAt: now + HOUR,
      endedAt: now + HOUR,
      outcome: "rolled_back",
    });
    const blocked = ticking.tick(now + HOUR, {}, { runs });
    expect(blocked.outcome).toMatchObject({ kind: "suppressed", reasons: [{ reason: "breaker" }] });
    const until = blocked.state.breaker.openUntil ?? 0;
    lengths.push((until - now - HOUR) / DAY);
    expect(told(ticking.tick(until - 1, { "t.1": 0.2 }, { runs }).outcome)).toMatch(/^breaker/);
    now = until;
  }
  expect(lengths).toEqual([1, 2, 4, 7, 7]);
});

it("broken runs open the breaker after three, a refusal counts neither way, a promotion closes it", () => {
  const ticking = new Ticking(
    monitor([data("t.1")], { cooldown: { promotion: 0, refusal: 0, failure: 0, rollback: 0 } }),
  );
  const outcomes = ["failed", "failed", "refused", "failed"] as const;
  const runs = outcomes.map(
    (outcome, index): RunFact => ({ run: `r${index}`, startedAt: day(1, index), endedAt: day(1, index), outcome }),
  );
  ticking.tick(day(1, 2), { "t.1": false }, { runs: runs.slice(0, 3) });
  expect(ticking.state.breaker).toMatchObject({ failures: 2, openUntil: null });
  expect(ticking.tick(day(1, 4), {}, { runs }).notes.map((note) => note.kind)).toContain("breaker_opened");
  expect(ticking.state.breaker).toMatchObject({ failures: 3, openUntil: day(2, 3) });
  runs.push({ run: "r9", startedAt: day(2, 4), promotedAt: day(2, 5), endedAt: day(2, 6), outcome: "promoted" });
  ticking.tick(day(3), { "t.1": false }, { runs });
  expect(ticking.state.breaker).toMatchObject({ failures: 0, openUntil: null });
});

it("a person closes the breaker early", () => {
  const ticking = new Ticking(
    monitor([drift("t.1")], { cooldown: { promotion: 0, refusal: 0, failure: 0, rollback: 0 } }),
  );
  const runs: RunFact[] = [{ run: "r1", startedAt: day(1), endedAt: day(1), outcome: "rolled_back" }];
  expect(told(ticking.tick(day(1, 1), { "t.1": 0.2 }, { runs }).outcome)).toMatch(/^breaker/);
  expect(ticking.tick(day(1, 2), {}, { runs, resumedAt: day(1, 2) }).outcome.kind).toBe("fire");
});

it("tells somebody after five refusals in a row", () => {
  const ticking = new Ticking(monitor([data("t.1")]));
  const runs = [1, 2, 3, 4, 5].map(
    (hour): RunFact => ({ run: `r${hour}`, startedAt: day(1, hour), endedAt: day(1, hour), outcome: "refused" }),
  );
  expect(ticking.tick(day(1, 4), {}, { runs: runs.slice(0, 4) }).notes).toEqual([]);
  expect(ticking.tick(day(1, 5), {}, { runs }).notes).toMatchObject([{ kind: "refusals_in_a_row", notify: true }]);
  expect(ticking.tick(day(1, 6), {}, { runs }).notes).toEqual([]);
});

it("the budget counts every run that reached train, by hand too, and says when it frees", () => {
  const plan = monitor([drift("t.1")], {
    budget: { runs: 2, per: 30 * DAY },
    cooldown: { promotion: 0, refusal: 0, failure: 0, rollback: 0 },
  });
  const ticking = new Ticking(plan);
  const runs: RunFact[] = [
    { run: "hand", startedAt: day(1), trainedAt: day(1), endedAt: day(1, 1), outcome: "refused" },
    { run: "stopped", startedAt: day(2), endedAt: day(2), outcome: "validation_stopped" },
    { run: "other", startedAt: day(3), trainedAt: day(3), endedAt: day(3, 1), outcome: "refused" },
  ];
  const { outcome } = ticking.tick(day(4), { "t.1": 0.2 }, { runs });
  expect(told(outcome)).toBe("budget runs");
  expect(outcome.sentence).toBe("not started: budget of 2 runs is used up until 2001-05-31 00:00Z");
  expect(nextDue(plan, ticking.state, day(30))).toBe(day(31));
  expect(ticking.tick(day(31), { "t.1": 0.2 }, { runs }).outcome.kind).toBe("fire");
});

it("the budget of GPU hours is checked with the worst case of the next run", () => {
  const plan = monitor([drift("t.1")], { budget: { gpuHours: 10, per: 7 * DAY } });
  const runs: RunFact[] = [
    { run: "r1", startedAt: day(1), trainedAt: day(1), gpuHours: 6, endedAt: day(1, 6), outcome: "cancelled" },
  ];
  expect(told(new Ticking(plan).tick(day(2), { "t.1": 0.2 }, { runs, gpuHoursOfNextRun: 4 }).outcome)).toBe("fire");
  const over = new Ticking(plan).tick(day(2), { "t.1": 0.2 }, { runs, gpuHoursOfNextRun: 4.1 }).outcome;
  expect(told(over)).toBe("budget gpu_hours");
  expect(over).toMatchObject({ reasons: [{ until: day(8) }] });
});

it("a freeze of everything starts nothing, a freeze of rollouts does", () => {
  const freeze = {
    from: day(1),
    until: day(2),
    because: "peak",
    place: { file: "p", line: 1, column: 1, endLine: 1, endColumn: 2 },
  };
  const all = new Ticking(monitor([drift("t.1")], { freezes: [{ scope: "all", ...freeze }] }));
  const { outcome } = all.tick(day(1), { "t.1": 0.2 });
  expect(outcome.sentence).toBe("not started: freeze until 2001-05-02 00:00Z (peak)");
  expect(all.tick(day(2), { "t.1": 0.2 }).outcome.kind).toBe("fire");
  const rollout = new Ticking(monitor([drift("t.1")], { freezes: [{ scope: "rollout", ...freeze }] }));
  expect(rollout.tick(day(1), { "t.1": 0.2 }).outcome.kind).toBe("fire");
});

it("settle gathers a burst into one run", () => {
  const plan = monitor([event("t.1", "a"), event("t.2", "b")], { settle: HOUR / 6 });
  const ticking = new Ticking(plan);
  const events = [{ event: "a", id: "1", at: day(1, 1) }];
  expect(told(ticking.tick(day(1, 1), {}, { events }).outcome)).toBe("settle");
  expect(nextDue(plan, ticking.state, day(1, 1))).toBe(day(1, 1) + HOUR / 6);
  events.push({ event: "b", id: "2", at: day(1, 1) + HOUR / 12 });
  const { outcome } = ticking.tick(day(1, 1) + HOUR / 6, {}, { events });
  expect(outcome.kind === "fire" && outcome.causes.map((cause) => cause.cause)).toEqual(["t.1", "t.2"]);
});

it("a missing answer holds a streak for three checks and then resets it, and somebody is told after three", () => {
  const held = new Ticking(monitor([drift("t.1", twoChecks)]));
  held.tick(day(1), { "t.1": 0.2 });
  for (const missing of [2, 3, 4]) {
    const { notes } = held.tick(day(missing), {});
    expect(notes.map((note) => note.kind)).toEqual(missing === 4 ? ["unanswered"] : []);
  }
  expect(held.tick(day(5), { "t.1": 0.2 }).outcome.kind).toBe("fire");
  const reset = new Ticking(monitor([drift("t.1", twoChecks)]));
  reset.tick(day(1), { "t.1": 0.2 });
  for (const missing of [2, 3, 4, 5]) reset.tick(day(missing), {});
  expect(reset.tick(day(6), { "t.1": 0.2 }).outcome.kind).toBe("quiet");
});

it("checks at which nobody looked count as missing answers", () => {
  const ticking = new Ticking(monitor([drift("t.1", twoChecks)]));
  ticking.tick(day(1), { "t.1": 0.2 });
  expect(ticking.tick(day(6), { "t.1": 0.2 }).outcome.kind).toBe("quiet");
  const soon = new Ticking(monitor([drift("t.1", twoChecks)]));
  soon.tick(day(1), { "t.1": 0.2 });
  expect(soon.tick(day(5), { "t.1": 0.2 }).outcome.kind).toBe("fire");
});

it("on missing reset, one missing answer starts a streak over", () => {
  const ticking = new Ticking(monitor([drift("t.1", twoChecks)], { missing: { action: "reset", notifyAfter: 1 } }));
  ticking.tick(day(1), { "t.1": 0.2 });
  expect(ticking.tick(day(2), {}).notes).toMatchObject([{ kind: "unanswered" }]);
  expect(ticking.tick(day(3), { "t.1": 0.2 }).outcome.kind).toBe("quiet");
  expect(ticking.tick(day(4), { "t.1": 0.2 }).outcome.kind).toBe("fire");
});

it("an open episode whose answers stay away is not offered, and does not count as cleared", () => {
  const running = { run: "r0", rolloutBegan: true };
  const runs: RunFact[] = [{ run: "r0", startedAt: day(0) }];
  const ticking = new Ticking(monitor([drift("t.1")]));
  ticking.tick(day(1), { "t.1": 0.2 }, { runs, running });
  for (const missing of [2, 3, 4])
    expect(told(ticking.tick(day(missing), {}, { runs, running }).outcome)).toBe("running");
  expect(told(ticking.tick(day(5), {}, { runs, running }).outcome)).toBe("quiet");
  expect(ticking.state.episodes).toHaveLength(1);
  expect(told(ticking.tick(day(6), { "t.1": 0.2 }, { runs, running }).outcome)).toBe("running");
});

it("two of three checks forgive one check, and a missing one is not true", () => {
  const of = { streak: { kind: "of", count: 2, window: 3 } } as const;
  const ticking = new Ticking(monitor([drift("t.1", of)]));
  const kinds = [0.2, 0.05, undefined, 0.2, 0.05, 0.2].map(
    (value, index) => ticking.tick(day(index + 1), { "t.1": value }).outcome.kind,
  );
  expect(kinds).toEqual(["quiet", "quiet", "quiet", "quiet", "quiet", "fire"]);
});

it("a duration counts the time between true answers no further apart than two checks", () => {
  const plan = monitor([drift("t.1", { streak: { kind: "duration", length: 3 * HOUR } })], { check: HOUR });
  const hours = (list: readonly (readonly [number, number | undefined])[]) => {
    const ticking = new Ticking(plan);
    const kinds = list.map(([hour, value]) => ticking.tick(day(1, hour), { "t.1": value }).outcome.kind);
    return kinds.includes("fire") ? "fire" : "quiet";
  };
  expect(
    hours([
      [0, 0.2],
      [1, 0.2],
      [2, 0.2],
    ]),
  ).toBe("quiet");
  expect(
    hours([
      [0, 0.2],
      [1, 0.2],
      [2, 0.2],
      [3, 0.2],
    ]),
  ).toBe("fire");
  expect(
    hours([
      [0, 0.2],
      [1, undefined],
      [2, 0.2],
      [3, 0.2],
    ]),
  ).toBe("fire");
  expect(
    hours([
      [0, 0.2],
      [1, undefined],
      [2, undefined],
      [3, 0.2],
      [4, 0.2],
    ]),
  ).toBe("quiet");
  expect(
    hours([
      [0, 0.2],
      [1, 0.2],
      [2, 0.05],
      [3, 0.2],
    ]),
  ).toBe("quiet");
});

it("joins the members of a group three-valued, and a member latches within its time", () => {
  const members = [drift("t.1.1"), data("t.1.2")];
  const now = new Ticking(monitor([group("t.1", members)]));
  expect(now.tick(day(1), { "t.1.1": 0.2 }).outcome.kind).toBe("quiet");
  expect(now.tick(day(2), { "t.1.1": 0.05, "t.1.2": true }).outcome.kind).toBe("quiet");
  expect(now.tick(day(3), { "t.1.1": 0.2, "t.1.2": true }).outcome.sentence).toBe(
    "started: psi(flights.distance) > 0.1 holds (0.2), and 412,345 labelled rows gained",
  );
  const latched = new Ticking(monitor([group("t.1", members, { within: 2 * DAY })]));
  latched.tick(day(1), { "t.1.1": 0.2, "t.1.2": false });
  expect(latched.tick(day(2), { "t.1.1": 0.05, "t.1.2": true }).outcome.kind).toBe("fire");
  const tooLate = new Ticking(monitor([group("t.1", members, { within: 2 * DAY })]));
  tooLate.tick(day(1), { "t.1.1": 0.2, "t.1.2": false });
  tooLate.tick(day(2), { "t.1.1": 0.05, "t.1.2": false });
  expect(tooLate.tick(day(3), { "t.1.1": 0.05, "t.1.2": true }).outcome.kind).toBe("quiet");
  const any = new Ticking(monitor([group("t.1", members, { atLeast: 1 })]));
  expect(any.tick(day(1), { "t.1.1": 0.2 }).outcome.kind).toBe("fire");
});

it("forgets streaks and episodes of a cause whose text has changed", () => {
  const ticking = new Ticking(monitor([drift("t.1", twoChecks)]));
  ticking.tick(day(1), { "t.1": 0.2 });
  const changed = new Ticking(monitor([drift("t.1", twoChecks, "hour")]));
  changed.state = ticking.state;
  expect(changed.tick(day(2), { "t.1": 0.2 }).outcome.kind).toBe("quiet");
});

it("a promotion closes a scheduled instant that was waiting for the run to end", () => {
  const ticking = new Ticking(monitor([schedule("t.1")]));
  const started = at("2001-04-09T00:00:00Z");
  const promotedAt = at("2001-04-09T12:00:00Z");
  const running = { runs: [{ run: "r0", startedAt: started }], running: { run: "r0", rolloutBegan: true } };
  expect(told(ticking.tick("2001-04-09T09:00:00Z", {}, running).outcome)).toBe("running");
  const runs: RunFact[] = [{ run: "r0", startedAt: started, promotedAt, endedAt: promotedAt, outcome: "promoted" }];
  expect(ticking.tick(promotedAt, {}, { runs }).outcome.kind).toBe("quiet");
  expect(ticking.state.episodes).toEqual([]);
  expect(ticking.tick(promotedAt + HOUR, {}, { runs }).outcome.kind).toBe("quiet");
});
