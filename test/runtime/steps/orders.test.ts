import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { retrain } from "../../support/retrain.ts";
import { StepWorld } from "../../support/step-world.ts";

it("a person's word reaches a run on an engine: held, resumed, and rolled back at the next look", async () => {
  const world = await StepWorld.open((text) => text.replace("watch 1m", "watch 20m"));
  writeFileSync(join(world.root, "retrain.config.yaml"), "environments: { engine: { targets: { airflow: {} } } }\n");
  const say = (...words: readonly string[]) => retrain(world.root, "-e", "engine", ...words);
  const run = await world.start();
  await world.drive(run, { until: "stage.full" });
  const stage = world.begin({ verb: "stage", node: "stage.full", run });
  await world.seen("stage_entered", run);
  for (const word of ["hold", "resume"]) {
    const { code, err } = say(word, run, "--because", "a look at it");
    expect(code, err).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  const { code, err } = say("rollback", run, "--because", "customers complain");
  expect(code, err).toBe(0);
  const ended = await stage.ended;
  expect([ended.code, ended.word], ended.said).toEqual([0, "rolled_back"]);
  expect(ended.said).toContain("customers complain");
  const taken = (await world.records(["decision"])).map(
    ({ body }) => (body["rollout"] as { event?: { command?: string } } | undefined)?.event?.command,
  );
  expect(taken.filter((command) => command !== undefined)).toEqual(["hold", "resume", "rollback"]);
}, 60_000);
