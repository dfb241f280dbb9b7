import { parentPort, workerData } from "node:worker_threads";
import { timed } from "./examine.ts";
import type { Tally, Task } from "./fuzz.ts";
import { mutate, poolOf } from "./mutate.ts";
import { randomFrom } from "./random.ts";

/** Milliseconds for 64 KiB; shorter texts have as much. */
const limit = 50;
const size = 64 * 1024;

const { texts, seed, first, count, progress, slot } = workerData as Task;
const pool = poolOf(texts);
const problems: { input: number; problem: string; text: string }[] = [];
let parsed = 0;
let slowest = 0;
for (let index = 0; index < count; index += 1) {
  const { text } = mutate(pool, randomFrom(Math.imul(seed, 0x9e3779b1) + first + index));
  const allowed = limit * Math.max(1, text.length / size);
  const { examined, took } = timed(text, allowed);
  if (examined.parsed) parsed += 1;
  // The first inputs pay for the compiler of the engine.
  if (index > 200) slowest = Math.max(slowest, took);
  const problem = examined.problem ?? (index > 200 && took > allowed ? `took ${took.toFixed(0)} ms` : undefined);
  if (problem !== undefined && problems.length < 20) problems.push({ input: first + index, problem, text });
  Atomics.store(progress, slot, index + 1);
}
parentPort?.postMessage({ inputs: count, parsed, slowest, problems } satisfies Tally);
