import { existsSync } from "node:fs";
import { join } from "node:path";
import { baselineFile } from "../../language/diagnostics/baseline/file-name.ts";
import type { Diagnostic, Severity } from "../../language/diagnostics/diagnostic.ts";
import { checkProject, policyFiles } from "../driver/check-project.ts";
import type { Project } from "../driver/load-config.ts";
import type { CheckOptions } from "./commands/check.ts";
import { exit } from "./exit.ts";
import { asSeenFrom, type Shown } from "./findings.ts";
import { openProject } from "./open-project.ts";
import { type Output, SHOWN } from "./outputs.ts";
import type { Session } from "./session.ts";
import { tally } from "./tally.ts";
import { writeDiagnostics } from "./write-diagnostics.ts";

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };

/** Checks files, writes what was found in every format asked for, and returns the exit code. Rejects with Failure or FileError. */
export async function checkFiles(
  session: Session,
  paths: readonly string[],
  outputs: readonly Output[],
  options: CheckOptions,
): Promise<number> {
  return (await checkOnce(session, paths, outputs, options)).code;
}

/** The same, with the project and the paths of all files that were read, imported ones too, from its root. */
export async function checkOnce(
  session: Session,
  paths: readonly string[],
  outputs: readonly Output[],
  options: CheckOptions,
): Promise<{ readonly code: number; readonly project: Project; readonly read: readonly string[] }> {
  const project = await openProject(session, paths.length === 1 ? paths[0] : undefined);
  const files = policyFiles(project, session.folder, paths);
  const today = Date.now();
  const checked = options.fix
    ? await (await import("./judge-findings.ts")).fixFiles(session, project, files, today)
    : checkProject(project, files, today);
  if (session.verbose) for (const file of checked.files) session.say(`read ${file}`);
  // Baselines and stable names take libraries that a plain check does without.
  const isCompared =
    options.writeBaseline ||
    existsSync(join(project.root, baselineFile)) ||
    outputs.some(({ format }) => format === "sarif" || format === "gitlab");
  const judged: Shown = isCompared
    ? await (await import("./judge-findings.ts")).judgeByBaseline(session, project, checked, {
        whole: paths.length === 0,
        write: options.writeBaseline ?? false,
      })
    : checked;
  const shown = asSeenFrom(session.folder, project.root, judged);
  const fails = (one: Diagnostic): boolean => RANK[one.severity] >= RANK[options.failLevel];
  for (const output of outputs) {
    const limit = options.maxDiagnostics ?? (output.format === "pretty" ? SHOWN : Number.POSITIVE_INFINITY);
    await writeDiagnostics(session, shown, output, { limit, fails });
  }
  session.say(tally(session, checked.policies.length, judged.diagnostics));
  const code = judged.diagnostics.some(fails) ? exit.findings : exit.done;
  return { code, project, read: checked.parsed.map(({ source }) => source.path) };
}
