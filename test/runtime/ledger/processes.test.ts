import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { thisProcess } from "../../../runtime/ledger/identity.ts";
import type { Lease, Ledger } from "../../../runtime/ledger/ledger.ts";
import { openLedger } from "../../../runtime/ledger/open.ts";
import { type Child, killNow, startChild } from "../../support/child.ts";
import { temporaryFolder } from "../../support/folder.ts";

const appender = fileURLToPath(new URL("append.run.ts", import.meta.url));
const holder = fileURLToPath(new URL("hold.run.ts", import.meta.url));
const open = (root: string): Promise<Ledger> => openLedger({ kind: "sqlite", path: "ledger.db" }, root);

async function holding(root: string, ttl: number): Promise<{ readonly child: Child; readonly lease: Lease }> {
  const child = startChild(holder, [root, String(ttl)]);
  return { child, lease: JSON.parse((await child.line()) ?? "the holder ended") as Lease };
}

it("six processes that append at once lose nothing and write nothing twice", async () => {
  const root = temporaryFolder();
  const writers = [0, 1, 2, 3, 4, 5].map((index) => startChild(appender, [root, `own${index}`, "100", "40"]));
  const lines = (await Promise.all(writers.map((writer) => writer.rest()))).flat();
  const wrote = lines.filter((line) => line.startsWith("wrote "));
  expect(lines).toHaveLength(6 * 140);
  expect(new Set(wrote).size).toBe(wrote.length);
  expect(wrote).toHaveLength(6 * 100 + 40);
  const ledger = await open(root);
  expect(await ledger.verify()).toEqual({ records: 640 });
  const keys = (await ledger.list({ chain: "local/flights" })).map((record) => record.key);
  expect(new Set(keys)).toEqual(new Set(wrote.map((line) => line.slice("wrote ".length))));
  await ledger.close();
});

it("a writer killed at any moment, thirty times, leaves every record it has told of and a whole chain", async () => {
  const root = temporaryFolder();
  const told: string[] = [];
  for (let round = 0; round < 30; round += 1) {
    const writer = startChild(appender, [root, `round${round}`, "1000000"]);
    const first = await writer.line();
    await sleep(Math.random() * 20);
    await killNow(writer);
    const lines = [first, ...(await writer.rest())].filter((line) => line !== undefined);
    // A line cut by the kill tells nothing.
    told.push(...lines.flatMap((line) => /^wrote (round\d+-\d+)$/.exec(line)?.[1] ?? []).slice(0, -1));
    const ledger = await open(root);
    const verification = await ledger.verify();
    expect(verification.broken).toBeUndefined();
    expect(verification.records).toBeGreaterThanOrEqual(told.length);
    await ledger.close();
  }
  const ledger = await open(root);
  const keys = new Set((await ledger.list({ chain: "local/flights" })).map((record) => record.key));
  expect(told.filter((key) => !keys.has(key))).toEqual([]);
  expect(told.length).toBeGreaterThan(30);
  await ledger.close();
});

it("the lease of a killed process is taken at once, with a higher fence", async () => {
  const root = temporaryFolder();
  const { child, lease } = await holding(root, 3_600_000);
  const ledger = await open(root);
  expect(await ledger.acquire("policy", thisProcess(), 1_000)).toMatchObject({ held: true, holder: lease.holder });
  await killNow(child);
  const start = performance.now();
  expect(await ledger.acquire("policy", thisProcess(), 1_000)).toEqual({
    name: "policy",
    holder: thisProcess(),
    fence: lease.fence + 1,
  });
  expect(performance.now() - start).toBeLessThan(1_000);
  await ledger.close();
});

it("a holder that was paused past its lease is fenced when it wakes", async () => {
  const root = temporaryFolder();
  const { child, lease } = await holding(root, 1_500);
  child.process.stdin?.write("before\n");
  expect(await child.line()).toBe("written");
  child.process.kill("SIGSTOP");
  const ledger = await open(root);
  expect(await ledger.acquire("policy", thisProcess(), 60_000)).toMatchObject({ held: true });
  await sleep(1_600);
  expect(await ledger.acquire("policy", thisProcess(), 60_000)).toMatchObject({ fence: lease.fence + 1 });
  child.process.stdin?.write("after\n");
  child.process.kill("SIGCONT");
  expect(await child.line()).toBe("fenced");
  expect((await ledger.list({ chain: "local/flights" })).map((record) => record.key)).toEqual(["before"]);
  await ledger.close();
});
