import { dirname, resolve } from "node:path";
import { Failure } from "../driver/failure.ts";
import { loadProject, type Project } from "../driver/load-config.ts";
import { kindOf, namesFile } from "../driver/project.ts";
import type { Session } from "./session.ts";

/** The configuration that holds for a command: the one given, or the nearest to the policy file that is named, or the nearest to the working folder. Rejects with Failure. */
export async function openProject(session: Session, policy?: string): Promise<Project> {
  if (kindOf(session.folder) !== "folder") {
    throw new Failure("environment", "file/not-found", `${session.folder} is no folder`, "Correct --cwd.");
  }
  const path = policy !== undefined && namesFile(policy) ? resolve(session.folder, policy) : undefined;
  const found = path === undefined ? undefined : kindOf(path);
  if (path === undefined || found === undefined) return loadProject(session.folder, session.config);
  return loadProject(found === "folder" ? path : dirname(path), session.config);
}
