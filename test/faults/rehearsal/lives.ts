import { readdirSync, readFileSync } from "node:fs";
import { CHAPTERS, type Chapter } from "./chapters.ts";
import type { Running } from "./children.ts";
import { type Portrait, portray } from "./portrait.ts";
import { type Ground, Rehearsal } from "./rehearsal.ts";
import { lay, type Strike } from "./strike.ts";
import { type Seen, Watcher } from "./watcher.ts";
import { measureWindows } from "./windows.ts";

/** A kill that hit. */
export interface Hit {
  readonly chapter: Chapter["name"];
  readonly strike: Strike;
  /** Key of the newest record that the killed life had written. */
  readonly after: string;
}

export interface Lived {
  readonly portrait: Portrait;
  readonly hits: readonly Hit[];
  readonly lengths: Readonly<Record<Chapter["name"], ReadonlyMap<string, number>>>;
  /** Command lines of processes that still work in the life's folder at its end, beside server and world. */
  readonly left: readonly string[];
}

/** Lives a whole life; `strikes` says where each chapter is killed, one kill after the other. */
export async function live(ground: Ground, strikes: (chapter: Chapter["name"]) => readonly Strike[]): Promise<Lived> {
  const life = new Rehearsal(ground);
  await life.open();
  const lengths: Partial<Record<Chapter["name"], ReadonlyMap<string, number>>> = {};
  const hits: Hit[] = [];
  try {
    for (const chapter of CHAPTERS) {
      life.options(chapter.options);
      await chapter.before?.(life);
      const planned = strikes(chapter.name);
      const { seen, hit } = await liveChapter(life, chapter, planned);
      hits.push(...hit);
      if (planned.length === 0) lengths[chapter.name] = measureWindows(chapter.name, seen);
    }
    const portrait = await portray(life);
    const left = processesIn(life.folder).filter((line) => !line.includes("world.run.ts") && !line.includes(" serve "));
    return { portrait, hits, left, lengths: lengths as Lived["lengths"] };
  } finally {
    await life.close();
  }
}

async function liveChapter(
  life: Rehearsal,
  chapter: Chapter,
  strikes: readonly Strike[],
): Promise<{ readonly seen: readonly Seen[]; readonly hit: readonly Hit[] }> {
  const watcher = new Watcher(life.folder);
  const hit: Hit[] = [];
  try {
    watcher.look();
    const before = watcher.seen.length;
    for (const strike of strikes) {
      const running = life.retrain(chapter.command);
      const struck = lay(strike, life, running, watcher).then(() => true);
      const isStruck = await Promise.race([struck, running.ended.then(() => false)]);
      life.proxy.lay(undefined);
      watcher.stop();
      watcher.look();
      if (!isStruck && running.child.signalCode !== "SIGKILL") {
        await endWell(running);
        return { seen: watcher.seen.slice(before), hit };
      }
      await struck;
      hit.push({ chapter: chapter.name, strike, after: watcher.seen.at(-1)?.key ?? "nothing" });
      // A run by hand that has ended is not started again: that would be another run.
      const isOver = chapter.name === "first model" && watcher.seen.some((record) => record.kind === "run_ended");
      if (isOver) return { seen: watcher.seen.slice(before), hit };
    }
    watcher.start(() => {});
    await endWell(life.retrain(chapter.command));
    watcher.look();
    return { seen: watcher.seen.slice(before), hit };
  } finally {
    watcher.stop();
  }
}

async function endWell(running: Running): Promise<void> {
  const code = await running.ended;
  if (code !== 0) throw new Error(`retrain ended with ${code}:\n${running.output()}`);
}

/** Command lines of all processes whose working folder or command line names the folder. */
export function processesIn(folder: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
        return line.includes(folder) ? [line] : [];
      } catch {
        return [];
      }
    });
}
