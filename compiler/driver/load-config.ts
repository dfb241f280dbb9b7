import { dirname, resolve } from "node:path";
import type { Config } from "./config.ts";
import { DEFAULT_CONFIG } from "./defaults.ts";
import { findConfig, readText } from "./project.ts";

/** A configuration and the folder that its relative paths start from. */
export interface Project {
  /** Absolute folder of the configuration, or the folder looked at where there is none. */
  readonly root: string;
  /** Absolute path of the file; absent where there is none and every default holds. */
  readonly file: string | undefined;
  readonly config: Config;
}

/** Reads the configuration given, or the nearest one at or above `folder`, or takes the defaults. Rejects with Failure (`usage`) for a broken one, with its line. */
export async function loadProject(folder: string, given: string | undefined): Promise<Project> {
  const file = given ?? findConfig(folder);
  if (file === undefined) return { root: resolve(folder), file: undefined, config: DEFAULT_CONFIG };
  const text = readText(file);
  const { readConfig } = await import("./read-config.ts");
  return { root: dirname(file), file, config: readConfig(file, text, folder) };
}
