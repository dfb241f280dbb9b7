import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kill, type Running, startNode } from "./children.ts";
import { writeData } from "./data.ts";
import { type Options, WELL } from "./options.ts";
import { configText, type Ports, policyText } from "./policy.ts";
import { RouteProxy } from "./proxy.ts";
import type { Tally } from "./world.run.ts";

const HERE = import.meta.dirname;

/** A free port of this machine. Another program may take it before it is used; nothing else asks for ports here. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

/** What several lives share: their data, their ports and the one folder that each of them begins anew, so that paths in records are the same. */
export interface Ground {
  readonly folder: string;
  readonly data: string;
  readonly ports: Ports;
  remove(): void;
}

export async function prepareGround(): Promise<Ground> {
  const root = mkdtempSync(join(tmpdir(), "retrain-faults-"));
  const data = join(root, "parcels.parquet");
  await writeData(data);
  const ports = { proxy: await freePort(), server: await freePort(), world: await freePort() };
  return { folder: join(root, "life"), data, ports, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** Starts one `retrain` in a folder. */
export function retrain(folder: string, args: readonly string[]): Running {
  return startNode(join(HERE, "retrain.run.ts"), args, folder);
}

/** One life on its ground: the folder of a policy, and the processes around it. */
export class Rehearsal {
  readonly ground: Ground;
  readonly proxy: RouteProxy;
  server: Running | undefined;
  #world: Running | undefined;

  constructor(ground: Ground) {
    this.ground = ground;
    this.proxy = new RouteProxy(ground.ports.server);
  }

  get folder(): string {
    return this.ground.folder;
  }

  async open(): Promise<void> {
    const { folder, data, ports } = this.ground;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, "data"), { recursive: true });
    copyFileSync(data, join(folder, "data/parcels.parquet"));
    writeFileSync(join(folder, "parcels.retrain"), policyText(ports));
    writeFileSync(join(folder, "retrain.config.yaml"), configText(ports, ports.proxy));
    writeFileSync(join(folder, "serve.config.yaml"), configText(ports, ports.server));
    this.options(WELL);
    await this.proxy.listen(ports.proxy);
    this.#world = startNode(
      join(HERE, "world.run.ts"),
      [String(ports.world), `http://127.0.0.1:${ports.server}`],
      folder,
    );
    try {
      await Promise.all([this.#world.says("the world turns"), this.startServer()]);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  options(options: Options): void {
    writeFileSync(join(this.folder, "options.json"), JSON.stringify(options));
  }

  /** Starts `retrain serve`, the first time or after it was killed. */
  async startServer(): Promise<void> {
    this.server = retrain(this.folder, ["serve", "parcels", "--config", "serve.config.yaml"]);
    await this.server.says("serving parcels at");
  }

  retrain(args: readonly string[]): Running {
    return retrain(this.folder, args);
  }

  async told(path: "/brittle" | "/pause" | "/resume"): Promise<void> {
    await fetch(`http://127.0.0.1:${this.ground.ports.world}${path}`, { method: "POST" });
  }

  async tally(): Promise<Tally> {
    return (await (await fetch(`http://127.0.0.1:${this.ground.ports.world}/tally`)).json()) as Tally;
  }

  /** Asks the model server for one prediction, as a client would. */
  async predict(key = "asked by hand"): Promise<{ readonly status: number; readonly version: string | undefined }> {
    const answer = await fetch(`http://127.0.0.1:${this.ground.ports.server}/predict`, {
      method: "POST",
      headers: { "content-type": "application/json", "retrain-clock": "2024-03-01T00:00:00Z" },
      body: JSON.stringify({ key, features: { weight: 50, region: "north", hour: 0 } }),
    });
    const body = (await answer.json()) as { readonly version?: string };
    return { status: answer.status, version: body.version };
  }

  async close(): Promise<void> {
    this.proxy.close();
    await Promise.all([this.server, this.#world].map((one) => (one === undefined ? undefined : kill(one))));
  }
}
