import { expect, it } from "vitest";
import { runtimeArguments } from "../../../compiler/plan/command-line.ts";
import { readArguments } from "../../../runtime/steps/arguments.ts";
import { StepError } from "../../../runtime/steps/error.ts";
import { clockOf, testingClock } from "../../../runtime/steps/testing-clock.ts";
import { fixturePlan } from "../../support/fixture-plan.ts";

const plan = fixturePlan();

function refusal(words: readonly string[], url?: string): string {
  try {
    readArguments(words, url);
  } catch (error) {
    if (error instanceof StepError && error.exit === 2) return error.message;
    throw error;
  }
  throw new Error(`not refused: ${words.join(" ")}`);
}

it("reads what generated files say", () => {
  const node = runtimeArguments(plan, { verb: "gate", node: "gate.offline", run: "a-1" });
  const asked = readArguments([...node, "--word", "/tmp/word", "--value", "champion.uri=/tmp/a=b"], undefined);
  expect(asked).toMatchObject({
    verb: "gate",
    environment: "local",
    policy: "flight_delays",
    run: "a-1",
    node: "gate.offline",
    word: "/tmp/word",
    ledger: { kind: "sqlite", path: ".retrain/ledger.db" },
  });
  expect([...asked.values]).toEqual([["champion.uri", "/tmp/a=b"]]);
  const tick = runtimeArguments(plan, { verb: "tick", engine: "kfp", plan: ["--plan-json", "{}"] });
  expect(readArguments(tick, undefined)).toMatchObject({ verb: "tick", engine: "kfp", plan: { json: "{}" } });
  const finish = ["finish", "--environment", "e", "--policy", "p", "--run", "r"];
  expect(readArguments(finish, "postgresql://a@b/c")).toMatchObject({ verb: "finish", ledger: { kind: "postgres" } });
});

it("refuses everything else in one sentence", () => {
  const gate = ["gate", "--environment", "e", "--policy", "p", "--run", "r"];
  expect(refusal([])).toMatch(/first argument must be one of tick, snapshot/);
  expect(refusal(["train"])).toMatch(/first argument/);
  expect(refusal([...gate, "--node", "g"])).toMatch(/RETRAIN_LEDGER_URL/);
  expect(refusal(gate, "postgresql://a")).toBe("gate needs --node");
  expect(refusal([...gate, "--node", "g", "--ledger", "postgresql://a:hidden@b"])).not.toMatch("hidden");
  expect(refusal([...gate, "more"], "x")).toMatch(/--node|unexpected argument `more`/);
  expect(refusal([...gate, "--node", "g", "--value", "name"], "x")).toMatch(/NAME=PATH/);
  expect(refusal([...gate, "--nodes", "g"], "x")).toBe("Unknown option '--nodes'");
  expect(refusal(["tick", "--environment", "e", "--policy", "p"], "x")).toMatch(/--plan/);
  expect(refusal(["tick", "--environment", "e", "--policy", "p", "--plan", "f", "--engine", "cron"], "x")).toMatch(
    /argo, kfp, airflow/,
  );
});

it("the clock of tests runs from its instant at its pace, in every process alike, and counts only under testing", () => {
  const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
  const start = Date.parse("2024-03-04T08:00:00Z");
  expect(testingClock(`2024-03-04T08:00:00Z/${hourAgo}`).now()).toBeCloseTo(start + 3_600_000, -3);
  expect(testingClock(`2024-03-04T08:00:00Z/${hourAgo}/x60`).now()).toBeCloseTo(start + 60 * 3_600_000, -5);
  for (const wrong of [
    "2024-03-04",
    `2024-03-04T08:00:00Z/soon`,
    `2024-03-04T08:00:00Z/${hourAgo}/x0`,
    `${hourAgo}/${hourAgo}/60`,
    `${hourAgo}/${hourAgo}/x1/x1`,
  ])
    expect(() => testingClock(wrong)).toThrow(/RETRAIN_CLOCK must be/);
  const said: string[] = [];
  expect(clockOf(false, `2024-03-04T08:00:00Z/${hourAgo}`, (line) => said.push(line))).toEqual({});
  expect(said).toEqual([expect.stringContaining("ignored")]);
});
