import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { environmentOf, type PythonEnvironment } from "../../setup/python.ts";

/** The two versions of Airflow that are supported. */
export type Version = "3.3" | "2.11";
type Component = "scheduler" | "dag-processor" | "api-server" | "webserver" | "triggerer";

/** What an installation is made for. */
export interface Order {
  readonly version: Version;
  /** Its own folder: settings, database, logs. */
  readonly home: string;
  /** The generated files, as they are. */
  readonly dags: string;
  /** Variables of the workers beside Airflow's own. */
  readonly variables: Readonly<Record<string, string>>;
  /** Address of an empty database of PostgreSQL; SQLite where absent, which 2.11 uses for one task at a time only. */
  readonly database?: string;
}

/** One run of a DAG, by Airflow's API. */
export interface DagRun {
  readonly dag_run_id: string;
  readonly state: string;
  readonly run_type: string;
}

/** One attempt at a task, by Airflow's API. */
export interface TaskInstance {
  readonly task_id: string;
  readonly state: string | null;
  readonly try_number: number;
}

/**
 * A real Airflow on this machine, on ports and in a folder of its own: scheduler, API, triggerer and, on 3.3, DAG processor, each in a process group of its
 * own, so that one of them can be ended and started again. Read and told only through its public API.
 */
export class Standalone {
  readonly #order: Order;
  readonly #environment: PythonEnvironment;
  readonly #port: number;
  readonly #variables: NodeJS.ProcessEnv;
  readonly #running = new Map<Component, ChildProcess>();

  private constructor(order: Order, environment: PythonEnvironment, port: number, variables: NodeJS.ProcessEnv) {
    this.#order = order;
    this.#environment = environment;
    this.#port = port;
    this.#variables = variables;
  }

  /** Undefined where Airflow cannot be installed, which is told. */
  static async open(order: Order): Promise<Standalone | undefined> {
    const environment = await environmentOf(order.version === "3.3" ? "airflow3" : "airflow2");
    const driver = order.database === undefined ? undefined : await environmentOf("psycopg2");
    if (environment === undefined || (order.database !== undefined && driver === undefined)) return undefined;
    mkdirSync(order.home, { recursive: true });
    // On 2.11 whoever reaches the loopback port may do everything; on 3.3 a setting says so.
    writeFileSync(join(order.home, "webserver_config.py"), "AUTH_ROLE_PUBLIC = 'Admin'\n");
    const port = await freePort();
    const variables = { ...settings(order, port), ...(await ports()) };
    if (driver !== undefined) {
      const [version = ""] = readdirSync(join(driver.bin, "../lib"));
      variables["PYTHONPATH"] = join(driver.bin, "../lib", version, "site-packages");
    }
    variables["PATH"] = `${environment.bin}:${order.variables["PATH"] ?? process.env["PATH"] ?? ""}`;
    const { AIRFLOW_HOME: _, ...surroundings } = process.env;
    const airflow = new Standalone(order, environment, port, { ...surroundings, ...order.variables, ...variables });
    await airflow.#migrate();
    for (const component of airflow.#components) airflow.start(component);
    await airflow.#healthy();
    return airflow;
  }

  get #components(): readonly Component[] {
    return this.#order.version === "3.3"
      ? ["api-server", "scheduler", "dag-processor", "triggerer"]
      : ["webserver", "scheduler", "triggerer"];
  }

  async #migrate(): Promise<void> {
    const child = this.#spawn(["db", "migrate"], "migrate");
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    if (code !== 0) throw new Error(this.log("migrate"));
  }

  #spawn(words: readonly string[], name: string): ChildProcess {
    const child = spawn(join(this.#environment.bin, "airflow"), words, {
      cwd: this.#order.home,
      env: this.#variables,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const log = createWriteStream(join(this.#order.home, `${name}.log`), { flags: "a" });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    return child;
  }

  /** Process id of a component. */
  start(component: Component): number {
    const listen = ["api-server", "webserver"].includes(component)
      ? [
          "--port",
          String(this.#port),
          "--workers",
          "1",
          component === "webserver" ? "--hostname" : "--host",
          "127.0.0.1",
        ]
      : [];
    const child = this.#spawn([component, ...listen], component);
    this.#running.set(component, child);
    return child.pid ?? 0;
  }

  /** Ends a component with all that it started. */
  async end(component: Component, signal: NodeJS.Signals): Promise<void> {
    const child = this.#running.get(component);
    if (child?.pid === undefined) return;
    const gone = ended(child);
    try {
      process.kill(-child.pid, signal);
    } catch {
      // It has ended by itself.
    }
    const late = setTimeout(() => process.kill(-(child.pid ?? 0), "SIGKILL"), 30_000);
    await gone;
    clearTimeout(late);
    this.#running.delete(component);
  }

  pid(component: Component): number {
    return this.#running.get(component)?.pid ?? 0;
  }

  /** What a component has said. */
  log(name: string): string {
    return readFileSync(join(this.#order.home, `${name}.log`), "utf8").slice(-5_000);
  }

  async #healthy(): Promise<void> {
    const until = Date.now() + 600_000;
    for (;;) {
      const found = await fetch(this.#url(this.#order.version === "3.3" ? "api/v2/monitor/health" : "api/v1/health"))
        .then((answer) => answer.json() as Promise<Record<string, { status?: string | null }>>)
        .catch(() => undefined);
      const needed = ["metadatabase", "scheduler", "triggerer"].concat(
        this.#order.version === "3.3" ? ["dag_processor"] : [],
      );
      if (found !== undefined && needed.every((name) => found[name]?.status === "healthy")) return;
      if (Date.now() > until)
        throw new Error(`Airflow is not healthy: ${JSON.stringify(found)} ${this.log("scheduler")}`);
      await sleep(1_000);
    }
  }

  #url(path: string): string {
    return `http://127.0.0.1:${this.#port}/${path}`;
  }

  /** One call of the API; gives status and body. */
  async call(method: string, path: string, body?: object): Promise<{ status: number; body: unknown }> {
    const headers: Record<string, string> = { "content-type": "application/json" };
    if (this.#order.version === "3.3") {
      const { access_token } = (await (await fetch(this.#url("auth/token"))).json()) as { access_token: string };
      headers["authorization"] = `Bearer ${access_token}`;
    }
    const answer = await fetch(this.#url(`api/${this.#order.version === "3.3" ? "v2" : "v1"}/${path}`), {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
  }

  async #ask<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await this.call(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as T;
  }

  /** Turns a DAG on, once the file has been read. */
  async unpause(dag: string): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      const { status, body } = await this.call("PATCH", `dags/${dag}`, { is_paused: false });
      if (status === 200) return;
      if (tries > 120) throw new Error(`${dag} is not known: ${JSON.stringify(body)}`);
      await sleep(1_000);
    }
  }

  /** Starts a run of a DAG by hand; gives its id. */
  async trigger(dag: string): Promise<string> {
    const body = this.#order.version === "3.3" ? { logical_date: null } : {};
    return (await this.#ask<DagRun>("POST", `dags/${dag}/dagRuns`, body)).dag_run_id;
  }

  /** Runs of a DAG, the newest first. */
  async runs(dag: string): Promise<readonly DagRun[]> {
    const order = this.#order.version === "3.3" ? "-id" : "-start_date";
    return (await this.#ask<{ dag_runs: DagRun[] }>("GET", `dags/${dag}/dagRuns?order_by=${order}&limit=100`)).dag_runs;
  }

  async run(dag: string, run: string): Promise<DagRun> {
    return this.#ask<DagRun>("GET", `dags/${dag}/dagRuns/${encodeURIComponent(run)}`);
  }

  /** Tasks of a run, by id. */
  async tasks(dag: string, run: string): Promise<Readonly<Record<string, TaskInstance>>> {
    const path = `dags/${dag}/dagRuns/${encodeURIComponent(run)}/taskInstances?limit=100`;
    const found = (await this.#ask<{ task_instances: TaskInstance[] }>("GET", path)).task_instances;
    return Object.fromEntries(found.map((one) => [one.task_id, one]));
  }

  /** Waits for the end of a run. */
  async over(dag: string, run: string, seconds = 420): Promise<DagRun> {
    for (const until = Date.now() + seconds * 1_000; ; ) {
      const found = await this.run(dag, run);
      if (found.state === "success" || found.state === "failed") return found;
      if (Date.now() > until)
        throw new Error(`${dag} ${run} is ${found.state}: ${JSON.stringify(await this.tasks(dag, run))}`);
      await sleep(500);
    }
  }

  /** Stops everything, the scheduler first. */
  async close(): Promise<void> {
    const rank = (one: Component) => ["scheduler", "triggerer", "dag-processor"].indexOf(one) >>> 0;
    const components = [...this.#running.keys()].sort((one, other) => rank(one) - rank(other));
    for (const component of components) await this.end(component, "SIGTERM");
  }
}

/** Processes of this machine whose surroundings or command hold a text, with their parents. Linux only. */
export function processesWith(text: string): { pid: number; parent: number; command: string }[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\u0000", " ").trim();
        const surroundings = readFileSync(`/proc/${name}/environ`, "utf8");
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        if (state === "Z" || !(command + surroundings).includes(text)) return [];
        return [{ pid: Number(name), parent: Number(parent), command }];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
}

function ended(child: ChildProcess): Promise<unknown> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once("exit", resolve));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

async function ports(): Promise<Record<string, string>> {
  return {
    AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT: String(await freePort()),
    AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT: String(await freePort()),
  };
}

function settings({ home, dags, database, version }: Order, port: number): Record<string, string> {
  const secret = "only-for-tests-on-the-loopback-0123456789abcdef0123456789abcdef";
  return {
    AIRFLOW_HOME: home,
    PYTHONWARNINGS: "ignore",
    AIRFLOW__CORE__DAGS_FOLDER: dags,
    AIRFLOW__CORE__LOAD_EXAMPLES: "False",
    AIRFLOW__CORE__EXECUTOR: database === undefined && version === "2.11" ? "SequentialExecutor" : "LocalExecutor",
    AIRFLOW__CORE__PARALLELISM: "4",
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN:
      database === undefined
        ? `sqlite:///${home}/airflow.db`
        : database.replace(/^postgresql:/, "postgresql+psycopg2:"),
    AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK: "False",
    // A worker that is gone is noticed after a minute and a half, not after five.
    AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT: "90",
    AIRFLOW__SCHEDULER__SCHEDULER_ZOMBIE_TASK_THRESHOLD: "90",
    AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL: "20",
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS: "True",
    AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `http://127.0.0.1:${port}/execution/`,
    AIRFLOW__API__BASE_URL: `http://127.0.0.1:${port}`,
    AIRFLOW__API__SECRET_KEY: secret,
    AIRFLOW__API__AUTH_BACKENDS: "airflow.api.auth.backend.default",
    AIRFLOW__API_AUTH__JWT_SECRET: secret,
    AIRFLOW__WEBSERVER__SECRET_KEY: secret,
    AIRFLOW__WEBSERVER__BASE_URL: `http://127.0.0.1:${port}`,
    AIRFLOW__USAGE_DATA_COLLECTION__ENABLED: "False",
  };
}
