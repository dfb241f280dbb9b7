import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { emit } from "../../../targets/airflow/emit.ts";
import type { StepWorld } from "../../support/step-world.ts";
import type { PythonEnvironment } from "../setup/python.ts";

const repository = join(import.meta.dirname, "../../..");

interface Ended {
  readonly code: number | null;
  readonly log: string;
}

/** State of each task of the newest run of a DAG, and of the run, by Airflow's own database. */
export interface Shown {
  readonly state: string;
  readonly tasks: Readonly<Record<string, string>>;
}

/** Reads the newest run of a DAG from the database of an installation. */
const LOOK = `
import json, sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
dag, run = sys.argv[2], sys.argv[3]
rows = connection.execute("select run_id, state from dag_run where dag_id = ? order by id", (dag,)).fetchall()
rows = [row for row in rows if run in ("", row[0])]
if not rows:
    print("null")
else:
    run_id, state = rows[-1]
    tasks = connection.execute("select task_id, state from task_instance where dag_id = ? and run_id = ?", (dag, run_id))
    print(json.dumps({"state": state, "run": run_id, "tasks": dict(tasks.fetchall())}))
`;

/** The folder, the plan and the clock that the DAGs work with. */
type World = Pick<StepWorld, "root" | "plan" | "clock">;

/** An installation of Airflow of its own, with the generated file of a world among its DAGs. */
export class AirflowInstance {
  readonly #environment: PythonEnvironment;
  readonly #world: World;
  readonly #home: string;

  private constructor(environment: PythonEnvironment, world: World) {
    this.#environment = environment;
    this.#world = world;
    this.#home = join(world.root, "airflow");
  }

  /** @param files committed ones; where absent, those that the world's plan compiles to */
  static async open(environment: PythonEnvironment, world: World, files?: readonly string[]): Promise<AirflowInstance> {
    const instance = new AirflowInstance(environment, world);
    const bin = join(world.root, "bin");
    for (const folder of [instance.#home, join(instance.#home, "dags"), bin]) mkdirSync(folder, { recursive: true });
    const runtime = join(bin, "retrain-runtime");
    if (!existsSync(runtime)) symlinkSync(join(repository, "dist/retrain-runtime.js"), runtime);
    if (files === undefined) instance.compile();
    else for (const file of files) copyFileSync(file, join(instance.#home, "dags", basename(file)));
    // Without a scheduler nobody else would tell the database of the DAG that the tick's is to trigger.
    for (const words of [
      ["db", "migrate"],
      ["dags", "reserialize"],
    ]) {
      const { code, log } = await instance.#airflow(...words);
      if (code !== 0) throw new Error(log);
    }
    return instance;
  }

  /** Puts the generated file, as it is, among the DAGs. */
  compile(): void {
    for (const { path, text } of emit(this.#world.plan)) writeFileSync(join(this.#home, "dags", basename(path)), text);
  }

  /** Carries out one run of a DAG: `airflow dags test`, whose exit code says nothing on 2.11. */
  test(dag: string, run?: string): Promise<Ended> {
    const conf = run === undefined ? [] : ["--conf", JSON.stringify({ run })];
    return this.#airflow("dags", "test", dag, ...conf);
  }

  async shown(dag: string, run = ""): Promise<(Shown & { readonly run: string }) | null> {
    const words = ["-c", LOOK, join(this.#home, "airflow.db"), dag, run];
    const { log } = await this.#run(this.#environment.python, words);
    return JSON.parse(log) as (Shown & { readonly run: string }) | null;
  }

  #airflow(...words: string[]): Promise<Ended> {
    return this.#run(join(this.#environment.bin, "airflow"), words);
  }

  #run(program: string, words: readonly string[]): Promise<Ended> {
    const { AIRFLOW_HOME: _, ...surroundings } = process.env;
    const child = spawn(program, words, {
      cwd: this.#home,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...surroundings,
        PYTHONWARNINGS: "ignore",
        AIRFLOW_HOME: this.#home,
        AIRFLOW__CORE__LOAD_EXAMPLES: "False",
        AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: `sqlite:///${this.#home}/airflow.db`,
        RETRAIN_ROOT: this.#world.root,
        RETRAIN_CLOCK: this.#world.clock,
        PATH: `${join(this.#world.root, "bin")}:${join(repository, "node_modules/.bin")}:${this.#environment.bin}:${surroundings["PATH"] ?? ""}`,
      },
    });
    let log = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        log += text;
      });
    }
    return new Promise((resolve) => child.on("close", (code) => resolve({ code, log })));
  }
}
