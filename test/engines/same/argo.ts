import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { EngineWorld } from "../../support/engine-world.ts";
import { ArgoSimulator } from "../argo/simulator.ts";
import type { Carrier } from "./carrier.ts";

const FILES = join(import.meta.dirname, "../pipelines/argo/argo");
const WORKFLOWS = "/apis/argoproj.io/v1alpha1/namespaces/default/workflows";

/** Lets a process find its pod's token where Kubernetes mounts it, though it lies in a folder of the world. */
const MOUNTED = `import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
const { readFileSync } = fs;
const account = "/var/run/secrets/kubernetes.io/serviceaccount";
fs.readFileSync = (path, ...more) =>
  readFileSync(typeof path === "string" && path.startsWith(account) ? process.env.SIMULATED_ACCOUNT + path.slice(account.length) : path, ...more);
syncBuiltinESMExports();
`;

/** The simulator of Argo's controller with the committed files, and what stands for the API server: the tick creates its workflows there. */
export class ArgoCarrier implements Carrier {
  readonly simulator: ArgoSimulator;
  readonly #server: Server;
  readonly #names = new Map<string, string>();

  private constructor(simulator: ArgoSimulator, server: Server) {
    this.simulator = simulator;
    this.#server = server;
  }

  static async open(world: EngineWorld): Promise<ArgoCarrier> {
    const cluster = join(world.root, "cluster");
    mkdirSync(cluster);
    const key = join(cluster, "key.pem");
    const certificate = join(cluster, "ca.crt");
    const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
    const words = [
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-days",
      "1",
      ...subject,
      "-keyout",
      key,
      "-out",
      certificate,
    ];
    execFileSync("openssl", words, { stdio: "ignore" });
    writeFileSync(join(cluster, "token"), "the token of the tick\n");
    writeFileSync(join(cluster, "mounted.mjs"), MOUNTED);
    const server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const name = world.policy.replaceAll("_", "-");
    const { serving } = world.plan.bindings;
    const { PATH = "", RETRAIN_LEDGER_URL = "" } = world.variables;
    const simulator = new ArgoSimulator({
      files: ["retrain", "tick"].map((kind) => join(FILES, `${name}-${kind}.yaml`)),
      disk: world.root,
      scratch: cluster,
      values: () => ({ "retrain/ledger-url": RETRAIN_LEDGER_URL, "retrain-testing/clock": world.clock }),
      addresses: serving.kind === "local" ? { [serving.url]: world.url } : {},
      environment: () => ({
        PATH,
        KUBERNETES_SERVICE_HOST: "127.0.0.1",
        KUBERNETES_SERVICE_PORT: String(port),
        SIMULATED_ACCOUNT: cluster,
        NODE_OPTIONS: `--import=${join(cluster, "mounted.mjs")}`,
      }),
    });
    const carrier = new ArgoCarrier(simulator, server);
    carrier.#answer();
    return carrier;
  }

  async tick(): Promise<void> {
    await this.simulator.tick();
  }

  async run(run: string): Promise<void> {
    const name = this.#names.get(run);
    if (name === undefined) throw new Error(`no workflow was created for ${run}`);
    await this.simulator.workflow(name);
  }

  async close(): Promise<void> {
    this.simulator.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(): void {
    this.#server.on("request", (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const say = (status: number, body: unknown): void => {
          response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
        };
        if (request.headers.authorization !== "Bearer the token of the tick")
          return say(401, { message: "Unauthorized" });
        if (request.method !== "POST" || request.url !== WORKFLOWS) return say(404, { message: "not found" });
        const body = JSON.parse(Buffer.concat(chunks).toString("utf8")) as {
          metadata: { name: string };
          spec: { workflowTemplateRef: { name: string }; arguments: { parameters: { name: string; value: string }[] } };
        };
        const { metadata, spec } = body;
        const parameters = Object.fromEntries(spec.arguments.parameters.map(({ name, value }) => [name, value]));
        const status = this.simulator.submit(metadata.name, spec.workflowTemplateRef.name, parameters);
        if (status === 201) this.#names.set(parameters["run"] ?? "", metadata.name);
        say(status, status === 201 ? body : { message: `${metadata.name}: ${status}` });
      });
    });
  }
}
