import fc from "fast-check";
import { expect, it } from "vitest";
import { NO_TALLY } from "../reference/differ.ts";
import { differInPolicy, policyHistories } from "../reference/policies.ts";
import { enginePlans } from "../support/engine-policies.ts";

// A thousand: npm run differential:policies

it("a hundred compiled policies decide as the references do: what fires, what a program says, how a rollout goes", () => {
  const plans = enginePlans({}, 100);
  const tally = { ticks: { ...NO_TALLY }, programs: 0, rollouts: {} };
  for (const [index, given] of fc.sample(policyHistories, { numRuns: 100, seed: 20_010_409 }).entries()) {
    const named = plans.at(-1 - index);
    if (named === undefined) throw new Error("too few policies");
    expect(differInPolicy(named.plan, given, tally), named.name).toBeUndefined();
  }
  expect(tally.ticks.fire).toBeGreaterThan(200);
  expect(tally.programs).toBeGreaterThan(300);
  expect(Object.keys(tally.rollouts)).toEqual(
    expect.arrayContaining(["advanced", "held", "promoted", "rolled_back", "refused"]),
  );
});
