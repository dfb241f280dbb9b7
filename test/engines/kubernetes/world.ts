import { chownSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseAllDocuments } from "yaml";
import { engineName } from "../../../compiler/plan/engine-name.ts";
import { policyName, tickName } from "../../../targets/argo/names.ts";
import { EngineWorld, type StepStory, type WorldOrder } from "../../support/engine-world.ts";
import type { PostgresServer } from "../../support/postgres.ts";
import { apply, type Kind } from "./api.ts";
import { NAMESPACE, places, USER } from "./places.ts";
import { hasEnded, removeAll, submitFrom, suspendCron, untilWorkflow, type Workflow, workflows } from "./workflow.ts";

const committed = join(import.meta.dirname, "../pipelines/argo/argo");

/** The tests' world on the cluster: its folder is the disk of the pods, its ledger a server that they reach, and what runs are the generated files as they were committed. */
export class ClusterWorld {
  readonly world: EngineWorld;
  /** Name of the policy's CronWorkflow. */
  readonly cron: string;

  private constructor(world: EngineWorld) {
    this.world = world;
    this.cron = tickName(world.policy);
  }

  static async open(server: PostgresServer, order: Pick<WorldOrder, "policy" | "shape"> = {}): Promise<ClusterWorld> {
    await removeAll();
    for (const name of readdirSync(places.volume)) rmSync(join(places.volume, name), { recursive: true });
    // The pods' user owns what the pods write; a model server of this machine only reads it.
    for (const folder of [".retrain", ".retrain/runs", ".retrain/registry", ".retrain/serving"]) {
      mkdirSync(join(places.volume, folder));
      chownSync(join(places.volume, folder), USER, USER);
    }
    chownSync(places.volume, USER, USER);
    const ledger = await server.database();
    const world = await EngineWorld.open({ root: places.volume, environment: "argo", ledger, ...order });
    const data = { "ledger-url": Buffer.from(ledger).toString("base64") };
    await apply(object("Secret", "retrain", { data }));
    const own = new ClusterWorld(world);
    await own.tellClock();
    await own.deploy();
    // Ticks come when the story says; one story lets the clock fire.
    await suspendCron(own.cron, true);
    return own;
  }

  /** Applies the generated files, document by document, as `kubectl apply --server-side` does. */
  async deploy(folder = committed): Promise<void> {
    const part = policyName(this.world.policy);
    for (const name of ["access", "retrain", "tick"]) {
      const [file, ...more] = globSync(join(folder, `${part}-${name}.yaml`));
      if (file === undefined || more.length > 0) throw new Error(`${part}-${name}.yaml is not there`);
      for (const document of parseAllDocuments(readFileSync(file, "utf8"))) {
        const object = document.toJS() as Kind;
        await apply(object, JSON.stringify(object));
      }
    }
  }

  /** The policy is changed, compiled and applied. */
  async recompile(change: (text: string) => string): Promise<void> {
    const file = join(this.world.root, `${this.world.policy}.retrain`);
    const text = readFileSync(file, "utf8");
    if (change(text) === text) throw new Error("the change changes nothing");
    writeFileSync(file, change(text));
    await this.compileAgain();
  }

  /** The policy as it stands now is compiled by the command, and applied. */
  async compileAgain(): Promise<void> {
    const compiled = await this.world.say("compile", "--target", "argo", "--out-dir", "compiled");
    if (compiled.code !== 0) throw new Error(compiled.said);
    await this.deploy(join(this.world.root, "compiled/argo"));
    await suspendCron(this.cron, true);
  }

  /** Tells pods that start from now on the world's clock. */
  async tellClock(): Promise<void> {
    await apply(object("ConfigMap", "retrain-testing", { data: { clock: this.world.clock } }));
  }

  /** A tick to its end: what the CronWorkflow would start. */
  async tick(): Promise<Workflow> {
    return untilWorkflow(await submitFrom(this.cron), hasEnded);
  }

  /** A person's order to retrain. */
  async order(because: string): Promise<void> {
    const { code, said } = await this.world.say("run", this.world.policy, "--because", because);
    if (code !== 0) throw new Error(said);
  }

  /** An order, and the tick that makes a run of it; gives the run's name. */
  async beginRun(told: Partial<StepStory> = {}): Promise<string> {
    this.world.story(told);
    await this.order("the story asks for it");
    const before = new Set((await this.runs()).map((run) => run));
    const tick = await this.tick();
    if (tick.status?.phase !== "Succeeded") throw new Error(`the tick: ${JSON.stringify(tick.status)}`);
    const [run] = (await this.runs()).filter((one) => !before.has(one));
    if (run === undefined) throw new Error("the tick has started no run");
    return run;
  }

  /** Names of the runs that the ledger knows, oldest first. */
  async runs(): Promise<readonly string[]> {
    return (await this.world.records(["run_started"])).map(({ run }) => run ?? "");
  }

  /** Name of a run's workflow. */
  workflowOf(run: string): string {
    return engineName(run, 63);
  }

  /** A run to its end, as Argo tells it. */
  ended(run: string, seconds = 300): Promise<Workflow> {
    return untilWorkflow(this.workflowOf(run), hasEnded, seconds);
  }

  async run(told: Partial<StepStory> = {}): Promise<Workflow> {
    return this.ended(await this.beginRun(told));
  }

  /** Waits until the ledger holds such a line of its decisions. */
  async untilDecided(line: string | RegExp, seconds = 180): Promise<void> {
    const end = performance.now() + seconds * 1000;
    for (;;) {
      const trace = await this.world.trace().catch(() => []);
      if (trace.some((one) => (typeof line === "string" ? one === line : line.test(one)))) return;
      if (performance.now() > end) throw new Error(`not decided within ${seconds} s: ${line}\n${trace.join("\n")}`);
      await sleep(300);
    }
  }

  close(): Promise<void> {
    return this.world.close();
  }

  /** Workflows of the policy's runs, without ticks. */
  async runWorkflows(): Promise<readonly Workflow[]> {
    return (await workflows()).filter(({ metadata }) => !metadata.name.startsWith(`${this.cron}-`));
  }
}

const object = (kind: string, name: string, rest: object): Kind => ({
  apiVersion: "v1",
  kind,
  metadata: { name, namespace: NAMESPACE },
  ...rest,
});
