import { type FSWatcher, globSync, readdirSync, statSync, watch } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { baselineFile } from "../../language/diagnostics/baseline/file-name.ts";
import { isPassedOver, kindOf } from "../driver/project.ts";
import { Interrupted } from "./interruption.ts";

/** Milliseconds to wait after a change: an editor that saves changes a folder several times. */
const DEBOUNCE = 50;

/** Milliseconds by which the time of a file may lie behind the clock. */
const CLOCK_STEP = 10;

/** What work depends on: files, and folders in which files may appear. Absolute paths. */
export interface Watched {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/**
 * Does work again whenever a policy, a configuration or a baseline changes in a folder of what it depends on, and never
 * twice at once; `waits` is called when the next change will be seen. Folders are watched and not files: an editor that saves puts a new file in the place of the old one. Ends by
 * Ctrl-C or SIGTERM, and rejects then with Interrupted; with what the work rejects with otherwise.
 */
export async function whenFilesChange(work: () => Promise<Watched>, waits: () => void): Promise<never> {
  const stop = new AbortController();
  const onSignal = (signal: "SIGINT" | "SIGTERM"): void => stop.abort(new Interrupted(signal));
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  const watchers = new Map<string, FSWatcher>();
  let wake = (): void => {};
  let changed = false;
  const onChange = (): void => {
    changed = true;
    wake();
  };
  stop.signal.addEventListener("abort", () => wake());
  try {
    for (;;) {
      // What changes from here on is seen by the next round, even where this one has read it already.
      changed = false;
      const begin = Date.now() - CLOCK_STEP;
      const watched = await work();
      const fresh = follow(watchers, watched, onChange);
      changed ||= [...watched.files, ...fresh.flatMap(listed)].some((path) => changedSince(path, begin));
      if (!changed && !stop.signal.aborted) waits();
      while (!changed && !stop.signal.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      stop.signal.throwIfAborted();
      await new Promise((resolve) => setTimeout(resolve, DEBOUNCE));
      stop.signal.throwIfAborted();
    }
  } finally {
    for (const watcher of watchers.values()) watcher.close();
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  }
}

/** A folder is watched only once it is known: what changed before shows by its time. */
function changedSince(path: string, begin: number): boolean {
  try {
    return statSync(path).mtimeMs >= begin;
  } catch {
    return false;
  }
}

/** What matters in a folder that is watched from now on. */
function listed(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => concerns(folder, name))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** Watches the folders that are new and returns them, and lets go of those that are no longer asked for. */
function follow(watchers: Map<string, FSWatcher>, { files, folders }: Watched, onChange: () => void): string[] {
  const fresh: string[] = [];
  const wanted = new Set(files.map((file) => dirname(file)));
  for (const folder of folders) for (const each of foldersBelow(folder)) wanted.add(each);
  for (const [folder, watcher] of watchers) {
    if (wanted.has(folder)) continue;
    watcher.close();
    watchers.delete(folder);
  }
  const names = new Set(files.map((file) => basename(file)));
  for (const folder of wanted) {
    if (watchers.has(folder)) continue;
    try {
      const watcher = watch(folder, (_, name) => {
        if (name === null || names.has(name) || concerns(folder, name)) onChange();
      });
      // A folder that was removed: its parent tells of it as well.
      watcher.on("error", () => {
        watcher.close();
        watchers.delete(folder);
        onChange();
      });
      watchers.set(folder, watcher);
      fresh.push(folder);
    } catch {
      // It went away since it was listed; then its parent tells of it.
    }
  }
  return fresh;
}

/** Whether a change of a name matters: outputs of a check often lie beside the policies. */
function concerns(folder: string, name: string): boolean {
  if (name.endsWith(".retrain") || name === baselineFile || name.startsWith("retrain.config.")) return true;
  if (isPassedOver(name)) return false;
  return kindOf(join(folder, name)) === "folder";
}

function foldersBelow(folder: string): string[] {
  if (kindOf(folder) !== "folder") return [];
  const below = globSync("**/", { cwd: folder, exclude: (entry) => isPassedOver(basename(entry)) });
  return [folder, ...below.map((each) => resolve(folder, each))];
}
