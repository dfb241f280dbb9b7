import { expect, it } from "vitest";
import { workClock } from "../../../runtime/clock/work.ts";

const quiet = { before: async () => {}, moved: async () => {} };

it("jumps to the earliest due instant when every task sleeps", async () => {
  const seen: string[] = [];
  const clock = workClock(0, {
    before: async (from, to) => void seen.push(`${from}->${to}`),
    moved: async (to) => void seen.push(`at ${to}`),
  });
  await Promise.all([
    clock.task(async () => {
      await clock.sleepUntil(10);
      seen.push(`a ${clock.now()}`);
      await clock.sleepUntil(30);
      seen.push(`a ${clock.now()}`);
    }),
    clock.task(async () => {
      await clock.sleepUntil(20);
      seen.push(`b ${clock.now()}`);
    }),
  ]);
  expect(seen).toEqual(["0->10", "at 10", "a 10", "10->20", "at 20", "b 20", "20->30", "at 30", "a 30"]);
});

it("stands still while one task works", async () => {
  const clock = workClock(0, quiet);
  let finished = false;
  await Promise.all([
    clock.task(async () => {
      await clock.sleepUntil(10);
      expect(finished).toBe(true);
    }),
    clock.task(async () => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(clock.now()).toBe(0);
      finished = true;
    }),
  ]);
  expect(clock.now()).toBe(10);
});

it("returns at once for an instant that has passed", async () => {
  const clock = workClock(100, quiet);
  await clock.task(() => clock.sleepUntil(50));
  expect(clock.now()).toBe(100);
});

it("does not move when a participant refuses, and every sleeper hears of it", async () => {
  const clock = workClock(0, { before: () => Promise.reject(new Error("no")), moved: async () => {} });
  const lives = await Promise.allSettled([
    clock.task(() => clock.sleepUntil(5)),
    clock.task(() => clock.sleepUntil(9)),
  ]);
  expect(lives.map((life) => life.status)).toEqual(["rejected", "rejected"]);
  expect(clock.now()).toBe(0);
});

it("an aborted sleeper wakes with the reason while the others go on", async () => {
  const clock = workClock(0, quiet);
  const stop = new AbortController();
  const lives = await Promise.allSettled([
    clock.task(() => clock.sleepUntil(1000, stop.signal)),
    clock.task(async () => {
      await clock.sleepUntil(10);
      stop.abort(new Error("stop"));
      await clock.sleepUntil(20);
    }),
  ]);
  expect(lives.map((life) => life.status)).toEqual(["rejected", "fulfilled"]);
  expect(clock.now()).toBe(20);
});
