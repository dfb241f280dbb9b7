import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
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

it("an order waits while a freeze of all holds, and a freeze of rollouts lets the run train and keeps it from traffic", async () => {
  const world = await StepWorld.open((text) => text.replace("watch 1m", "watch 20m"));
  const at = Date.parse("2024-03-05T08:00:00Z");
  const write = async (body: object) => {
    const ledger = await world.ledger();
    const key = `command/${JSON.stringify(body)}`;
    await ledger.append({ chain: world.chain, key, kind: "command", at, body });
    await ledger.close();
  };
  const freeze = { command: "freeze", until: at + 86_400_000, because: "peak season", by: "ana" };
  await write({ ...freeze, scope: "all" });
  await world.order();
  const waits = await world.tick();
  expect(waits).toMatchObject({ code: 0, word: "quiet" });
  expect(waits.said).toContain("an order to retrain waits: policy `parcels` is frozen and starts no run");
  await write({ command: "unfreeze", because: "", by: "ana" });
  await write({ ...freeze, scope: "rollout" });
  const { word, values } = await world.tick();
  expect(word).toBe("started");
  const run = values["run"] ?? "";
  const { steps } = await world.drive(run, { until: "stage.full" });
  expect(steps.map(([node]) => node)).toContain("train");
  const stage = world.begin({ verb: "stage", node: "stage.full", run });
  await world.seen("look", run);
  const moves = async () => (await world.records(["intent"])).filter(({ body }) => "intent" in body);
  expect(await moves()).toEqual([]);
  await write({ command: "unfreeze", because: "over", by: "ana" });
  await vi.waitFor(async () => expect(await moves()).not.toEqual([]), { timeout: 20_000, interval: 100 });
  stage.child.kill("SIGKILL");
  await stage.ended;
}, 60_000);
