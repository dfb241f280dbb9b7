import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { handedOver, type Invocation, runtimeArguments } from "../../../compiler/plan/command-line.ts";
import type { Node } from "../../../compiler/plan/graph.ts";
import { type Segment, told } from "../../../targets/shared/handover.ts";
import type { EngineWorld } from "../../support/engine-world.ts";
import type { Carrier } from "./carrier.ts";

/** Exit codes after which an engine tries a step of the runtime again. */
const AGAIN = [75, 137, 143];

interface Ended {
  readonly code: number;
  readonly word: string;
  readonly values: Readonly<Record<string, string>>;
}

/** An engine in small: one process a node, in the order of the plan's edges. It reads the plan, where a real engine reads a generated file. */
export class StepsCarrier implements Carrier {
  readonly #world: EngineWorld;
  #number = 0;

  constructor(world: EngineWorld) {
    this.#world = world;
  }

  async tick(): Promise<void> {
    const file = join(this.#world.root, "plan.json");
    writeFileSync(file, JSON.stringify(this.#world.plan));
    await this.#runtime({ verb: "tick", engine: "airflow", plan: ["--plan", file] }, ["run"]);
  }

  async run(run: string): Promise<void> {
    const { nodes, edges } = this.#world.plan.retrain;
    let values: Ended["values"] = {};
    for (let node = nodes[0]; node !== undefined; ) {
      const now: Node = node;
      const ended =
        now.kind === "step"
          ? await this.#authors(now, run, values)
          : await this.#runtime(
              { verb: now.verb, node: now.id, run },
              now.verb === "snapshot" ? handedOver(this.#world.plan) : [],
            );
      if (now.id === "snapshot") values = ended.values;
      const edge = ended.code === 0 ? edges.find((one) => one.from === now.id && one.word === ended.word) : undefined;
      node = nodes.find((one) => one.id === edge?.to);
    }
    await this.#runtime({ verb: "finish", run }, []);
  }

  async close(): Promise<void> {}

  async #runtime(invocation: Invocation, names: readonly string[]): Promise<Ended> {
    const { root, plan, variables } = this.#world;
    for (;;) {
      const out = join(root, `out-${this.#number++}`);
      mkdirSync(out);
      const words = [...runtimeArguments(plan, invocation), "--word", join(out, "word")];
      for (const name of names) words.push("--value", `${name}=${join(out, name)}`);
      const code = await started("retrain-runtime", words, root, variables);
      if (AGAIN.includes(code)) continue;
      const read = (file: string) => (existsSync(join(out, file)) ? readFileSync(join(out, file), "utf8") : "");
      return { code, word: read("word"), values: Object.fromEntries(names.map((name) => [name, read(name)])) };
    }
  }

  async #authors(node: Extract<Node, { kind: "step" }>, run: string, values: Ended["values"]): Promise<Ended> {
    const { root, plan, path } = this.#world;
    const { command, environment } = told(plan, node, join(root, plan.bindings.work), root);
    const write = (segments: readonly Segment[]) =>
      segments
        .map((one) => (one.kind === "text" ? one.text : one.kind === "run" ? run : (values[one.name] ?? "")))
        .join("");
    const [program = "", ...words] = command.map(write);
    const variables = Object.fromEntries(environment.map(({ name, value }) => [name, write(value)]));
    for (let attempt = 0; ; attempt += 1) {
      const code = await started(program, words, root, { PATH: path, ...variables });
      if (code === 0 || attempt >= node.step.retry.times) return { code, word: code === 0 ? "done" : "", values: {} };
    }
  }
}

/** Exit code of a process; 137 and 143 where a signal ended it, as containers have it. */
function started(
  program: string,
  words: readonly string[],
  cwd: string,
  variables: Readonly<Record<string, string>>,
): Promise<number> {
  const child = spawn(program, words, { cwd, env: { ...process.env, ...variables }, stdio: "ignore" });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? (signal === "SIGTERM" ? 143 : 137)));
  });
}
