import { join } from "node:path";
import type { EngineWorld } from "../../support/engine-world.ts";
import { AirflowInstance } from "../airflow/instance.ts";
import type { PythonEnvironment } from "../setup/python.ts";
import type { Carrier } from "./carrier.ts";

const FILES = join(import.meta.dirname, "../pipelines");

/** `airflow dags test` with the committed file. */
export class AirflowCarrier implements Carrier {
  readonly #world: EngineWorld;
  readonly #airflow: AirflowInstance;

  private constructor(world: EngineWorld, airflow: AirflowInstance) {
    this.#world = world;
    this.#airflow = airflow;
  }

  static async open(environment: PythonEnvironment, world: EngineWorld): Promise<AirflowCarrier> {
    return new AirflowCarrier(
      world,
      await AirflowInstance.open(environment, world, [join(FILES, world.environment, "airflow", `${world.policy}.py`)]),
    );
  }

  async tick(): Promise<void> {
    await this.#airflow.test(`${this.#world.policy}_tick`);
  }

  async run(run: string): Promise<void> {
    await this.#airflow.test(`${this.#world.policy}_retrain`, run);
  }

  async close(): Promise<void> {}
}
