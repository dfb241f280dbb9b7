import { type ChildProcess, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A process of the rehearsal, with everything it printed. */
export interface Running {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Both outputs so far. */
  readonly output: () => string;
  /** Standard error so far. */
  readonly errors: () => string;
  /** Exit code, or the name of the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** Resolves once a line holds the text; rejects when the process ends first. */
  readonly says: (text: string) => Promise<void>;
}

/** Compiled sources are kept between the many short processes of a rehearsal. */
const CACHE = join(tmpdir(), "retrain-faults-compile-cache");

/** Starts a TypeScript file in a Node process of its own. */
export function startNode(file: string, args: readonly string[], folder: string): Running {
  const env = { ...process.env, NODE_COMPILE_CACHE: CACHE };
  const child = spawn(process.execPath, [file, ...args], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  // A test that breaks off leaves nothing running.
  const end = () => void child.kill("SIGKILL");
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
  let output = "";
  let errors = "";
  const listeners = new Set<() => void>();
  const hear = (chunk: Buffer) => {
    output += chunk;
    for (const listener of listeners) listener();
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk;
    hear(chunk);
  });
  const ended = new Promise<number | string>((resolve) => {
    child.on("close", (code, signal) => resolve(code ?? signal ?? "unknown"));
  });
  const says = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const listener = () => {
        if (!output.includes(text)) return;
        listeners.delete(listener);
        resolve();
      };
      listeners.add(listener);
      listener();
      void ended.then((code) => reject(new Error(`${file} ended with ${code} and did not say "${text}":\n${output}`)));
    });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${file} could not be started`);
  return { child, pid, output: () => output, errors: () => errors, ended, says };
}

/** SIGKILL by process id, and the wait until it is gone. */
export async function kill(running: Running): Promise<void> {
  running.child.kill("SIGKILL");
  await running.ended;
}
