import { expect, it } from "vitest";
import { StepWorld } from "../../support/step-world.ts";

const LONG = 120_000;

it(
  "a run of processes, one a node, is promoted as the first model, and everything again changes nothing",
  async () => {
    const world = await StepWorld.open();
    const { run, steps, finish } = await world.run();
    expect(steps.map(([, word]) => word)).toEqual([
      "ready",
      "pass",
      "done",
      "done",
      "pass",
      "done",
      "advance",
      "advance",
      "advance",
    ]);
    expect(finish).toMatchObject({ code: 0, word: "promoted" });
    const before = await world.records(undefined);
    const again = await world.step({ verb: "gate", node: "gate.offline", run });
    expect(again).toMatchObject({ code: 0, word: "pass" });
    expect(await world.step({ verb: "stage", node: "stage.full", run })).toMatchObject({ code: 0, word: "advance" });
    expect(await world.verb(world.node("snapshot"), run)).toMatchObject({ code: 0, word: "duplicate" });
    expect(await world.step({ verb: "finish", run })).toMatchObject({ code: 0, word: "promoted" });
    expect(await world.records(undefined)).toEqual(before);
  },
  LONG,
);

it(
  "a refused challenger is a success of the pipeline, and one whose rows fail the validation too",
  async () => {
    const world = await StepWorld.open();
    const refused = await world.run({ train: "weak" });
    expect(refused.steps.at(-1)).toEqual(["gate.offline", "fail"]);
    expect(refused.finish).toMatchObject({ code: 0, word: "refused" });
    world.compile((text) => text.replace("require rows >= 1_000", "require rows >= 50_000"));
    const stopped = await world.run();
    expect(stopped.steps).toEqual([
      ["snapshot", "ready"],
      ["validate.parcels_shipped", "fail"],
    ]);
    expect(stopped.finish).toMatchObject({ code: 0, word: "validation_stopped" });
    expect((await world.records(["run_ended"])).map(({ body }) => body["node"])).toEqual([
      "gate.offline",
      "validate.parcels_shipped",
    ]);
  },
  LONG,
);

it(
  "a train step that fails for good ends the run as failed after train, told by the exit task",
  async () => {
    const world = await StepWorld.open();
    const { steps, finish } = await world.run({ train: "fail" });
    expect(steps.at(-1)).toEqual(["train", ""]);
    expect(finish).toMatchObject({ code: 3, word: "failed" });
    const [ended] = await world.records(["run_ended"]);
    expect(ended?.body).toMatchObject({
      outcome: "failed",
      node: "train",
      sentence: expect.stringContaining("`train`"),
    });
    // An evaluation that writes nothing though it ends well is found by the gate.
    const empty = await world.run({ evaluate: "nothing" });
    expect(empty.failed).toMatchObject({ code: 3, word: "broken" });
    expect(empty.finish).toMatchObject({ code: 3, word: "failed" });
  },
  LONG,
);

it(
  "a challenger that throws in its canary is rolled back, which is a success of the pipeline",
  async () => {
    const world = await StepWorld.open();
    await world.run();
    const run = await world.start({ train: "brittle" });
    await world.drive(run, { until: "stage.canary" });
    world.rename();
    const { steps, finish } = await world.drive(run, { from: "stage.canary" });
    expect(steps).toEqual([["stage.canary", "rolled_back"]]);
    expect(finish).toMatchObject({ code: 0, word: "rolled_back" });
    const route = await (await fetch(`${world.url}/route`)).json();
    expect(route).toMatchObject({ champion: "1", share: 0 });
  },
  LONG,
);
