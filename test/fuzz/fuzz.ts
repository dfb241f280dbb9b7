import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";

/** What one thread is to do. */
export interface Task {
  readonly texts: readonly string[];
  readonly seed: number;
  readonly first: number;
  readonly count: number;
  /** Finished inputs of each thread, which the watch reads. */
  readonly progress: Int32Array;
  readonly slot: number;
}

export interface Tally {
  readonly inputs: number;
  readonly parsed: number;
  /** Longest input, milliseconds. */
  readonly slowest: number;
  readonly problems: readonly { readonly input: number; readonly problem: string; readonly text: string }[];
}

/** Milliseconds without a finished input after which a thread counts as hanging. */
const patience = 20_000;

/** Every policy of the corpus, valid and broken. */
export function corpusTexts(): string[] {
  const root = join(import.meta.dirname, "../corpus");
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("policy.retrain"))
    .sort()
    .map((path) => readFileSync(join(root, path), "utf8"));
}

/** Sends `count` mutated texts through everything, on two threads. The same seed gives the same inputs, whatever the number of threads. */
export async function fuzz(count: number, seed: number): Promise<Tally> {
  const threads = Math.min(2, availableParallelism());
  const texts = corpusTexts();
  const progress = new Int32Array(new SharedArrayBuffer(4 * threads));
  const share = Math.ceil(count / threads);
  const tallies = await Promise.all(
    Array.from({ length: threads }, (_, slot) => {
      const first = slot * share;
      return runThread({ texts, seed, first, count: Math.max(Math.min(share, count - first), 0), progress, slot });
    }),
  );
  return {
    inputs: tallies.reduce((sum, one) => sum + one.inputs, 0),
    parsed: tallies.reduce((sum, one) => sum + one.parsed, 0),
    slowest: Math.max(...tallies.map(({ slowest }) => slowest)),
    problems: tallies.flatMap(({ problems }) => problems),
  };
}

function runThread(task: Task): Promise<Tally> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL("./worker.run.ts", import.meta.url), { workerData: task });
    let before = -1;
    const end = (problem: string): void => {
      clearInterval(watch);
      const done = task.progress[task.slot] ?? 0;
      resolve({ inputs: done, parsed: 0, slowest: 0, problems: [{ input: task.first + done, problem, text: "" }] });
    };
    const watch = setInterval(() => {
      const now = task.progress[task.slot] ?? 0;
      if (now !== before) before = now;
      else void worker.terminate().then(() => end("hangs"));
    }, patience);
    worker.on("message", (tally: Tally) => {
      clearInterval(watch);
      resolve(tally);
    });
    worker.on("error", (error) => end(String(error)));
  });
}
