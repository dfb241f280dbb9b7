import { dirname, resolve } from "node:path";
import { Failure } from "../driver/failure.ts";
import type { Project } from "../driver/load-config.ts";
import { checkOnce } from "./check-files.ts";
import type { CheckOptions } from "./commands/check.ts";
import type { Output } from "./outputs.ts";
import type { Session } from "./session.ts";
import { type Watched, whenFilesChange } from "./watch-files.ts";

/** Clears a terminal and what has scrolled out of it. */
const CLEAR = "\u001b[2J\u001b[3J\u001b[H";

/**
 * Checks, and checks again whenever a file changes on which the check depends, until Ctrl-C. A screen is cleared before each
 * check; anything else gets one check after the other. What cannot be read now may be readable after the next change, so it
 * is said and waited for, but for the first check, which rejects with it as a plain check does: Failure or FileError.
 */
export async function watchCheck(
  session: Session,
  paths: readonly string[],
  outputs: readonly Output[],
  options: CheckOptions,
): Promise<never> {
  let last: Watched | undefined;
  const check = async (): Promise<Watched> => {
    if (process.stdout.isTTY === true && !session.quiet) process.stdout.write(CLEAR);
    try {
      const { project, read } = await checkOnce(session, paths, outputs, options);
      last = watchedOf(session, project, paths, read);
    } catch (error) {
      if (last === undefined || !(error instanceof Failure)) throw error;
      process.stderr.write(`${session.errorPaint("red", "error")} ${error.code}: ${error.message}\n`);
    }
    return last;
  };
  return whenFilesChange(check, () => session.say("waiting for a change; Ctrl-C ends"));
}

function watchedOf(
  session: Session,
  { root, file, config }: Project,
  paths: readonly string[],
  read: readonly string[],
): Watched {
  const files = read.map((path) => resolve(root, path));
  const named = paths.map((path) => resolve(session.folder, path));
  // The part of a pattern before its first wildcard is the folder in which files may appear.
  const listed = config.policies.map((glob) => resolve(root, fixedPart(glob)));
  return {
    files: [...files, ...(file === undefined ? [] : [file])],
    folders: paths.length === 0 ? listed : named,
  };
}

function fixedPart(glob: string): string {
  const wild = glob.search(/[*?[{]/);
  return wild < 0 ? dirname(glob) : dirname(`${glob.slice(0, wild)}x`);
}
