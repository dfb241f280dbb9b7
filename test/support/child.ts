import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";

export interface Child {
  readonly process: ChildProcess;
  /** The next line it printed; undefined after the last. */
  readonly line: () => Promise<string | undefined>;
  /** All lines not taken yet, after it has ended. */
  readonly rest: () => Promise<readonly string[]>;
}

/** Runs a TypeScript file in a Node process of its own; it is killed when the test ends. */
export function startChild(file: string, args: readonly string[] = []): Child {
  const child = spawn(process.execPath, [file, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async (): Promise<string | undefined> => {
    const next = await lines.next();
    return next.done === true ? undefined : next.value;
  };
  return {
    process: child,
    line,
    rest: async () => {
      const all: string[] = [];
      for (let next = await line(); next !== undefined; next = await line()) all.push(next);
      return all;
    },
  };
}

/** Kills a process at once and waits until the operating system has let it go. */
export async function killNow(child: Child): Promise<void> {
  const gone = new Promise<void>((resolve) => {
    if (child.process.exitCode !== null || child.process.signalCode !== null) resolve();
    else child.process.once("exit", () => resolve());
  });
  child.process.kill("SIGKILL");
  await gone;
}
