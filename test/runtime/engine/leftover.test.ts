import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { ATTEMPT_VARIABLE, endLeftovers, forgetProcess, intendProcess } from "../../../runtime/engine/leftover.ts";
import { keys } from "../../../runtime/engine/run-records.ts";
import { startRun } from "../../../runtime/engine/start-run.ts";
import { watch } from "../../../runtime/engine/watch.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { openSmall, smallProject } from "../../support/small-project.ts";

/** A process that outlives whoever started it, with a mark in its environment. */
function orphan(mark: string): number {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], {
    detached: true,
    stdio: "ignore",
    env: { [ATTEMPT_VARIABLE]: mark },
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error("the process was not started");
  onTestFinished(() => void child.kill("SIGKILL"));
  return pid;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

async function marked(pid: number): Promise<void> {
  await expect.poll(() => readFileSync(`/proc/${pid}/environ`, "utf8")).toContain(ATTEMPT_VARIABLE);
}

it("a process whose number nobody lived to write down is found by its mark and ended; one of another mark is left alone", async () => {
  const folder = temporaryFolder();
  const attempt = join(folder, "attempt-2");
  mkdirSync(attempt);
  await intendProcess(attempt, "mine");
  const [mine, other] = [orphan("mine"), orphan("other")];
  await Promise.all([marked(mine), marked(other)]);
  endLeftovers(folder);
  await expect.poll(() => isRunning(mine)).toBe(false);
  expect(isRunning(other)).toBe(true);
});

it("an attempt that ended well leaves nothing to end, and a file cut off in the middle is no reason to fail", async () => {
  const folder = temporaryFolder();
  const attempt = join(folder, "attempt-1");
  mkdirSync(attempt);
  const pid = orphan("mine");
  await marked(pid);
  await intendProcess(attempt, "mine");
  forgetProcess(attempt);
  endLeftovers(folder);
  expect(isRunning(pid)).toBe(true);
  writeFileSync(join(attempt, "process.json"), '{"pid":');
  endLeftovers(folder);
  endLeftovers(join(folder, "never made"));
  expect(isRunning(pid)).toBe(true);
});

it("a life killed between starting a step and writing down its number leaves an orphan, which the next life ends before it trains", async () => {
  const project = await smallProject();
  const engine = await openSmall(project);
  const lease = await engine.ledger.acquire(engine.chain, engine.holder, 60_000);
  if ("held" in lease) throw new Error("the lease is free in this test");
  const run = await startRun(engine, { key: "by hand", because: "a test" }, lease);
  await engine.ledger.release(lease);
  // What the killed life left of its second attempt: the mark, and no number.
  const attempt = join(project.folder, ".retrain/runs", run, "train/attempt-2");
  mkdirSync(attempt, { recursive: true });
  await intendProcess(attempt, "left");
  const pid = orphan("left");
  await marked(pid);
  const stop = new AbortController();
  const watching = watch(engine, { signal: stop.signal, ended: () => stop.abort(new Error("enough")) });
  // Expected from here on: the run may end before the first look at its folder.
  const ending = expect(watching).rejects.toThrow("enough");
  await expect.poll(() => existsSync(join(project.folder, "training")), { timeout: 20_000 }).toBe(true);
  const wasRunning = isRunning(pid);
  await ending;
  expect(wasRunning).toBe(false);
  expect(await engine.ledger.find(engine.chain, keys.ended(run))).toBeDefined();
});

it("a step carries its attempt's mark in its environment", async () => {
  const project = await smallProject();
  const { folder } = project;
  const mjs = readFileSync(join(folder, "train.mjs"), "utf8");
  writeFileSync(join(folder, "train.mjs"), `${mjs}writeFileSync("mark", process.env.${ATTEMPT_VARIABLE} ?? "none");\n`);
  const engine = await openSmall(project);
  const lease = await engine.ledger.acquire(engine.chain, engine.holder, 60_000);
  if ("held" in lease) throw new Error("the lease is free in this test");
  const run = await startRun(engine, { key: "by hand", because: "a test" }, lease);
  await engine.ledger.release(lease);
  const stop = new AbortController();
  await expect(watch(engine, { signal: stop.signal, ended: () => stop.abort(new Error("enough")) })).rejects.toThrow(
    "enough",
  );
  expect(readFileSync(join(folder, "mark"), "utf8")).toMatch(/^[0-9a-f-]{36}$/);
  expect(existsSync(join(folder, ".retrain/runs", run, "train/attempt-1/mark.json"))).toBe(false);
});
