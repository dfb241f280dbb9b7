import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A server of the cluster: runs in a process group of its own, writes to a log. */
export class Server {
  readonly name: string;
  readonly #log: string;
  readonly #child: ChildProcess;

  constructor(
    name: string,
    logs: string,
    program: string,
    words: readonly string[],
    environment: NodeJS.ProcessEnv = {},
  ) {
    this.name = name;
    this.#log = join(logs, `${name}.log`);
    const log = openSync(this.#log, "a");
    this.#child = spawn(program, words, {
      stdio: ["ignore", log, log],
      detached: true,
      env: { ...process.env, ...environment },
    });
    this.#child.on("error", () => {});
  }

  get ended(): boolean {
    return this.#child.pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Waits until `ready` says so. Rejects with the end of the log where the server ends before, or after `seconds`. */
  async until(ready: () => Promise<boolean>, seconds = 60): Promise<void> {
    const end = performance.now() + seconds * 1000;
    while (!(await ready().catch(() => false))) {
      if (this.ended || performance.now() > end) {
        const tail = readFileSync(this.#log, "utf8").split("\n").slice(-12).join("\n");
        throw new Error(`${this.name} ${this.ended ? "ended" : `was not ready after ${seconds} s`}:\n${tail}`);
      }
      await sleep(100);
    }
  }

  /** Ends the whole group: asks for `grace` milliseconds, then kills. */
  async stop(grace = 2_000): Promise<void> {
    const { pid } = this.#child;
    if (pid === undefined || this.ended) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    signal(pid, "SIGTERM");
    await Promise.race([ended, sleep(grace)]);
    signal(pid, "SIGKILL");
    await ended;
  }

  kill(): void {
    if (this.#child.pid !== undefined) signal(this.#child.pid, "SIGKILL");
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch {
    // It has ended meanwhile.
  }
}

/** Runs a program to its end and gives what it printed; `quietly` gives an empty text where it fails. */
export function run(program: string, words: readonly string[], quietly = false): string {
  try {
    return execFileSync(program, words, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", quietly ? "ignore" : "inherit"],
    });
  } catch (error) {
    if (quietly) return "";
    throw error;
  }
}
