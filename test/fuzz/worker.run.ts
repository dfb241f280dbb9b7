import { parentPort, workerData } from "node:worker_threads";
import { examine, timed } from "./examine.ts";
import type { Problem, Tally, Task } from "./fuzz.ts";
import { mutate, poolOf } from "./mutate.ts";
import { inputRandom } from "./random.ts";

/** Milliseconds for 64 KiB; shorter texts have as much. */
const limit = 50;
const size = 64 * 1024;

/** The first inputs of a thread pay for the compiler of the engine. */
const warm = 200;

// Parsers throw to recover; their traces take time and are of no use. What is wrong is examined once more with its trace.
Error.stackTraceLimit = 0;

const { files, seed, first, count, progress, slot, told } = workerData as Task;
const pool = poolOf(files);
const problems: Problem[] = [];
const slowest = { input: first, took: 0 };
let parsed = 0;
let characters = 0;
for (let index = 0; index < count; index += 1) {
  const input = first + index;
  const { text, library } = mutate(pool, inputRandom(seed, input));
  const allowed = limit * Math.max(1, text.length / size);
  const { examined, took } = timed(() => examine(text, library), allowed);
  characters += text.length;
  if (examined.parsed) parsed += 1;
  if (index > warm && took > slowest.took) Object.assign(slowest, { input, took });
  if (examined.problem !== undefined) {
    Error.stackTraceLimit = 20;
    const problem = examine(text, library).problem ?? `${examined.problem}; not at the second time`;
    Error.stackTraceLimit = 0;
    problems.push({ input, kind: "crash or difference", problem });
  }
  if (index > warm && took > allowed) problems.push({ input, kind: "slow", problem: `took ${took.toFixed(0)} ms` });
  Atomics.store(progress, slot, index + 1);
  if (problems.length >= told) break;
}
const inputs = Atomics.load(progress, slot);
parentPort?.postMessage({ inputs, parsed, characters, slowest, problems } satisfies Tally);
