import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { CHAPTERS } from "./rehearsal/chapters.ts";
import { processesIn } from "./rehearsal/lives.ts";
import { WELL } from "./rehearsal/options.ts";
import { prepareGround, Rehearsal } from "./rehearsal/rehearsal.ts";
import { type Seen, Watcher } from "./rehearsal/watcher.ts";

/** Lives the first chapter, and the second with one signal at a record; then goes on. */
async function interrupt(signal: "SIGINT" | "SIGTERM", at: (record: Seen) => boolean): Promise<number | string> {
  const ground = await prepareGround();
  const life = new Rehearsal(ground);
  await life.open();
  const watcher = new Watcher(life.folder);
  try {
    const [first, second] = CHAPTERS;
    if (first === undefined || second === undefined) throw new Error("a life without two chapters");
    expect(await life.retrain(first.command).ended).toBe(0);
    life.options({ ...WELL, pause: 3_000 });
    watcher.look();
    const running = life.retrain(second.command);
    const { promise, resolve } = Promise.withResolvers<void>();
    watcher.start((record) => {
      if (at(record)) resolve();
    });
    await promise;
    await new Promise((pass) => setTimeout(pass, 300));
    const asked = performance.now();
    running.child.kill(signal);
    const code = await running.ended;
    expect(performance.now() - asked).toBeLessThan(8_000);
    expect(running.errors()).toContain(`${signal}: stopping`);
    expect(running.output()).not.toMatch(/^\s+at /m);
    expect(leasesHeld(life.folder)).toEqual([]);
    expect(processesIn(life.folder).filter((line) => / (run|watch) |train\.run|evaluate\.run/.test(line))).toEqual([]);
    expect(await life.predict()).toMatchObject({ status: 200 });
    life.options(WELL);
    const next = life.retrain(second.command);
    expect(await next.ended).toBe(0);
    expect(next.output()).toMatch(/continuing run parcels-/);
    expect(next.output()).toMatch(/parcels-\w+: promoted/);
    const aliases = readFileSync(join(life.folder, ".retrain/registry/parcels/aliases.json"), "utf8");
    expect(JSON.parse(aliases)).toMatchObject({ aliases: { champion: { version: "2" } } });
    return code;
  } finally {
    watcher.stop();
    await life.close();
    ground.remove();
  }
}

function leasesHeld(folder: string): unknown[] {
  const database = new DatabaseSync(join(folder, ".retrain/ledger.db"), { readOnly: true });
  try {
    return database.prepare("SELECT name, holder FROM leases WHERE holder IS NOT NULL").all();
  } finally {
    database.close();
  }
}

const isTraining = ({ key }: Seen) => key.endsWith("/train/started/1");
const isInShadow = ({ phase }: Seen) => phase === "converging";

it("Ctrl-C during train ends the step, gives the lease back with code 130, and the next start goes on", async () => {
  expect(await interrupt("SIGINT", isTraining)).toBe(130);
}, 120_000);

it("SIGTERM during a stage gives the lease back with code 143, and the next start goes on", async () => {
  expect(await interrupt("SIGTERM", isInShadow)).toBe(143);
}, 120_000);
