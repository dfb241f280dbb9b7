import fc from "fast-check";
import { expect, it } from "vitest";
import { differ, NO_TALLY } from "../reference/differ.ts";
import { histories } from "../reference/histories.ts";
import { cases, differInDecision, differInVerdict, programs } from "../reference/requirements.ts";

// Larger doses: node test/reference/differential.run.ts --count 100000

it("the monitor decides as a reference that works everything out again from the whole history, tick by tick", () => {
  const tally = { ...NO_TALLY };
  fc.assert(
    fc.property(histories, (history) => {
      expect(differ(history, tally)).toBeUndefined();
    }),
    { numRuns: 1500 },
  );
  for (const compared of [tally.fire, tally.suppressed, tally.quiet, tally.notes])
    expect(compared).toBeGreaterThan(500);
});

it("a requirement is judged as the tables of verdicts say, and a condition holds where it would pass", () => {
  const tally: Record<string, number> = {};
  fc.assert(
    fc.property(cases, (given) => {
      expect(differInVerdict(given, tally)).toBeUndefined();
    }),
    { numRuns: 5000 },
  );
  for (const verdict of ["pass", "fail", "inconclusive", "skipped"]) expect(tally[verdict]).toBeGreaterThan(200);
});

it("a program is decided as its best and worst cases say", () => {
  fc.assert(
    fc.property(programs, (given) => {
      expect(differInDecision(given)).toBeUndefined();
    }),
    { numRuns: 5000 },
  );
});
