import { expect, it } from "vitest";
import type { PipelinePlan } from "../../../compiler/plan/plan.ts";
import { describe } from "../../../targets/shared/describe.ts";
import { outlineRow } from "../../../targets/shared/lines.ts";
import { casePlan } from "../../support/capability-cases.ts";
import { fixturePlan } from "../../support/fixture-plan.ts";

const said = (plan: PipelinePlan) => plan.retrain.nodes.map((node) => describe(plan, node));

it("says what each task is about with the policy's numbers and none of its texts", () => {
  expect(said(fixturePlan())).toMatchInlineSnapshot(`
    [
      "fixes the rows of this run",
      "validates flights: 4 requirements, 1 only recorded; blocks without an answer",
      "the author's step train, at most 10 minutes, attempted 2 times at most",
      "the author's step evaluate, at most 10 minutes",
      "gate offline: 3 requirements, 1 only recorded; blocks without an answer",
      "registers the challenger",
      "stage shadow: mirrors 100% of traffic for 24 hours to 48 hours",
      "stage canary: 10% of traffic for 24 hours to 72 hours",
      "stage full: 100% of traffic, watched 24 hours; the old champion is kept 72 hours",
    ]
  `);
  expect(said(casePlan("approval"))).toContain("approval: waits at most 24 hours for a person");
  expect(said(casePlan("hold"))).toContain("gate offline: 1 requirement; holds 2 hours without an answer");
  expect(said(casePlan("retry"))).toContain("the author's step train, at most 1 hour, attempted 3 times at most");
});

it("an outline's row is one line where it fits into 100 columns, and two where it does not", () => {
  expect(outlineRow(1, "a", "b")).toEqual(["  a  (b)"]);
  expect(outlineRow(1, "a", "b".repeat(94))).toHaveLength(2);
  expect(outlineRow(1, "a", "b".repeat(93))).toHaveLength(1);
});
