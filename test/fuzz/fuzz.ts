import { Worker } from "node:worker_threads";
import { corpusSeeds, type SeedFile } from "./seeds.ts";

/** What one thread is to do. */
export interface Task {
  readonly files: readonly SeedFile[];
  readonly seed: number;
  readonly first: number;
  readonly count: number;
  /** Finished inputs of each thread, which the watch reads. */
  readonly progress: Int32Array;
  readonly slot: number;
  /** Problems after which a thread stops. */
  readonly told: number;
}

export interface Problem {
  /** The number of the input, which with the seed gives its text (`inputText`). */
  readonly input: number;
  readonly kind: "crash or difference" | "slow" | "hang" | "end of the thread";
  readonly problem: string;
}

export interface Tally {
  readonly inputs: number;
  readonly parsed: number;
  readonly characters: number;
  /** The longest input in milliseconds of the processor. */
  readonly slowest: { readonly input: number; readonly took: number };
  readonly problems: readonly Problem[];
}

export interface FuzzOptions {
  readonly count: number;
  readonly seed: number;
  /** Threads; the same seed gives the same inputs, whatever their number. */
  readonly workers: number;
  /** Called every few seconds with the number of finished inputs. */
  readonly onProgress?: (inputs: number) => void;
}

/** Milliseconds without a finished input after which a thread counts as hanging. */
const patience = 20_000;

/** Problems of a thread after which it stops. */
const told = 20;

const nothing: Tally = { inputs: 0, parsed: 0, characters: 0, slowest: { input: 0, took: 0 }, problems: [] };

/** Sends mutated texts of the corpus through lexer, parser, checker and formatter. */
export async function fuzz({ count, seed, workers, onProgress }: FuzzOptions): Promise<Tally> {
  const files = corpusSeeds();
  const progress = new Int32Array(new SharedArrayBuffer(4 * workers));
  const share = Math.ceil(count / workers);
  const telling = setInterval(() => onProgress?.(progress.reduce((sum, done) => sum + done, 0)), 10_000);
  const tallies = await Promise.all(
    Array.from({ length: workers }, (_, slot) => {
      const first = slot * share;
      return runThread({
        files,
        seed,
        first,
        count: Math.max(Math.min(share, count - first), 0),
        progress,
        slot,
        told,
      });
    }),
  );
  clearInterval(telling);
  return tallies.reduce(sum, nothing);
}

function sum(left: Tally, right: Tally): Tally {
  return {
    inputs: left.inputs + right.inputs,
    parsed: left.parsed + right.parsed,
    characters: left.characters + right.characters,
    slowest: left.slowest.took >= right.slowest.took ? left.slowest : right.slowest,
    problems: [...left.problems, ...right.problems],
  };
}

/** Runs a thread and watches it; one that hangs or ends is named by its input and is not run again. */
function runThread(task: Task): Promise<Tally> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL("./worker.run.ts", import.meta.url), {
      workerData: task,
      resourceLimits: { maxYoungGenerationSizeMb: 64 },
    });
    let before = -1;
    const end = (kind: Problem["kind"], problem: string): void => {
      clearInterval(watch);
      const done = Atomics.load(task.progress, task.slot);
      resolve({ ...nothing, inputs: done, problems: [{ input: task.first + done, kind, problem }] });
    };
    const watch = setInterval(() => {
      const now = Atomics.load(task.progress, task.slot);
      if (now !== before) before = now;
      else void worker.terminate().then(() => end("hang", `does not end within ${patience / 1000} s`));
    }, patience);
    worker.on("message", (tally: Tally) => {
      clearInterval(watch);
      resolve(tally);
    });
    worker.on("error", (error) => end("end of the thread", String(error)));
  });
}
