import fc from "fast-check";
import { expect, it } from "vitest";
import { nextDue } from "../../runtime/triggers/due.ts";
import type { RunFact } from "../../runtime/triggers/input.ts";
import { DAY, data, drift, HOUR, monitor, schedule, Ticking } from "../runtime/triggers/monitor.ts";

const START = Date.parse("2001-04-02T08:00:00Z");
const BUDGET = 3;
const WINDOW = 10 * DAY;

const answers = fc.record({
  "t.2": fc.oneof(fc.boolean(), fc.constant(undefined)),
  "t.3": fc.oneof(fc.constantFrom(0.05, 0.2), fc.constant(undefined)),
});
const life = fc.record({
  hours: fc.integer({ min: 0, max: 60 }),
  outcome: fc.constantFrom("promoted", "refused", "validation_stopped", "failed", "rolled_back", "cancelled"),
});

function plan(queue: "latest" | "skip") {
  return monitor(
    [schedule("t.1", "0 4 * * MON,THU"), data("t.2"), drift("t.3", { streak: { kind: "checks", count: 2 } })],
    {
      queue,
      budget: { runs: BUDGET, per: WINDOW },
      cooldown: { promotion: 2 * DAY, refusal: 12 * HOUR, failure: 6 * HOUR, rollback: DAY },
      settle: HOUR,
    },
  );
}

interface Firing {
  readonly at: number;
  readonly key: string;
}

/** Lives through the given checks; every run that starts becomes what the next life says. */
function walk(
  ticking: Ticking,
  checks: readonly Readonly<Record<string, number | boolean | undefined>>[],
  lives: readonly { readonly hours: number; readonly outcome: NonNullable<RunFact["outcome"]> }[],
  each: (now: number, visible: readonly RunFact[], ticked: ReturnType<Ticking["tick"]>) => void,
): readonly Firing[] {
  const runs: RunFact[] = [];
  const firings: Firing[] = [];
  let now = START;
  for (const given of checks) {
    // Several ticks may lie between two checks.
    const until = (Math.floor(now / DAY) + 1) * DAY;
    while (now < until) {
      const visible = runs.map((run): RunFact => {
        if ((run.endedAt ?? now) <= now) return run;
        const { endedAt: _, outcome: __, promotedAt: ___, rolledBackAt: ____, ...running } = run;
        return running;
      });
      const running = visible.find((run) => run.outcome === undefined);
      const more = running === undefined ? {} : { running: { run: running.run, rolloutBegan: false } };
      const ticked = ticking.tick(now, given, { runs: visible, rowSet: String(Math.floor(now / DAY)), ...more });
      each(now, visible, ticked);
      if (ticked.outcome.kind === "fire") {
        expect(running).toBeUndefined();
        const { hours, outcome } = lives[firings.length % lives.length] ?? { hours: 1, outcome: "refused" };
        const endedAt = now + hours * HOUR;
        const ends =
          outcome === "promoted" ? { promotedAt: endedAt } : outcome === "rolled_back" ? { rolledBackAt: endedAt } : {};
        const trained =
          outcome === "validation_stopped" ? { rowSet: String(Math.floor(now / DAY)) } : { trainedAt: now };
        runs.push({
          run: `r${runs.length}`,
          key: ticked.outcome.key,
          startedAt: now,
          endedAt,
          outcome,
          ...trained,
          ...ends,
        });
        firings.push({ at: now, key: ticked.outcome.key });
      }
      const due = nextDue(ticking.plan, ticking.state, now);
      expect(due).toBeGreaterThan(now);
      const ended = runs.map((run) => run.endedAt ?? now).filter((end) => end > now);
      now = Math.min(due, until, ...ended);
    }
  }
  return firings;
}

it("never exceeds the budget, never fires twice under one key, and never during a run or a cooldown", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("latest" as const, "skip" as const),
      fc.array(answers, { minLength: 30, maxLength: 60 }),
      fc.array(life, { minLength: 1, maxLength: 6 }),
      (queue, checks, lives) => {
        const ticking = new Ticking(plan(queue));
        const firings = walk(ticking, checks, lives, (now, visible, { outcome, state }) => {
          if (outcome.kind !== "fire") return;
          const inWindow = visible.filter((run) => run.trainedAt !== undefined && run.trainedAt + WINDOW > now);
          expect(inWindow.length).toBeLessThan(BUDGET);
          const { promotion, refusal } = state.latest;
          expect(promotion === null || promotion + 2 * DAY <= now).toBe(true);
          expect(refusal === null || refusal + 12 * HOUR <= now).toBe(true);
          expect(state.breaker.openUntil === null || state.breaker.openUntil <= now).toBe(true);
        });
        expect(new Set(firings.map((firing) => firing.key)).size).toBe(firings.length);
      },
    ),
    { numRuns: 80 },
  );
});

it("a promotion leaves no episode open that was opened before it", () => {
  fc.assert(
    fc.property(
      fc.array(answers, { minLength: 20, maxLength: 40 }),
      fc.array(life, { minLength: 1, maxLength: 4 }),
      (checks, lives) => {
        walk(new Ticking(plan("latest")), checks, lives, (_now, visible, { state }) => {
          const promotion = Math.max(0, ...visible.map((run) => run.promotedAt ?? 0));
          for (const episode of state.episodes) expect(episode.openedAt).toBeGreaterThanOrEqual(promotion);
        });
      },
    ),
    { numRuns: 80 },
  );
});

it("what is suppressed while its condition lasts is started as soon as nothing holds it back any more", () => {
  fc.assert(
    fc.property(fc.array(life, { minLength: 1, maxLength: 6 }), (lives) => {
      const checks = Array.from({ length: 60 }, () => ({ "t.2": false, "t.3": 0.2 }));
      let fired = 0;
      walk(new Ticking(plan("latest")), checks, lives, (now, visible, { outcome, state }) => {
        if (outcome.kind === "fire") fired += 1;
        const isRunning = visible.some((run) => run.outcome === undefined);
        const free = state.episodes.filter((episode) => episode.servedBy === null && episode.rowSet === null);
        if (isRunning || free.length === 0) return;
        // Something free is waiting: there is a reason, and every reason but a run ends at a known instant in the future.
        expect(outcome.kind).not.toBe("quiet");
        if (outcome.kind !== "suppressed") return;
        expect(outcome.reasons.length).toBeGreaterThan(0);
        for (const reason of outcome.reasons) {
          if (reason.reason !== "row_set") expect(reason.until).toBeGreaterThan(now);
        }
      });
      expect(fired).toBeGreaterThan(1);
    }),
    { numRuns: 50 },
  );
});
