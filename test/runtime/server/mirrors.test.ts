import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { Mirrors } from "../../../runtime/server/mirrors.ts";

it("runs no more than eight at once and drops what exceeds its queue", async () => {
  const mirrors = new Mirrors();
  const gate = Promise.withResolvers<void>();
  let running = 0;
  let most = 0;
  let dropped = 0;
  for (let at = 0; at < 1_100; at += 1) {
    mirrors.add({
      run: async () => {
        running += 1;
        most = Math.max(most, running);
        await gate.promise;
        running -= 1;
      },
      drop: () => {
        dropped += 1;
      },
    });
  }
  gate.resolve();
  await mirrors.idle();
  expect([most, dropped, running]).toEqual([8, 1_100 - 1_000 - 8, 0]);
});

it("idle waits for what was added before and for nothing that came later", async () => {
  const mirrors = new Mirrors();
  const first = Promise.withResolvers<void>();
  const later = Promise.withResolvers<void>();
  let isIdle = false;
  mirrors.add({ run: () => first.promise, drop: () => undefined });
  const idle = mirrors.idle().then(() => {
    isIdle = true;
  });
  mirrors.add({ run: () => later.promise, drop: () => undefined });
  for (let at = 0; at < 20; at += 1) mirrors.add({ run: () => Promise.resolve(), drop: () => undefined });
  await sleep(5);
  expect(isIdle).toBe(false);
  first.resolve();
  await idle;
  later.resolve();
  await mirrors.idle();
});
