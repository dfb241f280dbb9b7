import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Longest real time that git may take, milliseconds. */
const PATIENCE = 5_000;

/** Name and address of whoever committed a file last; undefined where git does not know it, or it was changed since. */
export async function authorOf(folder: string, file: string): Promise<readonly string[] | undefined> {
  const git = async (...words: string[]) => (await run("git", words, { cwd: folder, timeout: PATIENCE })).stdout.trim();
  try {
    if ((await git("status", "--porcelain", "--", file)) !== "") return undefined;
    const names = (await git("log", "-1", "--format=%an%n%ae", "--", file)).split("\n").filter((name) => name !== "");
    return names.length === 0 ? undefined : names;
  } catch {
    return undefined; // No git on this machine, or no repository here.
  }
}
