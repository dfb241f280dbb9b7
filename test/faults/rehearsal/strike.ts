import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { withLock } from "../../../runtime/files/lock.ts";
import { kill, type Running } from "./children.ts";
import type { Rehearsal } from "./rehearsal.ts";
import type { Seen, Watcher } from "./watcher.ts";
import type { Window } from "./windows.ts";

/** Where a life is killed. */
export type Strike =
  | {
      readonly how: "window";
      readonly window: Window;
      /** Milliseconds after the window has begun. */
      readonly delay: number;
      /** What else is killed in the same moment. */
      readonly also?: "step" | "server";
    }
  /** A moment of whatever a life does that goes on after an earlier kill. */
  | { readonly how: "recovery"; readonly delay: number }
  | {
      readonly how: "effect";
      readonly effect: "route" | "alias" | "register";
      /** Before it is done, its intent being recorded; or once it is done and not recorded. */
      readonly side: "before" | "after";
      /** Which change of the route in this chapter, from 0. */
      readonly nth: number;
    };

/** Lays a strike on a `retrain` that was just started. The promise resolves once it has been killed, and never if it ends before. */
export function lay(strike: Strike, life: Rehearsal, running: Running, watcher: Watcher): Promise<void> {
  if (strike.how === "window") return inWindow(strike, life, running, watcher);
  if (strike.how === "recovery") {
    return new Promise((resolve, reject) => {
      setTimeout(() => {
        if (running.child.exitCode === null) kill(running).then(resolve, reject);
      }, strike.delay);
    });
  }
  if (strike.effect === "route") {
    return new Promise((resolve) => {
      const { side, nth } = strike;
      life.proxy.lay({ side, nth, strike: () => kill(running).then(resolve) });
    });
  }
  return atRegistry(strike.effect, strike.side, life, running, watcher);
}

function inWindow(
  { window, delay, also }: Extract<Strike, { how: "window" }>,
  life: Rehearsal,
  running: Running,
  watcher: Watcher,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let begun = false;
    watcher.start((record) => {
      if (begun || !window.begins(record)) return;
      begun = true;
      setTimeout(() => {
        if (running.child.exitCode !== null) return;
        killWith(also, life, running).then(resolve, reject);
      }, delay);
    });
  });
}

async function killWith(also: "step" | "server" | undefined, life: Rehearsal, running: Running): Promise<void> {
  if (also === "server") {
    // The requests under way are answered first: what the world has asked is the same in every life.
    await life.told("/pause");
    if (running.child.exitCode !== null) {
      await life.told("/resume");
      return;
    }
    await Promise.all([kill(running), life.server === undefined ? undefined : kill(life.server)]);
    await life.startServer();
    await life.told("/resume");
    return;
  }
  if (also === "step") killStep(life);
  await kill(running);
}

/** Kills the process that works in a step's folder, by its id. */
function killStep(life: Rehearsal): void {
  for (const file of readdirSync(join(life.folder, ".retrain/runs"), { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith("process.json")) continue;
    try {
      const { pid } = JSON.parse(readFileSync(join(life.folder, ".retrain/runs", file), "utf8")) as { pid: number };
      process.kill(pid, "SIGKILL");
    } catch {
      // It has just ended, or is just being written.
    }
  }
}

const isAboutChampion = ({ intent }: Seen) => intent?.kind === "alias" && intent.name === "champion";
const isAboutRegister = ({ key }: Seen) => key.endsWith("/register/intent");

/** Holds the registry's lock until the intent is recorded; then kills, or holds the ledger's lock until the effect is done and kills then. */
function atRegistry(
  effect: "alias" | "register",
  side: "before" | "after",
  life: Rehearsal,
  running: Running,
  watcher: Watcher,
): Promise<void> {
  const registry = join(life.folder, ".retrain/registry/parcels");
  return new Promise((resolve, reject) => {
    const isIntent = effect === "alias" ? isAboutChampion : isAboutRegister;
    // The register node takes the lock itself before the alias is due: it is held only from then on.
    const isTime = effect === "alias" ? ({ phase }: Seen) => phase === "converging" : () => true;
    let held: PromiseWithResolvers<void> | undefined;
    watcher.start((record) => {
      if (held === undefined && isTime(record)) {
        mkdirSync(registry, { recursive: true });
        held = Promise.withResolvers();
        const until = held;
        withLock(join(registry, "lock"), () => until.promise).catch(reject);
      }
      if (!isIntent(record)) return;
      const free = () => held?.resolve();
      (side === "before" ? killBefore(running, free) : killAfter(life, registry, running, free)).then(resolve, reject);
    });
  });
}

async function killBefore(running: Running, free: () => void): Promise<void> {
  await sleep(20 * Math.random());
  await kill(running);
  free();
}

async function killAfter(life: Rehearsal, registry: string, running: Running, free: () => void): Promise<void> {
  const before = contents(registry);
  const ledger = new DatabaseSync(join(life.folder, ".retrain/ledger.db"), { timeout: 5_000 });
  ledger.exec("BEGIN IMMEDIATE");
  free();
  while (contents(registry) === before && running.child.exitCode === null) await sleep(1);
  await kill(running);
  ledger.exec("ROLLBACK");
  ledger.close();
}

/** Versions and aliases of a registry as one text. */
function contents(registry: string): string {
  const versions = join(registry, "versions");
  const aliases = join(registry, "aliases.json");
  const names = existsSync(versions) ? readdirSync(versions).sort().join(" ") : "";
  return `${names}\n${existsSync(aliases) ? readFileSync(aliases, "utf8") : ""}`;
}
