import { expect, it } from "vitest";
import { handedOver, runtimeArguments } from "../../../compiler/plan/command-line.ts";
import { type Segment, told } from "../../../targets/shared/handover.ts";
import { fixturePlan } from "../../support/fixture-plan.ts";

const shown = (segments: readonly Segment[]) =>
  segments.map((one) => (one.kind === "text" ? one.text : one.kind === "run" ? "<run>" : `<${one.name}>`)).join("");

function step(name: "train" | "evaluate") {
  const plan = fixturePlan();
  const node = plan.retrain.nodes.find((one) => one.kind === "step" && one.name === name);
  if (node?.kind !== "step") throw new Error(`no step ${name}`);
  return told(plan, node, "/work/runs", "/work/policies");
}

it("a step is told the paths of its run and the values of the snapshot", () => {
  const { environment } = step("train");
  const values = Object.fromEntries(environment.map(({ name, value }) => [name, shown(value)]));
  expect(values).toMatchObject({
    RETRAIN_RUN_ID: "<run>",
    RETRAIN_CHALLENGER_URI: "/work/runs/<run>/model",
    RETRAIN_CHAMPION_URI: "<champion.uri>",
    RETRAIN_PREDICTIONS_URI: "/work/runs/<run>/predictions.parquet",
    RETRAIN_METRICS_URI: "/work/runs/<run>/metrics.json",
    RETRAIN_DATA_FLIGHTS_URI: "/work/runs/<run>/data/flights/training",
    RETRAIN_DATA_FLIGHTS_START: "<flights.training.start>",
  });
});

it("a command is cut at its references, and `$${` is text", () => {
  expect(step("evaluate").command.map(shown)).toContain("/work/runs/<run>/predictions.parquet");
  const plan = fixturePlan();
  const [node] = plan.retrain.nodes.filter((one) => one.kind === "step");
  if (node?.kind !== "step") throw new Error("no step");
  const changed = { ...node, step: { ...node.step, command: ["a$${flights.uri}b${run.id}c"] } };
  expect(told(plan, changed, "/w", "/p").command).toEqual([
    [{ kind: "text", text: "a${flights.uri}b" }, { kind: "run" }, { kind: "text", text: "c" }],
  ]);
});

it("command lines carry policy, run and node, and the address of a ledger that is no secret", () => {
  const plan = fixturePlan();
  expect(runtimeArguments(plan, { verb: "gate", node: "gate.offline", run: "RUN" })).toEqual([
    ...["gate", "--environment", "local", "--policy", "flight_delays", "--ledger", "sqlite:.retrain/ledger.db"],
    ...["--run", "RUN", "--node", "gate.offline"],
  ]);
  const shared = fixturePlan({ ledger: { kind: "postgres", secret: "retrain/ledger-url" } });
  expect(runtimeArguments(shared, { verb: "finish", run: "RUN" })).toEqual([
    ...["finish", "--environment", "local", "--policy", "flight_delays", "--run", "RUN"],
  ]);
  expect(runtimeArguments(shared, { verb: "tick", engine: "argo", plan: ["--plan", "/p.json"] }).join(" ")).toBe(
    "tick --environment local --policy flight_delays --engine argo --plan /p.json",
  );
  expect(handedOver(plan)).toContain("flights.training.end");
});
