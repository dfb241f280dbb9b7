import { join, relative, sep } from "node:path";
import { type GeneratedFile, isEdited, LOCK_FILE, lockFile, readLock } from "./lock-file.ts";
import { type PlannedFile, planFiles } from "./output-folder.ts";
import { staleFiles } from "./stale-files.ts";

/** What a compilation would do to the output folder. */
export interface PlannedOutput {
  /** Generated files, and the lock file last. */
  readonly planned: readonly PlannedFile[];
  /** Absolute paths of files that would be written over, and that somebody edited since they were generated. */
  readonly edited: readonly string[];
  /** Files that an earlier compilation generated and this one does not. */
  readonly leftOver: readonly { readonly path: string; readonly isEdited: boolean }[];
}

/**
 * Compares generated files with what the folder and its lock hold. `isWhole`: every policy and target is compiled, so that a file that is not among them is left
 * over. `prune`: left-over files will be removed, and leave the lock. Throws Failure where a file would be written outside of the folder or through a link.
 */
export function planOutput(
  out: string,
  files: readonly GeneratedFile[],
  { isWhole, prune }: { readonly isWhole: boolean; readonly prune: boolean },
): PlannedOutput {
  const lock = readLock(out);
  const generated = new Set(files.map(({ path }) => path));
  const own = planFiles(out, files);
  const keyOf = (path: string) => relative(out, path).split(sep).join("/");
  const edited = own.filter(({ path, state }) => state === "changed" && isEdited(out, lock.get(keyOf(path))));
  const known = [...own.map(({ path }) => path), join(out, LOCK_FILE)];
  const stale = isWhole ? staleFiles(out, known) : [];
  const leftOver = stale.map((path) => ({ path, isEdited: isEdited(out, lock.get(keyOf(path))) }));
  const staleKeys = new Set(stale.map(keyOf));
  const kept = [...lock.values()].filter(
    ({ path }) => !generated.has(path) && (isWhole ? staleKeys.has(path) && !prune : true),
  );
  const planned = [...own, ...planFiles(out, [lockFile(files, kept)])];
  return { planned, edited: edited.map(({ path }) => path), leftOver };
}
