import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { CHAPTERS } from "./rehearsal/chapters.ts";
import { kill, type Running } from "./rehearsal/children.ts";
import { type Ground, prepareGround, Rehearsal } from "./rehearsal/rehearsal.ts";
import { Watcher } from "./rehearsal/watcher.ts";

let ground: Ground;
let life: Rehearsal;

beforeEach(async () => {
  ground = await prepareGround();
  life = new Rehearsal(ground);
  await life.open();
  expect(await life.retrain(chapter("first model").command).ended).toBe(0);
}, 60_000);

afterEach(async () => {
  await life.close();
  ground.remove();
});

function chapter(name: string) {
  const found = CHAPTERS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no chapter ${name}`);
  return found;
}

function running(): Running {
  if (life.server === undefined) throw new Error("the server was never started");
  return life.server;
}

function champion(): unknown {
  const text = readFileSync(join(life.folder, ".retrain/registry/parcels/aliases.json"), "utf8");
  return (JSON.parse(text) as { aliases: { champion?: { version: string } } }).aliases.champion?.version;
}

const RUN = ["run", "parcels", "--because", "a try"];

it("a server that does not run ends the run with what to do, and the run goes on once it runs", async () => {
  await kill(running());
  const without = life.retrain(RUN);
  expect(await without.ended).toBe(3);
  expect(without.errors()).toMatch(
    /the model server at http:\/\/127\.0\.0\.1:\d+ does not answer; start it with `retrain serve/,
  );
  expect(without.output()).not.toMatch(/^\s+at /m);
  expect(champion()).toBe("1");
  await life.startServer();
  expect(await life.predict()).toEqual({ status: 200, version: "1" });
  const next = life.retrain(RUN);
  expect(await next.ended).toBe(0);
  expect(next.output()).toMatch(/continuing run parcels-/);
  expect(next.output()).toMatch(/parcels-\w+: promoted/);
  expect(champion()).toBe("2");
}, 120_000);

it("a server that is killed during the canary comes back with its route, the champion serves on, and the rollout ends", async () => {
  const watcher = new Watcher(life.folder);
  watcher.look();
  const watching = life.retrain(chapter("promoted").command);
  const { promise, resolve } = Promise.withResolvers<void>();
  watcher.start(({ key }) => {
    if (key.endsWith("/stage.shadow/ended")) resolve();
  });
  await promise;
  await new Promise((pass) => setTimeout(pass, 100));
  const route = await (await fetch(`http://127.0.0.1:${ground.ports.server}/route`)).json();
  await kill(running());
  await new Promise((pass) => setTimeout(pass, 500));
  await life.startServer();
  const { fence: _, ...before } = route as { fence: number; champion: string; share: number };
  expect(before).toMatchObject({ champion: "1", share: 0.5 });
  const versions = new Set<string | undefined>();
  for (let number = 0; number < 20; number += 1) {
    const { status, version } = await life.predict(`asked ${number}`);
    expect(status).toBe(200);
    versions.add(version);
  }
  expect([...versions].sort()).toEqual(["1", "2"]);
  watcher.stop();
  expect(await watching.ended, watching.output()).toBe(0);
  expect(watching.output()).toMatch(/parcels-\w+: promoted/);
  expect(champion()).toBe("2");
}, 120_000);
