import { existsSync, lstatSync, mkdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { fileError } from "../../runtime/files/error.ts";
import { writeWhole } from "../../runtime/files/whole.ts";
import type { OutputFile } from "../../targets/target.ts";
import { Failure } from "../driver/failure.ts";
import type { Project } from "../driver/load-config.ts";

/** What is to be done with a generated file. */
export interface PlannedFile {
  /** Absolute path. */
  readonly path: string;
  readonly text: string;
  readonly state: "new" | "changed" | "same";
}

/** The folder that generated files go to: the one that a person names, wherever it is, or that of the configuration, which must be inside of the project. Throws Failure. */
export function outputFolder(project: Project, folder: string, given: string | undefined): string {
  if (given !== undefined) {
    const path = resolve(folder, given);
    return existsSync(path) ? realpathSync(path) : path;
  }
  const path = resolve(project.root, project.config.out);
  if (leadsOut(project.root, path)) {
    throw new Failure(
      "usage",
      "config/out-outside",
      `\`out\` of the configuration (${project.config.out}) leads out of the project`,
      "Write a folder inside of it, or name the folder with --out-dir.",
    );
  }
  refuseLinks(project.root, path);
  return path;
}

/** Compares files with what the folder holds. Throws Failure where one would be written through a symbolic link or outside of the folder. */
export function planFiles(out: string, files: readonly OutputFile[]): readonly PlannedFile[] {
  return files.map(({ path: name, text }) => {
    const path = resolve(out, name);
    if (isAbsolute(name) || leadsOut(out, path)) {
      throw new Failure(
        "usage",
        "file/outside",
        `the generated file ${name} would lie outside of ${out}`,
        "Rename the policy.",
      );
    }
    refuseLinks(out, path);
    return { path, text, state: stateOf(path, text) };
  });
}

/** Writes what is new or changed, each file whole. Rejects with FileError; files before the failing one stay written, and running it again goes on. Tests put a failing `write` in. */
export async function writeFiles(
  out: string,
  files: readonly PlannedFile[],
  write: typeof writeWhole = writeWhole,
): Promise<void> {
  for (const { path, text, state } of files) {
    if (state === "same") continue;
    try {
      mkdirSync(dirname(path), { recursive: true });
    } catch (error) {
      throw fileError(error, dirname(path), "make the folder");
    }
    refuseLinks(out, path);
    await write(path, text);
  }
}

/** Removes a file of the folder. Throws Failure where that would happen through a symbolic link, FileError where it cannot be done. */
export function removeFile(out: string, path: string): void {
  refuseLinks(out, path);
  try {
    rmSync(path);
  } catch (error) {
    throw fileError(error, path, "remove");
  }
}

function leadsOut(folder: string, path: string): boolean {
  const inside = relative(folder, path);
  return inside === "" || inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside);
}

/** Every part of a path below a folder that exists must be what it seems to be. */
function refuseLinks(folder: string, path: string): void {
  let here = folder;
  for (const part of relative(folder, path).split(sep)) {
    here = join(here, part);
    const found = lstatSync(here, { throwIfNoEntry: false });
    if (found === undefined) return;
    if (found.isSymbolicLink()) {
      throw new Failure(
        "environment",
        "file/symbolic-link",
        `${here} is a symbolic link; generated files are never written through one`,
        "Remove the link, or name another folder with --out-dir.",
      );
    }
  }
}

function stateOf(path: string, text: string): PlannedFile["state"] {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return "new";
  if (!found.isFile()) {
    throw new Failure("environment", "file/not-a-file", `${path} is in the way: it is no file`, "Move it away.");
  }
  return readFileSync(path, "utf8") === text ? "same" : "changed";
}
