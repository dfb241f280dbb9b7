import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";

const command = join(import.meta.dirname, "../../dist/retrain.js");

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function surroundingsOf(): NodeJS.ProcessEnv {
  if (!existsSync(command)) throw new Error("the command is not built; run `npm run build` first");
  const { NO_COLOR: _no, FORCE_COLOR: _force, ...surroundings } = process.env;
  return surroundings;
}

/** Runs the bundled command to its end, without a terminal and without colour. */
export function retrain(folder: string, ...words: readonly string[]): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, "-C", folder, ...words], {
    encoding: "utf8",
    env: surroundingsOf(),
  });
  return { code: status, out: stdout, err: stderr };
}

/** A command that goes on until it is told to end. */
export interface Running {
  /** Waits until it has written a text to standard error, after what was waited for before. Rejects when it ends first. */
  readonly says: (text: string) => Promise<void>;
  /** Sends a signal and waits for its end. */
  readonly end: (signal: NodeJS.Signals) => Promise<Outcome>;
}

/** Starts the bundled command as above; it is killed when the test ends. */
export function startRetrain(folder: string, ...words: readonly string[]): Running {
  const child = spawn(process.execPath, [command, "-C", folder, ...words], { env: surroundingsOf() });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [out, err]: [string[], string[]] = [[], []];
  let taken = 0;
  let ended = false;
  let wake = (): void => {};
  child.stdout.on("data", (part: Buffer) => out.push(part.toString()));
  child.stderr.on("data", (part: Buffer) => {
    err.push(part.toString());
    wake();
  });
  const end = new Promise<Outcome>((resolve) => {
    child.on("close", (code) => {
      ended = true;
      wake();
      resolve({ code, out: out.join(""), err: err.join("") });
    });
  });
  return {
    says: async (text) => {
      for (;;) {
        const at = err.join("").indexOf(text, taken);
        if (at >= 0) {
          taken = at + text.length;
          return;
        }
        if (ended) throw new Error(`it ended without saying ${text}: ${err.join("").slice(taken)}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    end: (signal) => {
      child.kill(signal);
      return end;
    },
  };
}
