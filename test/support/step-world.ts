import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Bindings } from "../../compiler/plan/bindings.ts";
import { handedOver, type Invocation, runtimeArguments } from "../../compiler/plan/command-line.ts";
import { Engines } from "../../compiler/plan/engines.ts";
import type { Node } from "../../compiler/plan/graph.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import type { Ledger } from "../../runtime/ledger/ledger.ts";
import { openLedger } from "../../runtime/ledger/open.ts";
import { testingClock } from "../../runtime/steps/testing-clock.ts";
import { type Segment, told } from "../../targets/shared/handover.ts";
import { writeData } from "../faults/rehearsal/data.ts";
import { type Options, WELL } from "../faults/rehearsal/options.ts";
import { policyText } from "../faults/rehearsal/policy.ts";
import { parcel } from "../faults/rehearsal/rows.ts";
import { planOf } from "./fixture-plan.ts";
import { temporaryFolder } from "./folder.ts";
import { localBindings } from "./local-bindings.ts";
import { startServer } from "./model-server.ts";

export const COMMAND = join(import.meta.dirname, "../../dist/retrain-runtime.js");

/** Seconds of the policy's clock in one real second. */
const PACE = 60;

/** What a step came to. */
export interface Stepped {
  readonly code: number | null;
  readonly word: string;
  readonly said: string;
  readonly values: Readonly<Record<string, string>>;
}

/** The parcels policy with stages of minutes, which are seconds here. */
function shortPolicy(change: (text: string) => string): string {
  const text = policyText({ proxy: 0, server: 0, world: 9 })
    .replace(
      "mirror 100% for 1h..6h at least 100 pairs check every 15m",
      "mirror 100% for 1m..20m at least 300 pairs check every 10s",
    )
    .replace(
      "traffic 50% for 1h..6h at least 100 requests check every 15m",
      "traffic 50% for 1m..20m at least 100 requests check every 10s",
    )
    .replace(
      "traffic 100% check every 15m watch 1h keep champion 3h",
      "traffic 100% check every 10s watch 1m keep champion 3h",
    )
    .replace("300 requests per 1h", "300 requests per 1m")
    .replace(/ {2}notify \{[^}]*\}\n/, "");
  return change(text);
}

/**
 * An engine in small, in a folder of its own: a model server with requests, and processes of the built command for a plan's nodes, one process a node, in
 * the order of the edges. It knows of the runtime what an engine knows: command lines, exit codes, words.
 */
export class StepWorld {
  readonly root: string;
  readonly url: string;
  plan: PipelinePlan;
  clock = "";
  /** The built command. */
  command = COMMAND;
  #requests: NodeJS.Timeout | undefined;
  #number = 0;
  #renamed = false;
  #address: string | undefined;

  readonly #given: Partial<Bindings>;

  private constructor(root: string, url: string, plan: PipelinePlan, given: Partial<Bindings>) {
    this.#given = given;
    this.root = root;
    this.url = url;
    this.plan = plan;
  }

  /** @param address of a server of PostgreSQL for the ledger; SQLite where absent @param given bindings other than those of an engine on this machine */
  static async open(
    change: (text: string) => string = (text) => text,
    address?: string,
    given: Partial<Bindings> = {},
  ): Promise<StepWorld> {
    const root = temporaryFolder();
    mkdirSync(join(root, "data"));
    await writeData(join(root, "data/parcels.parquet"));
    const folders = { folder: join(root, ".retrain/serving"), registryFolder: join(root, ".retrain/registry") };
    const { url } = await startServer(folders);
    const world = new StepWorld(root, url, StepWorld.#compile(url, change, address, given), given);
    world.#address = address;
    world.options({});
    world.setClock("2024-03-05T08:00:00Z");
    world.#ask();
    return world;
  }

  static #compile(
    url: string,
    change: (text: string) => string,
    address: string | undefined,
    given: Partial<Bindings>,
  ): PipelinePlan {
    const bindings = localBindings("parcels");
    return planOf(shortPolicy(change), {
      ...bindings,
      environment: "engine",
      ...(address === undefined ? {} : { ledger: { kind: "postgres", secret: "retrain/ledger-url" } as const }),
      registry: { kind: "local", name: "parcels", folder: ".retrain/registry" },
      serving: { kind: "local", name: "parcels", url, folder: ".retrain/serving" },
      testing: true,
      engines: Engines.parse({ airflow: {} }),
      ...given,
    });
  }

  /** The policy was changed and compiled again. */
  compile(change: (text: string) => string): void {
    this.plan = StepWorld.#compile(this.url, change, this.#address, this.#given);
  }

  /** What the author's steps do from now on. */
  options(options: Partial<Options>): void {
    writeFileSync(join(this.root, "options.json"), JSON.stringify({ ...WELL, pause: 0, ...options }));
  }

  /** Puts the policy's clock to an instant. */
  setClock(instant: string, pace = PACE): void {
    this.clock = `${instant}/${new Date().toISOString()}/x${pace}`;
  }

  /** Requests name a region that no version has seen in training. */
  rename(): void {
    this.#renamed = true;
  }

  get chain(): string {
    return `engine/${this.plan.policy.name}`;
  }

  ledger(): Promise<Ledger> {
    if (this.#address !== undefined) {
      mkdirSync(join(this.root, ".retrain/secrets/retrain"), { recursive: true });
      writeFileSync(join(this.root, ".retrain/secrets/retrain/ledger-url"), this.#address);
    }
    return openLedger(this.plan.bindings.ledger, this.root);
  }

  /** A person's order to retrain. */
  async order(because = "the first model"): Promise<void> {
    const ledger = await this.ledger();
    const body = { command: "run", because, by: "somebody@here (claimed)" };
    const at = testingClock(this.clock).now();
    await ledger.append({ chain: this.chain, key: `command/run/${this.#number++}`, kind: "command", at, body });
    await ledger.close();
  }

  /** The lease of a run whose process is gone is free, as it is a minute later. */
  async expire(run: string): Promise<void> {
    const ledger = await this.ledger();
    const lease = await ledger.acquire(this.chain, `run/${run}`, 1_000);
    if ("held" in lease) throw new Error(`${lease.holder} has the lease`);
    await ledger.release(lease);
    await ledger.close();
  }

  /** Waits until the ledger holds a record of a run. */
  async seen(kind: Parameters<Ledger["append"]>[0]["kind"], run: string): Promise<void> {
    while (!(await this.records([kind])).some((record) => record.run === run)) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** A run by hand from its start to its end. */
  async run(options: Partial<Options> = {}): Promise<Driven & { readonly run: string }> {
    const run = await this.start(options);
    return { run, ...(await this.drive(run)) };
  }

  async start(options: Partial<Options> = {}): Promise<string> {
    this.options(options);
    await this.order();
    const { word, values, said } = await this.tick();
    if (word !== "started") throw new Error(said);
    return values["run"] ?? "";
  }

  async tick(): Promise<Stepped> {
    const file = join(this.root, `plan-${this.plan.policy.digest}.json`);
    writeFileSync(file, JSON.stringify(this.plan));
    return this.step({ verb: "tick", engine: "airflow", plan: ["--plan", file] }, ["run"]);
  }

  /** One process of the command, as an engine starts it. */
  async step(invocation: Invocation, values: readonly string[] = [], more: readonly string[] = []): Promise<Stepped> {
    const { ended } = this.begin(invocation, values, more);
    return ended;
  }

  /** @param more words that the engine adds */
  begin(
    invocation: Invocation,
    values: readonly string[] = [],
    more: readonly string[] = [],
  ): { child: ChildProcess; ended: Promise<Stepped> } {
    const out = join(this.root, `out-${this.#number++}`);
    const words = [...runtimeArguments(this.plan, invocation), "--word", join(out, "word"), ...more];
    for (const name of values) words.push("--value", `${name}=${join(out, "values", name)}`);
    const child = spawn(process.execPath, [this.command, ...words], {
      cwd: this.root,
      env: {
        ...process.env,
        RETRAIN_CLOCK: this.clock,
        ...(this.#address === undefined ? {} : { RETRAIN_LEDGER_URL: this.#address }),
      },
      stdio: ["ignore", "ignore", "pipe"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    let said = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    const read = (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : "");
    const ended = new Promise<Stepped>((resolve) => {
      child.on("close", (code) => {
        const handed = values.map((name) => [name, read(join(out, "values", name))] as const);
        resolve({ code, word: read(join(out, "word")), said, values: Object.fromEntries(handed) });
      });
    });
    return { child, ended };
  }

  /** Runs a verb of a run's graph, with the values that the engine keeps of its snapshot. */
  verb(node: Extract<Node, { kind: "verb" }>, run: string): Promise<Stepped> {
    const values = node.verb === "snapshot" ? handedOver(this.plan) : [];
    return this.step({ verb: node.verb, node: node.id, run }, values);
  }

  node(id: string): Extract<Node, { kind: "verb" }> {
    const node = this.plan.retrain.nodes.find((one) => one.id === id);
    if (node?.kind !== "verb") throw new Error(`no verb ${id}`);
    return node;
  }

  /** Follows a run's edges from its first node, or from another, up to `until` (not taken); then comes the exit task, unless it stopped there. */
  async drive(run: string, order: { readonly from?: string; readonly until?: string } = {}): Promise<Driven> {
    const { nodes, edges } = this.plan.retrain;
    const steps: [node: string, word: string][] = [];
    let values = this.#values.get(run) ?? {};
    let node = order.from === undefined ? nodes[0] : nodes.find((one) => one.id === order.from);
    let failed: Stepped | undefined;
    while (node !== undefined && node.id !== order.until) {
      const now: Node = node;
      const stepped = now.kind === "verb" ? await this.verb(now, run) : await this.author(now, run, values);
      if (now.id === "snapshot") values = stepped.values;
      this.#values.set(run, values);
      steps.push([now.id, stepped.word]);
      if (stepped.code !== 0) failed = stepped;
      const edge = edges.find((one) => one.from === now.id && one.word === stepped.word);
      node = failed === undefined && edge !== undefined ? nodes.find((one) => one.id === edge.to) : undefined;
    }
    if (order.until !== undefined && node !== undefined) return { steps, failed };
    return { steps, failed, finish: await this.step({ verb: "finish", run }) };
  }

  readonly #values = new Map<string, Readonly<Record<string, string>>>();

  /** The author's step, as the generated files tell it. */
  async author(
    node: Extract<Node, { kind: "step" }>,
    run: string,
    values: Readonly<Record<string, string>>,
  ): Promise<Stepped> {
    const { command, environment } = told(this.plan, node, join(this.root, this.plan.bindings.work), this.root);
    const write = (segments: readonly Segment[]) =>
      segments
        .map((one) => (one.kind === "text" ? one.text : one.kind === "run" ? run : (values[one.name] ?? "?")))
        .join("");
    const [program = "", ...words] = command.map(write);
    const env = Object.fromEntries(environment.map(({ name, value }) => [name, write(value)]));
    const child = spawn(program === "node" ? process.execPath : program, words, {
      cwd: this.root,
      env: { ...process.env, ...env },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    return new Promise((resolve) => {
      child.on("close", (code) => resolve({ code, word: code === 0 ? "done" : "", said, values: {} }));
    });
  }

  /** Sends requests at the policy's time for as long as the test runs: about 400 a second. */
  #ask(): void {
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    let index = 0;
    const send = () => {
      for (let number = 0; number < 4; number += 1) {
        const now = testingClock(this.clock).now();
        const features = parcel(index, now);
        const region = this.#renamed && index % 3 === 0 ? "west" : features.region;
        const sent = request(new URL("/predict", this.url), {
          agent,
          method: "POST",
          headers: { "content-type": "application/json", "retrain-clock": new Date(now).toISOString() },
        });
        sent.on("response", (answer) => answer.resume());
        sent.on("error", () => {});
        sent.end(JSON.stringify({ key: `r${index++}`, features: { ...features, region } }));
      }
    };
    this.#requests = setInterval(send, 10);
    onTestFinished(() => {
      clearInterval(this.#requests);
      agent.destroy();
    });
  }

  /** Bodies of a run's records of some kinds, in order. */
  async records(
    kinds: Parameters<Ledger["list"]>[0]["kinds"],
  ): Promise<readonly { kind: string; run?: string; key: string; body: Record<string, unknown> }[]> {
    const ledger = await this.ledger();
    try {
      const found = await ledger.list({ chain: this.chain, ...(kinds === undefined ? {} : { kinds }) });
      return found.map(({ kind, run, key, body }) => ({
        kind,
        key,
        ...(run === undefined ? {} : { run }),
        body: body as Record<string, unknown>,
      }));
    } finally {
      await ledger.close();
    }
  }
}

export interface Driven {
  readonly steps: readonly (readonly [node: string, word: string])[];
  /** The step after which the engine stopped. */
  readonly failed: Stepped | undefined;
  readonly finish?: Stepped;
}
