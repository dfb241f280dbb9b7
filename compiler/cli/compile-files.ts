import { relative, sep } from "node:path";
import type { z } from "zod";
import { diagnosticsForTools } from "../../language/diagnostics/render/json.ts";
import { diagnostic } from "../../language/diagnostics/report.ts";
import { suggest } from "../../language/diagnostics/suggest.ts";
import { targets } from "../../targets/registry.ts";
import type { OutputFile, Target } from "../../targets/target.ts";
import { chooseEnvironment } from "../driver/bindings.ts";
import { checkProject, policyFiles } from "../driver/check-project.ts";
import { compileChecked, concerning, once } from "../driver/compile.ts";
import { Failure } from "../driver/failure.ts";
import type { Project } from "../driver/load-config.ts";
import { namesFile } from "../driver/project.ts";

import type { PipelinePlan } from "../plan/plan.ts";
import { readPolicy } from "../reading/reading.ts";
import type { CompileOptions } from "./commands/compile.ts";
import { exit } from "./exit.ts";
import { asSeenFrom, type Shown, showFindings } from "./findings.ts";
import type { GeneratedFile } from "./lock-file.ts";
import { openProject } from "./open-project.ts";
import { outputFolder, type PlannedFile, removeFile, writeFiles } from "./output-folder.ts";
import { planOutput } from "./planned-output.ts";
import type { CompileOutput } from "./schemas/diagnostics.ts";
import type { Plain } from "./schemas/plain.ts";
import type { Session } from "./session.ts";
import { sourceMap } from "./source-map.ts";
import { counted, tally } from "./tally.ts";

/** Compiles policies and writes, compares or lists their files; all policies compile, or nothing is written. Gives the exit code. */
export async function compileFiles(
  session: Session,
  wanted: readonly string[],
  options: CompileOptions,
): Promise<number> {
  const project = await openProject(session, wanted.length === 1 ? wanted[0] : undefined);
  const chosen = chooseTargets(project, session.environment, options.target);
  const verify = options.verify ? (await import("./verify-files.ts")).verifyFiles : undefined;
  const { files, policies, found } = compileAll(session, project, wanted, chosen, verify);
  const compiled = policies.length;
  let stale: readonly string[] = [];
  const report = (planned: readonly PlannedFile[], written: boolean) => {
    if (options.format === "json") session.print(json(session, project, { policies, found, planned, written, stale }));
  };
  if (files === undefined) {
    report([], false);
    return exit.findings;
  }
  const out = outputFolder(project, session.folder, options.outDir);
  // What only some of the policies or targets generate says nothing about the files of the others.
  const isWhole = wanted.length === 0 && options.target === undefined;
  const { planned, edited, leftOver } = planOutput(out, files, { isWhole, prune: options.prune === true });
  const shown = (path: string) => relative(session.folder, path);
  stale = leftOver.map(({ path }) => shown(path));
  if (options.listFiles) for (const file of planned) session.print(shown(file.path));
  const different = planned.filter((file) => file.state !== "same");
  if (options.check) {
    report(planned, false);
    for (const { path, state } of different) {
      const byHand = edited.includes(path) ? ": somebody edited it" : "";
      session.say(`${session.errorPaint("red", state === "new" ? "missing" : "differs")} ${shown(path)}${byHand}`);
    }
    for (const path of stale) {
      session.say(`${session.errorPaint("red", "left over")} ${path}: nothing generates it any more; remove it`);
    }
    session.say(
      different.length === 0
        ? `${counted(planned.length, "file")} up to date`
        : `${different.length} of ${counted(planned.length, "file")} not up to date: run \`retrain compile\` and commit what it writes`,
    );
    return different.length + stale.length === 0 ? exit.done : exit.findings;
  }
  const removed = options.prune ? leftOver : [];
  const inTheWay = [...edited, ...removed.filter((one) => one.isEdited).map(({ path }) => path)];
  if (inTheWay.length > 0 && !options.force) {
    throw new Failure(
      "environment",
      "file/edited",
      `somebody edited ${counted(inTheWay.length, "generated file")}: ${inTheWay.map(shown).join(", ")}`,
      "Say it in the policy instead, and compile with --force, which writes over the edit. Nothing was written.",
    );
  }
  if (!options.dryRun) {
    await writeFiles(out, planned);
    for (const { path } of removed) removeFile(out, path);
  }
  report(planned, !options.dryRun);
  const would = options.dryRun ? "would " : "";
  for (const file of different) {
    session.say(`${options.dryRun ? "would write" : "wrote"} ${shown(file.path)} (${size(file.text)})`);
  }
  for (const { path } of leftOver) {
    session.say(
      options.prune
        ? `${would}remove${options.dryRun ? "" : "d"} ${shown(path)}`
        : `left over ${shown(path)}: nothing generates it any more; --prune removes it`,
    );
  }
  const same = planned.length - different.length;
  const unchanged = same === 0 ? "" : `, ${same} unchanged`;
  session.say(
    `${counted(compiled, "policy", "policies")}, ${counted(different.length, "file")} ${options.dryRun ? "to write" : "written"}${unchanged}`,
  );
  return exit.done;
}

function compileAll(
  session: Session,
  project: Project,
  wanted: readonly string[],
  chosen: readonly Target[],
  verify: ((plan: PipelinePlan, files: readonly OutputFile[]) => void) | undefined,
): { readonly files?: readonly GeneratedFile[]; readonly policies: readonly string[]; readonly found: Shown } {
  const names = wanted.filter((word) => !namesFile(word));
  const paths = wanted.filter(namesFile);
  // A name can stand in any file of the project, so all of them are read.
  const checked = checkProject(project, policyFiles(project, session.folder, names.length === 0 ? paths : []));
  const policies =
    names.length === 0 ? checked.policies : checked.policies.filter((policy) => names.includes(policy.name));
  const missing = names.find((name) => !policies.some((policy) => policy.name === name));
  if (missing !== undefined) {
    const known = checked.policies.map((policy) => policy.name).join(", ");
    throw new Failure("usage", "usage/unknown-policy", `there is no policy \`${missing}\``, `There are: ${known}.`);
  }
  const diagnostics = names.length === 0 ? [...checked.diagnostics] : concerning(checked, policies);
  const files: GeneratedFile[] = [];
  for (const policy of policies) {
    const { plan, diagnostics: more } = compileChecked(project, checked, policy, session.environment, chosen);
    diagnostics.push(...more);
    if (plan === undefined) continue;
    const emitted = chosen.flatMap((target) => {
      const own = target.emit(plan, () => readPolicy(policy));
      verify?.(plan, own);
      return generatedFiles(plan, target, own);
    });
    const taken = files.find(({ path }) => emitted.some((file) => file.path === path));
    if (taken === undefined) files.push(...emitted);
    else {
      const parameters = { target: taken.target, path: taken.path, other: taken.policy };
      diagnostics.push(diagnostic("target/name-collision", policy.span, parameters));
    }
  }
  const found: Shown = { diagnostics: once(diagnostics), sources: checked.sources };
  showFindings(session, project.root, found);
  const compiled = policies.map((policy) => policy.name);
  if (!diagnostics.some((one) => one.severity === "error")) return { files, policies: compiled, found };
  session.say(`${tally(session, compiled.length, found.diagnostics)}: nothing is written`);
  return { policies: compiled, found };
}

/** Files of a plan and their source maps, with what they come from. */
function generatedFiles(plan: PipelinePlan, target: Target, files: readonly OutputFile[]): GeneratedFile[] {
  const { name: policy, digest } = plan.policy;
  return files.flatMap((file) => {
    const map = sourceMap(file);
    return [file, ...(map === undefined ? [] : [map])].map((one) => ({ ...one, policy, digest, target: target.name }));
  });
}

function chooseTargets(
  project: Project,
  environment: string | undefined,
  wanted: readonly string[] | undefined,
): Target[] {
  const { environment: chosen, name } = chooseEnvironment(project.config, environment);
  const bound = Object.keys(chosen.targets);
  return (wanted ?? bound).map((word) => {
    const target = targets.get(word);
    if (target === undefined) {
      const near = suggest(word, targets.keys());
      const help = near === undefined ? `There are: ${[...targets.keys()].join(", ")}.` : `Did you mean \`${near}\`?`;
      throw new Failure("usage", "usage/unknown-target", `there is no target \`${word}\``, help);
    }
    if (!bound.includes(word)) {
      const help = `Its \`targets\` are: ${bound.join(", ")}.`;
      throw new Failure("usage", "config/target", `environment \`${name}\` has no target \`${word}\``, help);
    }
    return target;
  });
}

/** What was compiled, for tools. */
function json(
  session: Session,
  project: Project,
  {
    policies,
    found,
    planned,
    written,
    stale,
  }: {
    readonly policies: readonly string[];
    readonly found: Shown;
    readonly planned: readonly PlannedFile[];
    readonly written: boolean;
    readonly stale: readonly string[];
  },
): string {
  const { diagnostics, sources } = asSeenFrom(session.folder, project.root, found);
  const document = {
    schema: "retrain.compile/1",
    policies,
    files: planned.map(({ path, text, state }) => ({
      path: relative(session.folder, path).split(sep).join("/"),
      state,
      bytes: Buffer.byteLength(text),
    })),
    stale: stale.map((path) => path.split(sep).join("/")),
    written,
    diagnostics: diagnosticsForTools(diagnostics, sources),
  } satisfies Plain<z.infer<typeof CompileOutput>>;
  return JSON.stringify(document, null, 2);
}

function size(text: string): string {
  const bytes = Buffer.byteLength(text);
  return bytes < 1024 ? `${bytes} bytes` : `${(bytes / 1024).toFixed(1)} KiB`;
}
