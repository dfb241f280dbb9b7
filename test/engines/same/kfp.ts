import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { EngineWorld } from "../../support/engine-world.ts";
import { type KfpApi, kfpApi } from "../kfp/api.ts";
import { runLocally } from "../kfp/local-run.ts";
import type { PythonEnvironment } from "../setup/python.ts";
import type { Carrier } from "./carrier.ts";

/** Port of the API and folder of the shared disk in the committed files (test/engines/retrain.config.yaml). */
const API = 18_888;
const MOUNT = "/mnt/flights";
const FILES = join(import.meta.dirname, "../pipelines/kfp/kfp");

/** Kubeflow's local orchestrator with the committed files. */
export class KfpCarrier implements Carrier {
  readonly #environment: PythonEnvironment;
  readonly #world: EngineWorld;
  readonly #api: KfpApi;

  private constructor(environment: PythonEnvironment, world: EngineWorld, api: KfpApi) {
    this.#environment = environment;
    this.#world = world;
    this.#api = api;
  }

  static async open(environment: PythonEnvironment, world: EngineWorld): Promise<KfpCarrier> {
    for (;;) {
      try {
        return new KfpCarrier(environment, world, await kfpApi(`${fileName(world)}-retrain`, API));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
        await sleep(500);
      }
    }
  }

  async tick(): Promise<void> {
    await this.#start(`${fileName(this.#world)}-tick.yaml`, {});
  }

  async run(run: string): Promise<void> {
    const asked = this.#api.created.find(({ display_name }) => display_name === run);
    if (asked === undefined) throw new Error(`the API was not asked for ${run}`);
    await this.#start(`${fileName(this.#world)}-retrain.yaml`, asked.runtime_config.parameters);
  }

  close(): Promise<void> {
    return this.#api.close();
  }

  #start(file: string, parameters: Readonly<Record<string, string>>) {
    const { root, variables } = this.#world;
    const order = { file: join(FILES, file), parameters, mount: MOUNT, folder: root, environment: variables };
    return runLocally(this.#environment, order);
  }
}

const fileName = ({ policy }: EngineWorld): string => policy.replaceAll("_", "-");
