import { expect, it } from "vitest";
import { attemptNumber, championOf, openRun, type RunHistory, runFacts } from "../../../runtime/engine/history.ts";
import type { RolloutState } from "../../../runtime/rollout/state.ts";

type Rolled = Pick<RolloutState, "promotedAt" | "outcome" | "rollback"> & { version: string };

const run = (
  name: string,
  more: { rolled?: Rolled; ended?: "promoted" | "refused" | "rolled_back" } = {},
): RunHistory => {
  const { rolled, ended } = more;
  const rollout =
    rolled === undefined
      ? {}
      : { rollout: { ...rolled, start: { challenger: rolled.version } } as unknown as RolloutState };
  return {
    run: name,
    started: { plan: "p", because: "test", attempt: 1 },
    startedAt: 1,
    measured: {},
    ...(ended === undefined ? {} : { ended: { outcome: ended, node: "n", sentence: "" }, endedAt: 9 }),
    ...rollout,
  };
};
const promoted = (version: string, at: number): Rolled => ({
  version,
  promotedAt: at,
  outcome: "promoted",
  rollback: null,
});
const back = (version: string, at: number, to: string | null): Rolled => ({
  version,
  promotedAt: at,
  outcome: "rolled_back",
  rollback: { since: at + 5, because: "", outcome: "rolled_back", to, verify: true, restoredAt: at + 6 },
});

it("nobody is champion before the first promotion", () => {
  expect(championOf([run("a", { ended: "refused" })])).toBeUndefined();
});

it("the newest promotion counts, and a rollback after it brings the version before back", () => {
  const first = run("a", { rolled: promoted("1", 10), ended: "promoted" });
  const second = run("b", { rolled: promoted("2", 20), ended: "promoted" });
  expect(championOf([first, second])).toEqual({ version: "2", promotedAt: 20 });
  expect(championOf([first, second, run("c", { rolled: back("3", 30, "2"), ended: "rolled_back" })])).toEqual({
    version: "2",
    promotedAt: 20,
  });
});

it("a first model that is rolled back leaves no champion", () => {
  expect(championOf([run("a", { rolled: back("1", 10, null), ended: "rolled_back" })])).toBeUndefined();
});

it("a rollout that never reached full traffic changes no champion", () => {
  const canary: Rolled = { ...back("2", 0, "1"), promotedAt: null };
  expect(championOf([run("a", { rolled: promoted("1", 10) }), run("b", { rolled: canary })])?.version).toBe("1");
});

it("the run that has not ended is the open one", () => {
  expect(openRun([run("a", { ended: "refused" })])).toBeUndefined();
  expect(openRun([run("a", { ended: "refused" }), run("b")])?.run).toBe("b");
});

it("tries are counted from the last promotion on", () => {
  expect(attemptNumber([])).toBe(1);
  expect(attemptNumber([run("a", { rolled: promoted("1", 10) }), run("b", { ended: "refused" })])).toBe(2);
});

it("the trigger engine is told of a rollback when it began", () => {
  const plan = { retrain: { nodes: [] } } as never;
  const [fact] = runFacts([run("a", { rolled: back("1", 10, "0"), ended: "rolled_back" })], plan);
  expect(fact).toMatchObject({ promotedAt: 10, rolledBackAt: 15, outcome: "rolled_back", endedAt: 9 });
});
