import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunEnded, StepEnded } from "../../../../runtime/engine/run-records.ts";
import { EngineWorld } from "../../../support/engine-world.ts";
import { type PostgresServer, startPostgres } from "../../../support/postgres.ts";
import { processesWith, Standalone, type Version } from "./standalone.ts";

const repository = join(import.meta.dirname, "../../../..");
const committed = join(repository, "test/engines/pipelines");

type Policy = "flights" | "flights_approved";

/** A run as the stories look at it. */
export interface Told {
  readonly run: string;
  /** Word of each node, by the ledger. */
  readonly words: Readonly<Record<string, string>>;
  /** How it ended, by the ledger. */
  readonly outcome: string | undefined;
  /** State of the run and of its tasks, by Airflow's API. */
  readonly state: string;
  readonly tasks: Readonly<Record<string, string | null>>;
  readonly tries: Readonly<Record<string, number>>;
}

/** A world of the tests' policies under a real Airflow with the committed files. Everything is told to Airflow by its API and to retrain by its command; what came of it is read from that API and the ledger. */
export class Scene {
  readonly world: EngineWorld;
  readonly airflow: Standalone;
  readonly policy: Policy;
  readonly #database: PostgresServer | undefined;

  private constructor(world: EngineWorld, airflow: Standalone, policy: Policy, database: PostgresServer | undefined) {
    this.world = world;
    this.airflow = airflow;
    this.policy = policy;
    this.#database = database;
  }

  static async open(version: Version, policy: Policy): Promise<Scene | undefined> {
    const root = mkdtempSync(join(tmpdir(), "retrain-airflow-"));
    const environment = version === "2.11" && policy === "flights_approved" ? "airflow_2_11" : "airflow";
    const world = await EngineWorld.open({ root, environment, policy });
    const dags = join(root, "pipelines/airflow");
    mkdirSync(dags, { recursive: true });
    copyFileSync(join(committed, environment, "airflow", `${policy}.py`), join(dags, `${policy}.py`));
    const database = version === "2.11" ? await startPostgres() : undefined;
    const airflow = await Standalone.open({
      version,
      home: join(root, "airflow"),
      dags,
      variables: { PATH: world.path },
      ...(database === undefined ? {} : { database: await database.database() }),
    });
    if (airflow === undefined) {
      await world.close();
      await database?.stop();
      return undefined;
    }
    const scene = new Scene(world, airflow, policy, database);
    // The workers' surroundings are settled when Airflow starts; the policy's clock is put to another pace later.
    const runtime = join(root, "bin/retrain-runtime");
    rmSync(runtime);
    writeFileSync(
      runtime,
      `#!/bin/sh\nRETRAIN_CLOCK=$(cat ${root}/clock)\nexport RETRAIN_CLOCK\nexec ${join(repository, "dist/retrain-runtime.js")} "$@"\n`,
    );
    chmodSync(runtime, 0o755);
    scene.pace(60);
    return scene;
  }

  /** Seconds of the policy's clock in a real one, from now on. */
  pace(factor: number): void {
    this.world.setClock(new Date(this.world.now()).toISOString(), factor);
    writeFileSync(join(this.world.root, "clock"), this.world.clock);
  }

  /** Version that answers most requests: until an old champion is let go, the route names both. */
  async serving(): Promise<string | undefined> {
    const { champion, challenger, share } = await this.world.route();
    return share === 1 ? challenger : champion;
  }

  get tick(): string {
    return `${this.policy}_tick`;
  }

  get retrain(): string {
    return `${this.policy}_retrain`;
  }

  /** A person orders a run. */
  async order(): Promise<void> {
    await this.say("run", this.policy, "--because", "a story");
  }

  async say(...words: readonly string[]): Promise<void> {
    const { code, said } = await this.world.say(...words);
    if (code !== 0) throw new Error(said);
  }

  /** Names of the runs that the ledger knows, the oldest first. */
  async started(): Promise<readonly string[]> {
    return (await this.world.records(["run_started"])).map(({ run }) => run ?? "");
  }

  /** Starts a tick now, beside those of the cron; gives its id when it has ended. */
  async ticked(): Promise<string> {
    const tick = await this.airflow.trigger(this.tick);
    await this.airflow.over(this.tick, tick);
    return tick;
  }

  /** Orders a run, ticks, and gives the name of the run that Airflow then has. */
  async begin(train: Parameters<EngineWorld["story"]>[0]["train"] = "well"): Promise<string> {
    this.world.story({ train });
    const before = await this.started();
    await this.order();
    for (let tries = 0; tries < 5; tries += 1) {
      await this.ticked();
      const run = (await this.started()).at(-1);
      if (run !== undefined && !before.includes(run)) return run;
    }
    throw new Error("no tick started the run that was ordered");
  }

  /** Waits for a run's end in Airflow. */
  async told(run: string, seconds?: number): Promise<Told> {
    const { state } = await this.airflow.over(this.retrain, run, seconds);
    const tasks = await this.airflow.tasks(this.retrain, run);
    const each = <Value>(value: (id: string) => Value) =>
      Object.fromEntries(Object.keys(tasks).map((id) => [id, value(id)]));
    const records = (await this.world.records(["step_ended", "run_ended"])).filter((record) => record.run === run);
    const ended = records.find(({ kind }) => kind === "run_ended")?.body as RunEnded | undefined;
    return {
      run,
      words: Object.fromEntries(
        records
          .filter(({ kind }) => kind === "step_ended")
          .map(({ body }) => [(body as StepEnded).node, (body as StepEnded).word]),
      ),
      outcome: ended?.outcome,
      state,
      tasks: each((id) => tasks[id]?.state ?? null),
      tries: each((id) => tasks[id]?.try_number ?? 0),
    };
  }

  /** Waits until the ledger's records satisfy something. */
  async until(what: string, holds: () => Promise<boolean>, seconds = 240): Promise<void> {
    for (const until = Date.now() + seconds * 1_000; !(await holds()); ) {
      if (Date.now() > until) throw new Error(`never seen: ${what}`);
      await sleep(200);
    }
  }

  /** Waits until a run's rollout has entered a stage. */
  async entered(run: string, stage: string): Promise<void> {
    await this.until(`${run} in ${stage}`, async () => {
      const records = await this.world.records(["stage_entered", "stage_ended", "decision"]);
      return records.some(
        (record) =>
          record.run === run &&
          (
            (record.body as { rollout?: { happened: readonly { kind: string; stage: string }[] } }).rollout?.happened ??
            []
          ).some((one) => one.kind === "entered" && one.stage === stage),
      );
    });
  }

  /** Ends the process of a node, and every process of the worker that waits for it, as a machine's death would. */
  async killWorker(node: string): Promise<number> {
    const isIt = (command: string) => command.includes("retrain-runtime") && command.includes(`--node ${node}`);
    await this.until(`a process of ${node}`, async () =>
      processesWith(this.world.root).some(({ command }) => isIt(command)),
    );
    // On 2.11 a process that has renamed itself shows no surroundings: its parents are found among all.
    const all = processesWith("");
    const scheduler = this.airflow.pid("scheduler");
    const [first] = processesWith(this.world.root).filter(({ command }) => isIt(command));
    const doomed: number[] = [];
    for (let now = first; now !== undefined && now.pid !== scheduler; ) {
      doomed.push(now.pid);
      const { parent } = now;
      now = all.find(({ pid }) => pid === parent);
    }
    // The one that waits goes before the one that it waits for.
    for (const pid of doomed.toReversed()) process.kill(pid, "SIGKILL");
    return doomed.length;
  }

  /** Stops everything; gives what is left of it. */
  async close(): Promise<readonly string[]> {
    await this.airflow.close();
    await this.world.close();
    await this.#database?.stop();
    await sleep(500);
    const left = processesWith(this.world.root).map(({ command }) => command);
    // What is left over is looked at where something went wrong.
    if (left.length === 0 && process.env["RETRAIN_KEEP"] === undefined)
      rmSync(this.world.root, { recursive: true, force: true });
    return left;
  }
}
