import { once } from "node:events";
import { renameSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { StepWorld } from "../../support/step-world.ts";

const LONG = 120_000;

it(
  "a verb killed in the middle and repeated does nothing twice",
  async () => {
    const world = await StepWorld.open();
    const run = await world.start();
    const snapshot = world.begin({ verb: "snapshot", node: "snapshot", run });
    await new Promise((resolve) => setTimeout(resolve, 350));
    snapshot.child.kill("SIGKILL");
    await snapshot.ended;
    await world.drive(run, { until: "stage.full" });
    const stage = world.begin({ verb: "stage", node: "stage.full", run });
    await world.seen("stage_entered", run);
    stage.child.kill("SIGKILL");
    await stage.ended;
    const { steps, finish } = await world.drive(run, { from: "stage.full" });
    expect(steps).toEqual([["stage.full", "advance"]]);
    expect(finish).toMatchObject({ code: 0, word: "promoted" });
    const effects = (await world.records(["intent", "effect"])).map(({ kind, key }) => `${kind} ${key}`);
    expect(new Set(effects).size).toBe(effects.length);
    const route = (await (await fetch(`${world.url}/route`)).json()) as { revision: number };
    // Full traffic, and the end of the keep: a first model has nobody to be mirrored beside.
    expect(route.revision).toBe(
      (await world.records(["intent"])).filter(({ body }) => JSON.stringify(body).includes('"route"')).length,
    );
  },
  LONG,
);

it(
  "a rollout whose pod is gone is led on by the tick, and a repeated pod finds that it is over",
  async () => {
    const world = await StepWorld.open();
    const run = await world.start();
    await world.drive(run, { until: "stage.full" });
    const stage = world.begin({ verb: "stage", node: "stage.full", run });
    await world.seen("stage_entered", run);
    stage.child.kill("SIGKILL");
    await once(stage.child, "exit");
    await world.expire(run);
    for (let ticks = 0; (await world.records(["run_ended"])).length === 0 && ticks < 60; ticks += 1) {
      expect(await world.tick()).toMatchObject({ code: 0, word: "quiet" });
    }
    const [ended] = await world.records(["run_ended"]);
    expect(ended?.body).toMatchObject({ outcome: "promoted", node: "stage.full" });
    expect(await world.step({ verb: "stage", node: "stage.full", run })).toMatchObject({ code: 0, word: "promoted" });
    expect(await world.step({ verb: "finish", run })).toMatchObject({ code: 0, word: "promoted" });
  },
  LONG,
);

it(
  "a stage whose lease the tick has taken waits for it and goes on",
  async () => {
    const world = await StepWorld.open();
    const run = await world.start();
    await world.drive(run, { until: "stage.full" });
    const stage = world.begin({ verb: "stage", node: "stage.full", run });
    await world.seen("stage_entered", run);
    // As after a pause that was longer than the lease: it goes to a tick, which gives it back.
    await world.expire(run);
    expect(await world.tick()).toMatchObject({ code: 0, word: "quiet" });
    const ended = await stage.ended;
    expect(ended, ended.said).toMatchObject({ code: 0 });
    expect(["advance", "promoted"]).toContain(ended.word);
    expect(await world.step({ verb: "finish", run })).toMatchObject({ code: 0, word: "promoted" });
  },
  LONG,
);

it(
  "a run that stopped without an exit task fails when its time is over, and one that never began is started again",
  async () => {
    const world = await StepWorld.open();
    const run = await world.start();
    expect(await world.tick()).toMatchObject({ code: 0, word: "started", values: { run } });
    await world.drive(run, { until: "train" });
    expect(await world.tick()).toMatchObject({ code: 0, word: "quiet" });
    await world.expire(run);
    expect(await world.tick()).toMatchObject({ code: 0, word: "quiet" });
    expect(await world.records(["run_ended"])).toEqual([]);
    world.setClock("2024-03-05T23:00:00Z");
    await world.tick();
    const [ended] = await world.records(["run_ended"]);
    expect(ended?.body).toMatchObject({ outcome: "failed", node: "train" });
  },
  LONG,
);

it(
  "two ticks at once start one run, and a name that nobody started is unknown",
  async () => {
    const world = await StepWorld.open();
    await world.order();
    const ticks = await Promise.all([world.tick(), world.tick()]);
    expect(ticks.map(({ code }) => code)).toEqual([0, 0]);
    expect(ticks.map(({ word }) => word)).toContain("started");
    expect(await world.records(["run_started"])).toHaveLength(1);
    const foreign = await world.step({ verb: "snapshot", node: "snapshot", run: "parcels-00000000" });
    expect(foreign).toMatchObject({ code: 0, word: "unknown" });
    expect(await world.step({ verb: "finish", run: "parcels-00000000" })).toMatchObject({ code: 0, word: "unknown" });
  },
  LONG,
);

it(
  "a firing while a run is on starts nothing beside it, and a policy compiled again leaves the run as it is",
  async () => {
    const world = await StepWorld.open();
    world.setClock("2024-03-05T03:30:00Z");
    expect(await world.tick()).toMatchObject({ word: "quiet" });
    world.setClock("2024-03-05T04:00:30Z");
    const first = await world.tick();
    expect(first, first.said).toMatchObject({ code: 0, word: "started" });
    const run = first.values["run"] ?? "";
    await world.drive(run, { until: "stage.full" });
    const old = world.plan.policy.digest;
    world.compile((text) => text.replace("challenger.auc >= 0.60", "challenger.auc >= 0.62"));
    expect(world.plan.policy.digest).not.toBe(old);
    world.setClock("2024-03-06T04:00:30Z");
    expect(await world.tick()).toMatchObject({ code: 0, word: "quiet" });
    expect(await world.records(["run_started"])).toHaveLength(1);
    const { finish } = await world.drive(run, { from: "stage.full" });
    expect(finish).toMatchObject({ code: 0, word: "promoted" });
    const [started] = await world.records(["run_started"]);
    expect(started?.body).toMatchObject({ plan: old });
    const decisions = (await world.records(["decision"])).filter(({ key }) => key.includes("/decision/"));
    expect(new Set(decisions.map(({ body }) => (body["policy"] as { digest: string }).digest))).toEqual(new Set([old]));
  },
  LONG,
);

it(
  "a stage asked to end says so in its exit code; one whose ledger is away holds its share and goes on when it is back",
  async () => {
    const world = await StepWorld.open();
    const run = await world.start();
    await world.drive(run, { until: "stage.full" });
    const asked = world.begin({ verb: "stage", node: "stage.full", run });
    await world.seen("stage_entered", run);
    asked.child.kill("SIGTERM");
    expect(await asked.ended).toMatchObject({ code: 143, word: "" });
    const stage = world.begin({ verb: "stage", node: "stage.full", run });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const file = join(world.root, ".retrain/ledger.db");
    renameSync(file, `${file}.away`);
    const gate = await world.step({ verb: "gate", node: "gate.offline", run });
    expect(gate).toMatchObject({ code: 75, word: "" });
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    renameSync(`${file}.away`, file);
    const { code, word, said } = await stage.ended;
    expect([code, word], said).toEqual([0, "advance"]);
    expect(said).toContain("the share is held");
  },
  LONG,
);

it(
  "a promoted version is judged while the next run trains, and rolled back though that run has the lease",
  async () => {
    const world = await StepWorld.open();
    await world.run();
    expect((await world.run({ train: "brittle" })).finish).toMatchObject({ word: "promoted" });
    const run = await world.start();
    await world.drive(run, { until: "train" });
    world.rename();
    const champion = async () => ((await (await fetch(`${world.url}/route`)).json()) as { champion: string }).champion;
    const route = async () => ((await (await fetch(`${world.url}/route`)).json()) as { share: number }).share;
    expect([await champion(), await route()]).toEqual(["1", 1]);
    for (let ticks = 0; (await route()) === 1 && ticks < 40; ticks += 1) {
      expect(await world.tick()).toMatchObject({ code: 0, word: "quiet" });
    }
    expect([await champion(), await route()]).toEqual(["1", 0]);
    // The run that trained meanwhile must not go on from what was taken back.
    const { steps, finish } = await world.drive(run, { from: "train" });
    expect(steps.at(-1)).toEqual(["stage.shadow", "aborted"]);
    expect(finish).toMatchObject({ code: 0, word: "aborted" });
  },
  LONG,
);
