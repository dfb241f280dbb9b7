import { expect, it } from "vitest";
import { EngineWorld } from "../support/engine-world.ts";
import { temporaryFolder } from "../support/folder.ts";

it("the tests' policy lives on this machine: a first model, then a challenger that is refused", async () => {
  const world = await EngineWorld.open({ root: temporaryFolder(), environment: "local" });
  try {
    const first = await world.say("run", "flights", "--because", "the first model");
    expect(first.code, first.said).toBe(0);
    world.story({ train: "weak" });
    const second = await world.say("run", "flights", "--because", "another one");
    expect(second.code, second.said).toBe(0);
    const trace = await world.trace();
    expect(trace.filter((line) => line.includes(": ended ") && line.includes("champion"))).toEqual([
      "run 1: ended promoted after stage.full; champion 1",
      "run 2: ended refused after gate.offline; champion 1",
    ]);
    expect(await world.route()).toMatchObject({ champion: "1", share: 0 });
  } finally {
    await world.close();
  }
}, 120_000);
