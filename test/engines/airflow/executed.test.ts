import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import type { Options } from "../../faults/rehearsal/options.ts";
import { StepWorld } from "../../support/step-world.ts";
import { environmentOf, type PythonEnvironment } from "../setup/python.ts";
import { AirflowInstance } from "./instance.ts";

const LONG = 600_000;
const RETRAIN = "parcels_retrain";

/** A world whose runs are carried out by a real Airflow: the DAG of the tick, which triggers the run, then the DAG of the run. */
async function openWorld(environment: PythonEnvironment, change: (text: string) => string = (text) => text) {
  const world = await StepWorld.open(change);
  const airflow = await AirflowInstance.open(environment, world);
  const run = async (options: Partial<Options> = {}) => {
    world.options(options);
    await world.order();
    const ticked = await airflow.test("parcels_tick");
    const started = await world.records(["run_started"]);
    const name = started.at(-1)?.run;
    if (name === undefined) throw new Error(ticked.log);
    const { log } = await airflow.test(RETRAIN, name);
    return { name, log, tick: ticked.log };
  };
  return { world, airflow, run };
}

/** What the ledger says of the run: the word of each node, and how it ended. */
async function trace(world: StepWorld, run: string) {
  const own = (await world.records(["step_ended", "run_ended"])).filter((record) => record.run === run);
  return {
    nodes: own.filter(({ kind }) => kind === "step_ended").map(({ body }) => `${body["node"]} ${body["word"]}`),
    outcome: own.find(({ kind }) => kind === "run_ended")?.body["outcome"],
  };
}

const PROMOTED = [
  "snapshot ready",
  "validate.parcels_shipped pass",
  "train done",
  "evaluate done",
  "gate.offline pass",
  "register done",
  "stage.shadow advance",
  "stage.canary advance",
  "stage.full advance",
];

for (const name of ["airflow3", "airflow2"] as const) {
  const environment = await environmentOf(name);

  it(
    `${name} carries a run from the tick to the promotion, and the next challenger to its refusal`,
    async () => {
      if (environment === undefined) return;
      const { world, airflow, run } = await openWorld(environment);
      const first = await run();
      expect(await trace(world, first.name), first.log.slice(-3000)).toEqual({ nodes: PROMOTED, outcome: "promoted" });
      const shown = await airflow.shown(RETRAIN);
      expect(shown?.state).toBe("success");
      expect(new Set(Object.values(shown?.tasks ?? {}))).toEqual(new Set(["success"]));
      // The tick asked Airflow for the run under its own name.
      expect((await airflow.shown("parcels_tick"))?.tasks).toEqual({ tick: "success", start: "success" });
      expect((await airflow.shown(RETRAIN, first.name))?.run).toBe(first.name);
      const second = await run({ train: "weak" });
      expect(await trace(world, second.name)).toMatchObject({ outcome: "refused" });
      const refused = await airflow.shown(RETRAIN);
      expect([refused?.state, refused?.tasks["gate_offline"], refused?.tasks["register"]]).toEqual([
        "success",
        "success",
        "skipped",
      ]);
      expect([refused?.tasks["stage_full"], refused?.tasks["outcome"]]).toEqual(["skipped", "success"]);
    },
    LONG,
  );
}

const environment = await environmentOf("airflow3");

it(
  "a challenger that throws in its canary is rolled back, which is a success of the run",
  async () => {
    if (environment === undefined) return;
    const { world, airflow, run } = await openWorld(environment, (text) =>
      text.replace("train {", "train {\n    retry 1 times backoff 1s..2s"),
    );
    await run();
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    void (async () => {
      // Once the challenger answers live requests they name a region that it has not seen.
      while (!stop.signal.aborted) {
        const { share } = (await (await fetch(`${world.url}/route`)).json()) as { share: number };
        if (share > 0 && share < 1) return world.rename();
        await sleep(100);
      }
    })();
    const back = await run({ train: "brittle" });
    const { nodes, outcome } = await trace(world, back.name);
    expect([nodes.at(-1), outcome], back.log.slice(-3000)).toEqual(["stage.canary rolled_back", "rolled_back"]);
    expect((await airflow.shown(RETRAIN))?.state).toBe("success");
    expect(await (await fetch(`${world.url}/route`)).json()).toMatchObject({ champion: "1", share: 0 });
  },
  LONG,
);

it(
  "a train step that fails for good fails the run, and the outcome says so in the ledger",
  async () => {
    if (environment === undefined) return;
    const { world, airflow, run } = await openWorld(environment, (text) =>
      text.replace("train {", "train {\n    retry 1 times backoff 1s..2s"),
    );
    const failed = await run({ train: "fail" });
    expect(await trace(world, failed.name), failed.log.slice(-3000)).toMatchObject({ outcome: "failed" });
    const shown = await airflow.shown(RETRAIN);
    expect([shown?.state, shown?.tasks["train"], shown?.tasks["outcome"]]).toEqual(["failed", "failed", "failed"]);
  },
  LONG,
);
