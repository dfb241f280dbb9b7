import { readdirSync, readFileSync, readlinkSync, renameSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { EngineWorld } from "../../support/engine-world.ts";
import type { Act } from "./story.ts";

/** What people and faults do while a run is carried out: each act once its line stands in the trace, one after the other. */
export class Acts {
  readonly #world: EngineWorld;
  readonly #waiting: Act[];
  readonly #also: Partial<Record<Act["do"], (act: Act) => Promise<void>>>;
  #seen: number;

  /** @param also how some acts are done where this process cannot do them by itself @param seen lines of the trace that stood there before */
  constructor(
    world: EngineWorld,
    acts: readonly Act[],
    seen: number,
    also: Partial<Record<Act["do"], (act: Act) => Promise<void>>>,
  ) {
    this.#world = world;
    this.#waiting = [...acts];
    this.#seen = seen;
    this.#also = also;
  }

  get left(): readonly Act[] {
    return this.#waiting;
  }

  /** Does what is due now. */
  async look(): Promise<void> {
    for (let [act] = this.#waiting; act !== undefined; [act] = this.#waiting) {
      const { when } = act;
      const lines = (await this.#world.trace()).slice(this.#seen);
      const at = lines.findIndex((line) => line.startsWith(when));
      if (at < 0) return;
      this.#seen += at + 1;
      this.#waiting.shift();
      await this.#do(act);
    }
  }

  /** Looks again and again, ten times a second, while something else is under way. */
  async during(work: Promise<void>): Promise<void> {
    let isOver = false;
    const end = work.finally(() => {
      isOver = true;
    });
    const looking = (async () => {
      while (!isOver && this.#waiting.length > 0) {
        await this.look().catch((error: unknown) => {
          if (!isMissing(error)) throw error;
        });
        await sleep(100);
      }
    })();
    await Promise.all([end, looking]);
  }

  async #do(act: Act): Promise<void> {
    const also = this.#also[act.do];
    if (also !== undefined) return also(act);
    const world = this.#world;
    switch (act.do) {
      case "strange requests":
        world.isStrange = true;
        return;
      case "usual requests":
        world.isStrange = false;
        world.isAsking = true;
        return;
      case "no requests":
        world.isAsking = false;
        return;
      case "kill":
        return killStep(world, act.node ?? "");
      case "ledger away":
        return takeLedgerAway(world);
      case "compile again":
        return world.changePolicy();
      case "tick":
        throw new Error("only what carries out can tick");
      default: {
        const [command = "", ...words] = COMMANDS[act.do];
        const run = (await world.records(["run_started"])).at(-1)?.run ?? "";
        const { code, said } = await world.say(command, run, ...words);
        if (code !== 0) throw new Error(said);
      }
    }
  }
}

const COMMANDS = {
  approve: ["approve", "--because", "the numbers are good"],
  deny: ["deny", "--because", "not this week"],
  hold: ["hold", "--because", "a look at it"],
  resume: ["resume", "--because", "it is fine"],
  "roll back": ["rollback", "--because", "customers complain"],
} as const;

/** The ledger's file is not there for two seconds. */
export async function takeLedgerAway(world: EngineWorld): Promise<void> {
  const { ledger } = world.plan.bindings;
  if (ledger.kind !== "sqlite") throw new Error("only a file can be taken away");
  const file = join(world.root, ledger.path);
  renameSync(file, `${file}.away`);
  await sleep(2_000);
  renameSync(`${file}.away`, file);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && error.name === "LedgerError";
}

/** Kills the process of a step of the runtime, as a node that goes away does. */
async function killStep(world: EngineWorld, node: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && isStep(world, name, node));
    for (const pid of pids) process.kill(Number(pid), "SIGKILL");
    if (pids.length > 0) return;
    await sleep(50);
  }
  throw new Error(`no process works at ${node}`);
}

function isStep({ root }: EngineWorld, pid: string, node: string): boolean {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return words.includes("--node") && words.includes(node) && readlinkSync(`/proc/${pid}/cwd`) === root;
  } catch {
    return false;
  }
}
