import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { withLock } from "../../../runtime/files/lock.ts";
import { killNow, startChild } from "../../support/child.ts";
import { temporaryFolder } from "../../support/folder.ts";

it("tasks of one process hold a lock one after the other", async () => {
  const path = join(temporaryFolder(), "lock");
  let inside = 0;
  let most = 0;
  const answers = await Promise.all(
    [1, 2, 3, 4, 5].map((number) =>
      withLock(path, async () => {
        inside += 1;
        most = Math.max(most, inside);
        await sleep(5);
        inside -= 1;
        return number;
      }),
    ),
  );
  expect(answers).toEqual([1, 2, 3, 4, 5]);
  expect(most).toBe(1);
});

it("lets go of the lock when the work fails, and passes its error on", async () => {
  const path = join(temporaryFolder(), "lock");
  const failure = new Error("the work failed");
  await expect(withLock(path, () => Promise.reject(failure))).rejects.toBe(failure);
  expect(await withLock(path, async () => "free", 0)).toBe("free");
});

it("a lock held by another process is waited for, told of in words, and free as soon as that process is killed", async () => {
  const path = join(temporaryFolder(), "lock");
  const child = startChild(fileURLToPath(new URL("hold-lock.run.ts", import.meta.url)), [path]);
  expect(await child.line()).toBe("locked");
  await expect(withLock(path, async () => "had", 300)).rejects.toMatchObject({
    name: "FileError",
    code: "unavailable",
    message: expect.stringContaining(path),
  });
  const waiting = withLock(path, async () => "had", 10_000);
  await killNow(child);
  expect(await waiting).toBe("had");
});

it("a lock whose folder is missing is told in words", async () => {
  const path = join(temporaryFolder(), "missing", "lock");
  await expect(withLock(path, async () => 1)).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringContaining(`cannot lock ${path}`),
  });
});
