import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { Engines } from "../../../compiler/plan/engines.ts";
import { emit } from "../../../targets/kfp/emit.ts";
import type { Options } from "../../faults/rehearsal/options.ts";
import { missingPostgres, type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { StepWorld } from "../../support/step-world.ts";
import { environmentOf } from "../setup/python.ts";
import { kfpApi } from "./api.ts";
import { type LocalRun, runLocally } from "./local-run.ts";

const environment = await environmentOf("kfp");
const repository = join(import.meta.dirname, "../../..");
const MOUNT = "/mnt/retrain-steps";
const LONG = 300_000;

let postgres: PostgresServer | undefined;

beforeAll(async () => {
  if (missingPostgres === undefined) postgres = await startPostgres();
  else if (process.env["CI"] === "true") throw new Error(missingPostgres);
  else process.stderr.write(`NOT RUN: ${missingPostgres}\n`);
}, LONG);

afterAll(async () => {
  await postgres?.stop();
});

interface Ran {
  readonly tick: LocalRun;
  readonly retrain: LocalRun;
  readonly run: string;
}

/** A world whose ledger is a real server and whose runs are carried out by Kubeflow's local orchestrator: first the pipeline of the tick, which asks the API for a run, then the pipeline of the run, with the parameters that were asked for. */
async function openWorld(server: PostgresServer, change: (text: string) => string = (text) => text) {
  if (environment === undefined) throw new Error("no environment");
  const api = await kfpApi("parcels-retrain");
  onTestFinished(() => api.close());
  const address = await server.database();
  const withImages = (text: string) => text.replaceAll("command [", `image "local.test/steps:1"\n    command [`);
  const world = await StepWorld.open((text) => withImages(change(text)), address, {
    ledger: { kind: "postgres", secret: "retrain/ledger-url" },
    runtimeImage: "local.test/retrain-runtime:1",
    engines: Engines.parse({ kfp: { api: api.url, volume: { claim: "work", mount: MOUNT } } }),
  });
  const bin = join(world.root, "bin");
  mkdirSync(bin);
  const runtime = join(repository, "dist/retrain-runtime.js");
  chmodSync(runtime, 0o755);
  symlinkSync(runtime, join(bin, "retrain-runtime"));
  const start = (name: string, parameters: Readonly<Record<string, string>>): Promise<LocalRun> => {
    for (const { path, text } of emit(world.plan)) writeFileSync(join(world.root, path.replace("kfp/", "")), text);
    return runLocally(environment, {
      file: join(world.root, `${name}.yaml`),
      parameters,
      mount: MOUNT,
      folder: world.root,
      environment: {
        PATH: `${bin}:${join(repository, "node_modules/.bin")}:${process.env["PATH"] ?? ""}`,
        RETRAIN_CLOCK: world.clock,
        RETRAIN_LEDGER_URL: address,
      },
    });
  };
  const run = async (options: Partial<Options> = {}): Promise<Ran> => {
    world.options(options);
    await world.order();
    const before = api.created.length;
    const tick = await start("parcels-tick", {});
    const [asked, ...more] = api.created.slice(before);
    if (asked === undefined || more.length > 0)
      throw new Error(`${api.created.length - before} runs asked for: ${tick.log}`);
    const retrain = await start("parcels-retrain", asked.runtime_config.parameters);
    return { tick, retrain, run: asked.display_name };
  };
  return { world, api, run, start };
}

/** The steps that an engine started, by node, with their exit codes. */
const steps = ({ started }: LocalRun): string[] =>
  started.map(({ words, code }) => {
    const node = words.includes("--node")
      ? words[words.indexOf("--node") + 1]
      : words.find((word) => /^(?:tick|finish)$|\/(?:train|evaluate)\.run\.ts$/.test(word));
    return `${node?.replace(/^.*\/(train|evaluate)\.run\.ts$/, "$1")} ${code}`;
  });

/** What the ledger says of the run: the word of each node, and how it ended. */
async function trace(
  world: StepWorld,
  run: string,
): Promise<{ readonly nodes: readonly string[]; readonly outcome: unknown }> {
  const records = await world.records(["step_ended", "run_ended"]);
  const own = records.filter((record) => record.run === run);
  return {
    nodes: own.filter(({ kind }) => kind === "step_ended").map(({ body }) => `${body["node"]} ${body["word"]}`),
    outcome: own.find(({ kind }) => kind === "run_ended")?.body["outcome"],
  };
}

it(
  "Kubeflow's orchestrator carries a run from the tick to the promotion, and a second tick asks for nothing",
  async () => {
    if (environment === undefined || postgres === undefined) return;
    const { world, api, run, start } = await openWorld(postgres);
    const ran = await run();
    expect(steps(ran.tick)).toEqual(["tick 0"]);
    expect([ran.retrain.state, ran.retrain.log.includes("rror:")]).toEqual(["SUCCEEDED", false]);
    expect(steps(ran.retrain)).toEqual([
      "snapshot 0",
      "validate.parcels_shipped 0",
      "train 0",
      "evaluate 0",
      "gate.offline 0",
      "register 0",
      "stage.shadow 0",
      "stage.canary 0",
      "stage.full 0",
      "finish 0",
    ]);
    expect(await trace(world, ran.run)).toEqual({
      nodes: [
        "snapshot ready",
        "validate.parcels_shipped pass",
        "train done",
        "evaluate done",
        "gate.offline pass",
        "register done",
        "stage.shadow advance",
        "stage.canary advance",
        "stage.full advance",
      ],
      outcome: "promoted",
    });
    await start("parcels-tick", {});
    expect(api.created).toHaveLength(1);
    // The same run once more, as an API without names that collide may start it: nothing happens, and that is no failure.
    const again = await start("parcels-retrain", { run: ran.run });
    expect([again.state, steps(again)]).toEqual(["SUCCEEDED", ["snapshot 0", "finish 0"]]);
  },
  LONG,
);

it(
  "a refused challenger is a success of the pipeline, whose groups after the gate do not run",
  async () => {
    if (environment === undefined || postgres === undefined) return;
    const { world, run } = await openWorld(postgres);
    const { retrain, run: name } = await run({ train: "weak" });
    expect(retrain.state, retrain.log).toBe("SUCCEEDED");
    expect(steps(retrain).slice(-2)).toEqual(["gate.offline 0", "finish 0"]);
    expect(await trace(world, name)).toMatchObject({ outcome: "refused" });
  },
  LONG,
);

it(
  "a validation that fails stops the run before train",
  async () => {
    if (environment === undefined || postgres === undefined) return;
    const { world, run } = await openWorld(postgres, (text) =>
      text.replace("require rows >= 1_000", "require rows >= 50_000"),
    );
    const { retrain, run: name } = await run();
    expect([retrain.state, steps(retrain)]).toEqual([
      "SUCCEEDED",
      ["snapshot 0", "validate.parcels_shipped 0", "finish 0"],
    ]);
    expect(await trace(world, name)).toEqual({
      nodes: ["snapshot ready", "validate.parcels_shipped fail"],
      outcome: "validation_stopped",
    });
  },
  LONG,
);

it(
  "a train step that fails for good fails the run, and the exit task says so in the ledger",
  async () => {
    if (environment === undefined || postgres === undefined) return;
    const { world, run } = await openWorld(postgres, (text) =>
      text.replace("train {", "train {\n    retry 1 times backoff 1s..2s"),
    );
    const { retrain, run: name } = await run({ train: "fail" });
    expect(retrain.state).toMatch(/^FAILED/);
    const found = steps(retrain);
    expect(found.filter((step) => /^train [1-9]/.test(step))).toHaveLength(2);
    expect(found).not.toContain("evaluate 0");
    // The exit task fails too, so that the run is red on every engine; it is tried again, and stays so.
    expect(found.at(-1)).toBe("finish 3");
    expect(await trace(world, name)).toMatchObject({ outcome: "failed" });
  },
  LONG,
);

it(
  "a challenger that throws in its canary is rolled back, which is a success of the pipeline",
  async () => {
    if (environment === undefined || postgres === undefined) return;
    const { world, run } = await openWorld(postgres);
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
    const { retrain, run: name } = await run({ train: "brittle" });
    expect(retrain.state, retrain.log).toBe("SUCCEEDED");
    const { nodes, outcome } = await trace(world, name);
    expect([nodes.at(-1), outcome]).toEqual(["stage.canary rolled_back", "rolled_back"]);
    // The stages stand in a straight line: the last one reads that the rollout is over.
    expect(steps(retrain).slice(-3)).toEqual(["stage.canary 0", "stage.full 0", "finish 0"]);
    expect(await (await fetch(`${world.url}/route`)).json()).toMatchObject({ champion: "1", share: 0 });
  },
  LONG,
);
