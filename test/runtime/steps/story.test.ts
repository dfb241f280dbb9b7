import { expect, it } from "vitest";
import { StepWorld } from "../../support/step-world.ts";

it("a run of processes, one a node, is promoted as the first model", async () => {
  const world = await StepWorld.open();
  await world.order();
  const started = await world.tick();
  expect(started, started.said).toMatchObject({ code: 0, word: "started" });
  const first = started.values["run"] ?? "";
  const told = await world.drive(first);
  expect(told.finish).toMatchObject({ code: 0, word: "promoted" });
}, 120_000);
