import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { PipelinePlan } from "../../../compiler/plan/plan.ts";
import type { Engine } from "../../../runtime/engine/engine.ts";
import { runFolder } from "../../../runtime/engine/engine.ts";
import { keys, type RunEnded } from "../../../runtime/engine/run-records.ts";
import { runName, startRun } from "../../../runtime/engine/start-run.ts";
import { watch } from "../../../runtime/engine/watch.ts";
import type { Outcome } from "../../../runtime/triggers/outcome.ts";
import { openSmall, type SmallProject, smallProject } from "../../support/small-project.ts";

/** Two causes told from outside, and a monitor that lets a later firing take the place of a run. */
function replacing({ folder, plan }: SmallProject, queue: "replace" | "latest"): SmallProject {
  const place = { file: "small.retrain", line: 1, column: 1, endLine: 1, endColumn: 1 };
  const causes = ["one", "two"].map((event) => {
    const text = `event "${event}"`;
    return { id: `event.${event}`, text, place, kind: "event" as const, event };
  });
  const monitor: PipelinePlan["monitor"] = { ...plan.monitor, queue, causes };
  return { folder, plan: { ...plan, monitor } };
}

async function tell({ ledger, chain, clock }: Engine, event: string): Promise<void> {
  await ledger.append({ chain, key: `event/${event}`, kind: "command", at: clock.now(), body: { event } });
}

async function endOf({ ledger, chain }: Engine, run: string): Promise<RunEnded | undefined> {
  return (await ledger.find(chain, keys.ended(run)))?.body as RunEnded | undefined;
}

async function firings({ ledger, chain, plan }: Engine) {
  const records = await ledger.list({ chain, kinds: ["firing"] });
  return records.flatMap((record) => {
    const { outcome } = record.body as { outcome: Outcome };
    return outcome.kind === "fire" ? [{ ...outcome, run: runName(plan.policy.name, outcome.key) }] : [];
  });
}

function trainer(folder: string): number | undefined {
  return readdirSync(folder).includes("training") ? Number(readFileSync(join(folder, "training"), "utf8")) : undefined;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

it("queue replace: a later firing cancels the run that trains, ends its step, and carries its causes", async () => {
  const project = replacing(await smallProject(), "replace");
  const { folder } = project;
  const engine = await openSmall(project);
  writeFileSync(join(folder, "wait"), "");
  const ends: [string, RunEnded["outcome"]][] = [];
  const stop = new AbortController();
  const watching = watch(engine, { signal: stop.signal, ended: (run, end) => ends.push([run, end.outcome]) });
  await tell(engine, "one");
  await expect.poll(() => trainer(folder), { timeout: 20_000 }).toBeGreaterThan(0);
  const trained = trainer(folder) ?? 0;
  await tell(engine, "two");
  await expect.poll(async () => (await firings(engine)).length, { timeout: 20_000 }).toBe(2);
  const [first, second] = await firings(engine);
  await expect.poll(() => endOf(engine, first?.run ?? ""), { timeout: 20_000 }).toBeDefined();
  expect(isRunning(trained)).toBe(false);
  expect(await endOf(engine, first?.run ?? "")).toEqual({
    outcome: "cancelled",
    node: "train",
    sentence: `run ${second?.run} takes its place before its rollout began: ${second?.sentence}`,
  });
  rmSync(join(folder, "wait"));
  await expect.poll(() => endOf(engine, second?.run ?? ""), { timeout: 30_000 }).toMatchObject({ outcome: "refused" });
  stop.abort(new Error("enough"));
  await expect(watching).rejects.toThrow("enough");
  expect(second?.replaces).toBe(first?.run);
  expect(ends).toEqual([
    [first?.run, "cancelled"],
    [second?.run, "refused"],
  ]);
  expect((await engine.ledger.verify()).broken).toBeUndefined();
});

it("queue latest leaves the run alone: the later firing waits for its end", async () => {
  const project = replacing(await smallProject(), "latest");
  const { folder } = project;
  const engine = await openSmall(project);
  writeFileSync(join(folder, "wait"), "");
  const stop = new AbortController();
  const watching = watch(engine, { signal: stop.signal });
  await tell(engine, "one");
  await expect.poll(() => trainer(folder), { timeout: 20_000 }).toBeGreaterThan(0);
  await tell(engine, "two");
  const { ledger, chain } = engine;
  await expect
    .poll(async () => (await ledger.list({ chain, kinds: ["suppressed"] })).length, { timeout: 20_000 })
    .toBe(1);
  const [first] = await firings(engine);
  rmSync(join(folder, "wait"));
  await expect.poll(() => endOf(engine, first?.run ?? ""), { timeout: 30_000 }).toMatchObject({ outcome: "refused" });
  stop.abort(new Error("enough"));
  await expect(watching).rejects.toThrow("enough");
});

it("a life that was killed between the firing and the cancellation is made up for: one run is cancelled, one started", async () => {
  const project = replacing(await smallProject(), "replace");
  const engine = await openSmall(project);
  const { ledger, chain, clock, plan } = engine;
  const lease = await ledger.acquire(chain, engine.holder, 60_000);
  if ("held" in lease) throw new Error("the lease is free in this test");
  const first = await startRun(engine, { key: "event.one@1", firing: "event.one@1", because: "one" }, lease);
  const outcome = { kind: "fire", key: "event.two@1", causes: [], replaces: first, sentence: "started: two" };
  const state = { schema: "retrain.monitor/1", conditions: [], instants: [], episodes: [], handled: [] };
  const more = { lastCheck: clock.now(), lastTick: clock.now(), wakes: [], refusals: 0 };
  const breaker = { failures: 0, openedAt: null, openUntil: null, length: 0 };
  const latest = { promotion: null, refusal: null, failure: null, rollback: null };
  const body = { state: { ...state, ...more, breaker, latest }, outcome, notes: [], answers: {}, sentence: "two" };
  await ledger.append({ chain, key: "tick/1", kind: "firing", at: clock.now(), body }, lease);
  await ledger.release(lease);
  const second = runName(plan.policy.name, "event.two@1");
  const stop = new AbortController();
  const watching = watch(engine, {
    signal: stop.signal,
    ended: (run) => {
      if (run === second) stop.abort(new Error("enough"));
    },
  });
  await expect(watching).rejects.toThrow("enough");
  expect(await endOf(engine, first)).toMatchObject({ outcome: "cancelled" });
  expect(await endOf(engine, second)).toMatchObject({ outcome: "refused" });
  expect(readdirSync(runFolder(engine, second))).toContain("train");
});
