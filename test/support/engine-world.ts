import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { Agent, createServer, request, type Server } from "node:http";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { compilePolicy } from "../../compiler/driver/compile.ts";
import { loadProject } from "../../compiler/driver/load-config.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import type { Ledger, LedgerRecord, RecordKind } from "../../runtime/ledger/ledger.ts";
import { openLedger } from "../../runtime/ledger/open.ts";
import { testingClock } from "../../runtime/steps/testing-clock.ts";
import { decisionTrace } from "./decision-trace.ts";
import { departures, FLIGHTS_START, flight, type Shape, writeFlights } from "./flight-rows.ts";

const repository = join(import.meta.dirname, "../..");
const engines = join(repository, "test/engines");
const POLICIES = ["flights.retrain", "flights_approved.retrain"];

/** Where the driver of environment `local` is told of each jump of the clock (test/engines/retrain.config.yaml). */
const PARTICIPANT = 18_099;

/** Seconds of the policy's clock in one real second. A machine that is asked for more than it can do needs more time for the requests of a minute. */
const pace = (): number => ((loadavg()[0] ?? 0) > 4 * availableParallelism() ? 20 : 60);

/** How the author's steps behave; see test/engines/flights/{train,evaluate}.mjs. */
export interface StepStory {
  readonly train: "well" | "weak" | "brittle" | "crash" | "fail" | "nothing" | "hang";
  readonly evaluate: "well" | "slice" | "few" | "nothing";
}

export interface WorldOrder {
  /** Empty folder of the world: what stands for the shared disk of the steps. */
  readonly root: string;
  readonly environment: "local" | "argo" | "kfp" | "airflow" | "airflow_2_11";
  readonly policy?: "flights" | "flights_approved";
  readonly shape?: Shape;
  /** Address of the PostgreSQL database of the ledger; environments `argo` and `kfp` need one. */
  readonly ledger?: string;
  /** Where the model server listens, where that is not what the plan names: `0.0.0.0:18092` for pods, another port where the engine is told of it. */
  readonly listen?: { readonly host: string; readonly port: number };
}

/** What a command came to. */
export interface Ended {
  readonly code: number | null;
  readonly said: string;
}

/**
 * The world around the tests' policies (test/engines/flights*.retrain) and one engine, in a folder of its own: rows, the author's steps and what they do, a
 * model server with requests, the policy's clock, people who act by `retrain`, and the trace of what was decided. It carries nothing out; whoever drives the
 * engine gives its processes `path` as PATH, `root` as the shared disk and `clock` as RETRAIN_CLOCK.
 */
export class EngineWorld {
  readonly root: string;
  plan: PipelinePlan;
  /** Origin of the model server, as this process reaches it. */
  readonly url: string;
  /** RETRAIN_CLOCK for the runtime's steps. */
  clock = "";
  /** Whether requests are sent. */
  isAsking = true;
  /** Whether one request in three names an hour that no version has seen in training. */
  isStrange = false;
  /** Called before each jump of the clock in environment `local`. */
  onJump: (from: number, to: number) => Promise<void> = async () => {};

  readonly #order: WorldOrder;
  readonly #server: ChildProcess;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8 });
  readonly #ending: (() => unknown)[] = [];
  #asked = 0;

  private constructor(
    order: WorldOrder,
    plan: PipelinePlan,
    server: { readonly url: string; readonly child: ChildProcess },
  ) {
    this.root = order.root;
    this.plan = plan;
    this.url = server.url;
    this.#order = order;
    this.#server = server.child;
  }

  static async open(order: WorldOrder): Promise<EngineWorld> {
    const { root, environment, policy = "flights", shape = "usual" } = order;
    for (const folder of ["data", "bin"]) mkdirSync(join(root, folder), { recursive: true });
    for (const name of [...POLICIES, "retrain.config.yaml"]) copyFileSync(join(engines, name), join(root, name));
    await writeFlights(join(root, "data/flights.parquet"), shape);
    linkPrograms(join(root, "bin"));
    if (order.ledger !== undefined) {
      mkdirSync(join(root, ".retrain/secrets/retrain"), { recursive: true });
      writeFileSync(join(root, ".retrain/secrets/retrain/ledger-url"), order.ledger);
    }
    const plan = await compiled(root, policy, environment);
    const world = new EngineWorld(order, plan, await startServer(order, plan));
    world.story({});
    world.setClock(new Date(FLIGHTS_START).toISOString());
    if (environment === "local") await world.#takePart();
    else world.#askAllTheTime();
    return world;
  }

  get environment(): string {
    return this.#order.environment;
  }

  get policy(): string {
    return this.plan.policy.name;
  }

  get chain(): string {
    return `${this.environment}/${this.policy}`;
  }

  /** PATH with the runtime, the author's steps and this project's Node. */
  get path(): string {
    return `${join(this.root, "bin")}:${join(repository, "node_modules/.bin")}:${process.env["PATH"] ?? ""}`;
  }

  /** Variables of a step of the runtime. */
  get variables(): Readonly<Record<string, string>> {
    const { ledger } = this.#order;
    return {
      PATH: this.path,
      RETRAIN_CLOCK: this.clock,
      ...(ledger === undefined ? {} : { RETRAIN_LEDGER_URL: ledger }),
    };
  }

  /** What the author's steps do from now on. */
  story(told: Partial<StepStory>): void {
    writeFileSync(join(this.root, "story.json"), JSON.stringify({ train: "well", evaluate: "well", ...told }));
  }

  /** Puts the policy's clock of the steps to an instant. */
  setClock(instant: string, factor = pace()): void {
    this.clock = `${instant}/${new Date().toISOString()}/x${factor}`;
  }

  /** Now on the policy's clock of the steps. */
  now(): number {
    return testingClock(this.clock).now();
  }

  /** `retrain WORDS` in this world, as a person types it. */
  say(...words: readonly string[]): Promise<Ended> {
    return this.begin(...words).ended;
  }

  begin(...words: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
    const command = [join(repository, "dist/retrain.js"), "-C", this.root, "-e", this.environment, ...words];
    const env = { ...process.env, ...this.variables, NO_COLOR: "1" };
    const child = spawn(process.execPath, command, { env, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        said += text;
      });
    }
    this.#ending.push(() => child.kill("SIGKILL"));
    return { child, ended: new Promise((resolve) => child.on("close", (code) => resolve({ code, said }))) };
  }

  /** The policy asks for more of the next challenger, and is compiled again. */
  async changePolicy(): Promise<void> {
    const file = join(this.root, `${this.policy}.retrain`);
    writeFileSync(file, readFileSync(file, "utf8").replace("challenger.auc >= 0.60", "challenger.auc >= 0.99"));
    this.plan = await compiled(this.root, this.policy, this.environment);
  }

  ledger(): Promise<Ledger> {
    return openLedger(this.plan.bindings.ledger, this.root);
  }

  /** The ledger's records of some kinds, or all, in order. */
  async records(kinds?: readonly RecordKind[]): Promise<readonly LedgerRecord[]> {
    const ledger = await this.ledger();
    try {
      return await ledger.list({ chain: this.chain, ...(kinds === undefined ? {} : { kinds }) });
    } finally {
      await ledger.close();
    }
  }

  /** The decisions of this life so far; see decisionTrace. */
  async trace(): Promise<readonly string[]> {
    return decisionTrace(await this.records());
  }

  /** Who answers what, as the model server says. */
  async route(): Promise<{
    readonly champion?: string;
    readonly challenger?: string;
    readonly share: number;
    readonly mirror: number;
  }> {
    return (await (await fetch(new URL("/route", this.url))).json()) as Awaited<ReturnType<EngineWorld["route"]>>;
  }

  async close(): Promise<void> {
    for (const end of this.#ending) await end();
    this.#agent.destroy();
    const gone = new Promise((resolve) => this.#server.once("exit", resolve));
    this.#server.kill("SIGKILL");
    await gone;
  }

  /** Asks for the flights of the rows that depart between two instants, under their own keys. */
  async replay(from: string, to: string): Promise<void> {
    const rows = departures(Date.parse(from), Date.parse(to));
    const work = async () => {
      for (let row = rows.next(); row.done !== true; row = rows.next()) {
        await this.ask(row.value.time, `f${row.value.index}`, row.value.index);
      }
    };
    await Promise.all(Array.from({ length: 8 }, work));
  }

  /** Sends a request at an instant of the policy's clock. */
  ask(time: number, key = `r${this.#asked}`, index = this.#asked): Promise<void> {
    this.#asked += 1;
    const usual = flight(index, time);
    const features = this.isStrange && index % 3 === 0 ? { ...usual, hour: 99 } : usual;
    return new Promise((resolve) => {
      const sent = request(new URL("/predict", this.url), {
        agent: this.#agent,
        method: "POST",
        headers: { "content-type": "application/json", "retrain-clock": new Date(time).toISOString() },
      });
      sent.on("response", (answer) => answer.resume().on("close", resolve));
      sent.on("error", () => resolve());
      sent.end(JSON.stringify({ key, features }));
    });
  }

  /** Four requests every hundredth of a second: 300 to 400 in a minute of the policy's clock. */
  #askAllTheTime(): void {
    let waiting = 0;
    const timer = setInterval(() => {
      for (let number = 0; number < 4 && this.isAsking && waiting < 200; number += 1) {
        waiting += 1;
        void this.ask(this.now()).finally(() => {
          waiting -= 1;
        });
      }
    }, 10);
    this.#ending.push(() => clearInterval(timer));
  }

  /** Plays the requests of each stretch of the rehearsal's clock: five a second, at most 600 of them. */
  async #takePart(): Promise<void> {
    const server: Server = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => {
        const { from, to } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { from: string; to: string };
        this.#play(Date.parse(from), Date.parse(to)).then(
          () => outgoing.end("{}"),
          (error: unknown) => {
            outgoing.statusCode = 500;
            outgoing.end(String(error));
          },
        );
      });
    });
    await listening(server, PARTICIPANT);
    this.#ending.push(() => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    });
  }

  async #play(from: number, to: number): Promise<void> {
    await this.onJump(from, to);
    if (!this.isAsking) return;
    const count = Math.min(600, Math.ceil((to - from) / 200));
    let next = 0;
    const work = async () => {
      for (let mine = next++; mine < count; mine = next++) await this.ask(from + ((to - from) * mine) / count);
    };
    await Promise.all(Array.from({ length: 8 }, work));
  }
}

async function compiled(root: string, policy: string, environment: string): Promise<PipelinePlan> {
  const { plan, diagnostics } = compilePolicy(await loadProject(root, undefined), root, policy, environment, []);
  if (plan === undefined) throw new Error(JSON.stringify(diagnostics));
  return plan;
}

/** The commands that generated files name: the runtime, and the author's steps. */
export function linkPrograms(folder: string): void {
  const programs = {
    "retrain-runtime": join(repository, "dist/retrain-runtime.js"),
    "flights-train": join(engines, "flights/train.mjs"),
    "flights-evaluate": join(engines, "flights/evaluate.mjs"),
  };
  for (const [name, program] of Object.entries(programs)) {
    chmodSync(program, 0o755);
    symlinkSync(program, join(folder, name));
  }
}

async function listening(server: Server, port: number): Promise<void> {
  for (;;) {
    const failure = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
      server.once("error", resolve);
      server.listen(port, "127.0.0.1", () => {
        server.off("error", resolve);
        resolve(undefined);
      });
    });
    if (failure === undefined) return;
    // Addresses stand in the committed files, so that one world of an environment waits for another to end.
    if (failure.code !== "EADDRINUSE") throw failure;
    await sleep(500);
  }
}

async function startServer(
  { root, listen }: WorldOrder,
  plan: PipelinePlan,
): Promise<{ url: string; child: ChildProcess }> {
  const { serving, registry } = plan.bindings;
  if (serving.kind !== "local" || registry.kind !== "local") throw new Error("the tests' policies are served here");
  const { hostname, port } = new URL(serving.url);
  const options = {
    host: listen?.host ?? hostname,
    port: listen?.port ?? Number(port),
    rehearsal: true,
    decidesAt: plan.model.decidesAt,
    folder: join(root, serving.folder),
    registryFolder: join(root, registry.folder),
  };
  const program = join(import.meta.dirname, "model-server.run.ts");
  for (;;) {
    const child = spawn(process.execPath, [program, JSON.stringify(options)], { stdio: ["ignore", "pipe", "pipe"] });
    let complaint = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      complaint += text;
    });
    const first = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
    const line = first.done === true ? "" : first.value;
    child.stdout.resume();
    const url = /^serving at (\S+)$/.exec(line)?.[1];
    if (url !== undefined) return { url: url.replace("0.0.0.0", "127.0.0.1"), child };
    if (!/in use/i.test(`${line}${complaint}`)) throw new Error(`the model server did not start: ${line}${complaint}`);
    await sleep(500);
  }
}
