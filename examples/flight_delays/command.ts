import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Failure } from "./failure.ts";

const HERE = import.meta.dirname;
/** The command as `npm ci` built it. */
const RETRAIN = join(HERE, "../../dist/retrain.js");

export interface Finished {
  readonly code: number;
  /** Lines of standard output. */
  readonly lines: readonly string[];
}

export interface Options {
  /** Told of each line about the work (standard error) as it comes. */
  readonly say?: (line: string) => void;
  /** Told of each line of data (standard output) as it comes. */
  readonly print?: (line: string) => void;
}

function start(program: readonly string[], options: Options): { child: ChildProcess; finished: Promise<Finished> } {
  const child = spawn(process.execPath, program, { cwd: HERE, stdio: ["ignore", "pipe", "pipe"] });
  const lines: string[] = [];
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on("line", (line) => {
    lines.push(line);
    options.print?.(line);
  });
  createInterface({ input: child.stderr as NodeJS.ReadableStream }).on("line", (line) => options.say?.(line));
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code: code ?? (signal === "SIGINT" ? 130 : 143), lines }));
  });
  return { child, finished };
}

/** Runs `retrain` in the example's folder to its end. Rejects with Failure for any exit code but 0. */
export async function retrain(words: readonly string[], options: Options = {}): Promise<Finished> {
  return finish(`retrain ${words.join(" ")}`, begin(words, options).finished);
}

/** Runs one of the example's own scripts to its end. */
export async function script(words: readonly string[], options: Options = {}): Promise<Finished> {
  return finish(`node ${words.join(" ")}`, start(words, options).finished);
}

/** Starts `retrain` in the example's folder and leaves it running. */
export function begin(
  words: readonly string[],
  options: Options,
): { child: ChildProcess; finished: Promise<Finished> } {
  if (!existsSync(RETRAIN))
    throw new Failure("the command is not built yet; run `npm ci` in the project's folder first");
  return start([RETRAIN, ...words], options);
}

async function finish(what: string, finished: Promise<Finished>): Promise<Finished> {
  const result = await finished;
  if (result.code !== 0) throw new Failure(`\`${what}\` ended with exit code ${result.code}`);
  return result;
}
