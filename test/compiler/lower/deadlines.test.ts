import { expect, it } from "vitest";
import { stageDeadline, stepDeadline } from "../../../compiler/lower/deadlines.ts";
import type { CheckedStep } from "../../../language/semantics/checked/policy.ts";
import type { CheckedStage } from "../../../language/semantics/checked/rollout.ts";

const span = { path: "a.retrain", start: 0, end: 0 };

function step(timeout: number, times: number, first: number, longest: number): CheckedStep {
  const retry = { times, first, longest };
  return {
    name: "train",
    span,
    command: ["x"],
    env: {},
    secrets: {},
    resources: {},
    timeout,
    retry,
    spot: false,
    workers: 1,
  };
}

function stage(kind: CheckedStage["kind"], atMost: number): CheckedStage {
  return { name: "s", kind, share: 0.1, atLeast: 0, atMost, check: 10, requirements: [], span };
}

it("adds up all attempts and waits that double up to the longest", () => {
  expect(stepDeadline(step(1_000, 0, 0, 0))).toBe(1_100);
  expect(stepDeadline(step(1_000, 1, 100, 500))).toBe(2_310);
  expect(stepDeadline(step(1_000, 4, 100, 500))).toBe(6_820);
});

it("gives a stage its longest stay and its hold, and an approval no hold", () => {
  // biome-ignore lint/suspicious/noThenProperty: the language's own word; never awaited.
  const hold = { action: "hold", for: 500, then: "rollback" } as const;
  expect(stageDeadline(stage("live", 1_000), hold)).toBe(1_650);
  expect(stageDeadline(stage("approval", 1_000), hold)).toBe(1_100);
  expect(stageDeadline(stage("live", 1_000), { action: "block" })).toBe(1_100);
  expect(stageDeadline({ ...stage("live", 1_000), onInconclusive: { action: "block" } }, hold)).toBe(1_100);
});

it("is a whole number of milliseconds", () => {
  expect(Number.isInteger(stepDeadline(step(1_003, 0, 0, 0)))).toBe(true);
});
