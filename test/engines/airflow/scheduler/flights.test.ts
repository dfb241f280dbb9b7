import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { writeFlights } from "../../../support/flight-rows.ts";
import { Scene } from "./scene.ts";
import type { Version } from "./standalone.ts";

/**
 * A real Airflow with its scheduler carries the committed files out: one life of a policy, story after story. By `npm run engines:airflow:scheduler`, with
 * RETRAIN_AIRFLOW=2.11 on the older version.
 */
const version = (process.env["RETRAIN_AIRFLOW"] ?? "3.3") as Version;
let scene: Scene | undefined;

beforeAll(async () => {
  scene = await Scene.open(version, "flights");
}, 600_000);

afterAll(async () => {
  await scene?.close();
}, 120_000);

/** A story needs the scene; where Airflow cannot be had it is told and nothing is claimed. */
function story(name: string, tell: (scene: Scene) => Promise<void>): void {
  it(`Airflow ${version}: ${name}`, async (context) => {
    if (scene === undefined) return context.skip();
    const began = performance.now();
    await tell(scene);
    process.stdout.write(`  ${version} ${((performance.now() - began) / 1_000).toFixed(0)} s: ${name}\n`);
  });
}

story(
  "the tick fires by its cron, starts the ordered run under its name, and the first model is promoted",
  async (scene) => {
    await scene.order();
    await scene.airflow.unpause(scene.tick);
    await scene.until("a run", async () => (await scene.started()).length > 0);
    const [run = ""] = await scene.started();
    await scene.until("the run in Airflow", async () => (await scene.airflow.runs(scene.retrain)).length > 0);
    const [tick] = await scene.airflow.runs(scene.tick);
    expect(tick?.run_type).toBe("scheduled");
    const told = await scene.told(run);
    expect(told).toMatchObject({ outcome: "promoted", state: "success" });
    expect(told.words["stage.shadow"]).toBe("advance");
    const ticked = await scene.airflow.tasks(scene.tick, tick?.dag_run_id ?? "");
    expect([ticked["tick"]?.state, ticked["start"]?.state]).toEqual(["success", "success"]);
  },
);

story(
  "two ticks at once start one run; train crashes once and is tried again; a second order waits for its end and is refused",
  async (scene) => {
    scene.world.story({ train: "crash" });
    const before = await scene.started();
    await scene.order();
    const ticks = await Promise.all([scene.airflow.trigger(scene.tick), scene.airflow.trigger(scene.tick)]);
    for (const tick of ticks) await scene.airflow.over(scene.tick, tick);
    const started = await scene.started();
    expect(started).toHaveLength(before.length + 1);
    const [run = ""] = started.slice(before.length);
    expect((await scene.airflow.runs(scene.retrain)).filter((one) => one.dag_run_id === run)).toHaveLength(1);
    const starts = await Promise.all(ticks.map((tick) => scene.airflow.tasks(scene.tick, tick)));
    expect(starts.map((tasks) => tasks["start"]?.state).sort()).toEqual(["skipped", "success"]);
    // A second order while the run is on: its tick starts nothing.
    await scene.order();
    const quiet = await scene.ticked();
    if ((await scene.airflow.run(scene.retrain, run)).state === "running") {
      expect((await scene.airflow.tasks(scene.tick, quiet))["start"]?.state).toBe("skipped");
      expect(await scene.started()).toHaveLength(started.length);
    }
    const first = await scene.told(run);
    expect(first).toMatchObject({ outcome: "promoted", state: "success", tries: { train: 2, snapshot: 1 } });
    expect(first.words).toMatchObject({ "gate.offline": "pass", "stage.canary": "advance", "stage.full": "advance" });
    scene.world.story({ train: "weak" });
    if ((await scene.started()).length === started.length) await scene.ticked();
    const [second = ""] = (await scene.started()).slice(started.length);
    const refused = await scene.told(second);
    expect(refused).toMatchObject({ outcome: "refused", state: "success" });
    expect(refused.tasks).toMatchObject({
      gate_offline: "success",
      register: "skipped",
      stage_full: "skipped",
      outcome: "success",
    });
  },
);

story("rows that fail the validation stop the run before train, which is a success of the pipeline", async (scene) => {
  const rows = join(scene.world.root, "data/flights.parquet");
  await writeFlights(rows, "nulls");
  const told = await scene.told(await scene.begin());
  await writeFlights(rows, "usual");
  expect(told).toMatchObject({ outcome: "validation_stopped", state: "success" });
  expect(told.tasks).toMatchObject({ validate_flights: "success", train: "skipped", outcome: "success" });
});

story("a train step that fails for good fails the run", async (scene) => {
  const told = await scene.told(await scene.begin("fail"));
  expect(told).toMatchObject({ outcome: "failed", state: "failed", tries: { train: 2 } });
  expect(told.tasks).toMatchObject({ train: "failed", outcome: "failed" });
});

story("a challenger that throws in its canary is rolled back, which is a success of the pipeline", async (scene) => {
  const champion = await scene.serving();
  await scene.say("resume", scene.policy, "--because", "a story");
  const run = await scene.begin("brittle");
  await scene.entered(run, "canary");
  scene.world.isStrange = true;
  const told = await scene.told(run);
  scene.world.isStrange = false;
  expect(told).toMatchObject({ outcome: "rolled_back", state: "success" });
  expect(told.words["stage.canary"]).toBe("rolled_back");
  expect(told.tasks).toMatchObject({ stage_canary: "success", stage_full: "skipped", outcome: "success" });
  expect(await scene.serving()).toBe(champion);
});

story("a challenger that throws in its watch is rolled back too", async (scene) => {
  const champion = await scene.serving();
  await scene.say("resume", scene.policy, "--because", "a story");
  const run = await scene.begin("brittle");
  await scene.until("the promotion", async () => (await scene.serving()) !== champion);
  scene.world.isStrange = true;
  const told = await scene.told(run);
  scene.world.isStrange = false;
  expect(told).toMatchObject({ outcome: "rolled_back", state: "success" });
  expect(told.words).toMatchObject({ "stage.canary": "advance", "stage.full": "rolled_back" });
  expect(await scene.serving()).toBe(champion);
});

story(
  "a worker killed in the canary: the tick adopts the rollout, and Airflow's next attempt finds it done",
  async (scene) => {
    await scene.say("resume", scene.policy, "--because", "a story");
    const run = await scene.begin();
    await scene.entered(run, "canary");
    // Ten seconds of it, so that there is somebody to be killed.
    scene.pace(6);
    expect(await scene.killWorker("stage.canary")).toBeGreaterThan(1);
    scene.pace(60);
    let adopted = "";
    for (let tries = 0; tries < 12 && adopted === ""; tries += 1) {
      const tick = await scene.ticked();
      const attempts = (await scene.airflow.tasks(scene.tick, tick))["tick"]?.try_number ?? 1;
      const path = `dags/${scene.tick}/dagRuns/${encodeURIComponent(tick)}/taskInstances/tick/logs/${attempts}`;
      if (JSON.stringify((await scene.airflow.call("GET", path)).body).includes("goes on with it")) adopted = tick;
      else await sleep(5_000);
    }
    expect(adopted).not.toBe("");
    const told = await scene.told(run, 600);
    expect(told).toMatchObject({ outcome: "promoted", state: "success" });
    expect(told.tries["stage_canary"]).toBeGreaterThan(1);
  },
);

story("a scheduler killed in the shadow and started again carries the run to its end", async (scene) => {
  const run = await scene.begin();
  await scene.entered(run, "shadow");
  await scene.airflow.end("scheduler", "SIGKILL");
  scene.airflow.start("scheduler");
  const told = await scene.told(run, 600);
  expect(told).toMatchObject({ outcome: "promoted", state: "success" });
  const registered = (await scene.world.records(["effect"])).filter(
    (record) => record.run === run && (record.body as { effect?: string }).effect === "registered",
  );
  expect(registered).toHaveLength(1);
});

story("a ledger that is down for half a minute in the canary holds the share, and nothing is lost", async (scene) => {
  const { ledger } = scene.world.plan.bindings;
  if (ledger.kind !== "sqlite") throw new Error("the tests' Airflow has a ledger of SQLite");
  const run = await scene.begin();
  await scene.entered(run, "canary");
  const down = new DatabaseSync(join(scene.world.root, ledger.path));
  down.exec("PRAGMA busy_timeout = 10000; BEGIN EXCLUSIVE");
  const during: number[] = [];
  for (let second = 0; second < 30; second += 1) {
    during.push((await scene.world.route()).share);
    await sleep(1_000);
  }
  down.exec("ROLLBACK");
  down.close();
  const told = await scene.told(run, 600);
  expect(told).toMatchObject({ outcome: "promoted", state: "success" });
  expect(new Set(during.slice(5)).size).toBe(1);
});

story("everything stops when it is told to, and leaves no process behind", async (open) => {
  const scheduled = (await open.airflow.runs(open.tick)).filter((run) => run.run_type === "scheduled");
  expect(scheduled.length).toBeGreaterThan(0);
  scene = undefined;
  expect(await open.close()).toEqual([]);
});
