import { lstatSync, mkdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileError } from "../../runtime/files/error.ts";
import { writeWhole } from "../../runtime/files/whole.ts";
import { Failure } from "../driver/failure.ts";
import type { InitOptions } from "./commands/init.ts";
import type { Session } from "./session.ts";
import { starterFiles } from "./starter-files.ts";

/** Writes the files to begin with into a folder. Rejects with Failure, before anything is written, where one is there and `force` is not given, or where a link is in the way; with FileError where one cannot be written. */
export async function initialise(session: Session, dir: string, { force, dryRun }: InitOptions): Promise<void> {
  const folder = resolve(session.folder, dir);
  const files = Object.entries(starterFiles).map(([name, text]) => ({ name, path: join(folder, name), text }));
  const there = files.filter(({ path }) => lstatSync(path, { throwIfNoEntry: false }) !== undefined);
  const links = there.filter(({ path }) => lstatSync(path).isSymbolicLink());
  const [link] = links;
  if (link !== undefined) {
    throw new Failure(
      "environment",
      "file/symbolic-link",
      `${link.path} is a symbolic link; it is not replaced`,
      "Remove the link.",
    );
  }
  if (there.length > 0 && !force) {
    throw new Failure(
      "usage",
      "usage/files-exist",
      `there already: ${there.map(({ name }) => name).join(", ")}; nothing was written`,
      "Give another folder, or replace them with --force.",
    );
  }
  for (const { path, text } of files) {
    const shown = relative(session.folder, path);
    if (dryRun) {
      session.print(`would write ${shown}`);
      continue;
    }
    try {
      mkdirSync(dirname(path), { recursive: true });
    } catch (error) {
      throw fileError(error, dirname(path), "make the folder");
    }
    await writeWhole(path, text);
    session.print(`wrote ${shown}`);
  }
  if (!dryRun) {
    session.say("Next: say in policies/example.retrain what holds for your model, then `retrain check`.");
    session.say("Keep `.retrain/` out of version control: it holds the ledger, models and runs of this machine.");
  }
}
