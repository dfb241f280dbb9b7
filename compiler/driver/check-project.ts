import { resolve } from "node:path";
import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import { type Sources, sourcesOf } from "../../language/diagnostics/render/position.ts";
import { applySuppressions } from "../../language/diagnostics/suppress/suppress.ts";
import { type Checked, check, type ParsedFile } from "../../language/semantics/check.ts";
import type { CheckedPolicy } from "../../language/semantics/checked/policy.ts";
import { type Parsed, parse } from "../../language/syntax/parse.ts";
import { createSource, type Source } from "../../language/text/source.ts";
import { Failure } from "./failure.ts";
import { FileLibrary } from "./file-library.ts";
import type { Project } from "./load-config.ts";
import { findPolicies, namedPolicies, readText } from "./project.ts";

/** What a check of some files found. */
export interface CheckedProject {
  /** Paths of the files read, from the project's root with `/`; absolute where they are outside of it. */
  readonly files: readonly string[];
  readonly policies: readonly CheckedPolicy[];
  /** Of the parser and the checker, in the order of files and places; without what comments set aside. */
  readonly diagnostics: readonly Diagnostic[];
  readonly parsed: readonly ParsedFile[];
  /** Freezes of the files that environments list, by file. */
  readonly freezes: Checked["freezes"];
  /** The texts that diagnostics point into. */
  readonly sources: Sources;
}

/** Files that paths on a command line mean; those of the configuration where there are none. Throws Failure where nothing is found. */
export function policyFiles(project: Project, folder: string, paths: readonly string[]): readonly string[] {
  const { root, config } = project;
  const files = paths.length === 0 ? findPolicies(root, config.policies) : namedPolicies(root, folder, paths);
  if (files.length > 0) return files;
  const looked = paths.length === 0 ? `${config.policies.join(", ")} in ${root}` : paths.join(", ");
  throw new Failure(
    "usage",
    "usage/no-policies",
    `there are no .retrain files at ${looked}`,
    "Name files or folders, correct `policies` in the configuration, or start with `retrain init`.",
  );
}

/** Files that the configuration lists for every policy: paths or globs. Throws Failure where one gives no file. */
function listedFiles(project: Project, key: string, globs: readonly string[]): string[] {
  const files = globs.flatMap((glob) => {
    const found = findPolicies(project.root, [glob]);
    if (found.length > 0) return found;
    const help = "Correct the path; it starts from the folder of the configuration.";
    throw new Failure("usage", "config/no-file", `\`${key}\` lists \`${glob}\`, and there is no such file`, help);
  });
  return [...new Set(files)];
}

/** Reads one policy file. Throws Failure where it cannot be read. */
export function readPolicy(root: string, file: string): Source {
  return createSource(file, readText(resolve(root, file), file));
}

/**
 * Reads, parses and checks files together: names of policies are unique among them. `instead` holds texts that stand for what
 * the files hold, by path. Throws Failure where a file cannot be read.
 */
export function checkProject(
  project: Project,
  files: readonly string[],
  today?: number,
  instead: ReadonlyMap<string, string> = new Map(),
): CheckedProject {
  const guardrails = listedFiles(project, "guardrails", project.config.guardrails);
  const environments = Object.entries(project.config.environments);
  const freezes = environments.flatMap(([name, { freezes: globs }]) =>
    listedFiles(project, `environments.${name}.freezes`, globs),
  );
  const parsed: (ParsedFile & Parsed)[] = [];
  const found = new Map<string, Diagnostic[]>();
  const library = new FileLibrary(project.root, instead);
  for (const name of new Set([...files, ...guardrails, ...freezes])) {
    const text = instead.get(name);
    const source = text === undefined ? readPolicy(project.root, name) : createSource(name, text);
    const read = parse(source);
    parsed.push({ source, ...read });
    found.set(name, [...read.diagnostics]);
  }
  const configured = project.file === undefined ? {} : { guardrails, freezes };
  const checked = check(parsed, { library, ...configured, ...(today === undefined ? {} : { today }) });
  for (const { source } of checked.imported) {
    const read = library.read(source.path);
    if ("problem" in read) continue;
    parsed.push(read);
    found.set(source.path, []);
  }
  for (const one of checked.diagnostics) found.get(one.span.path)?.push(one);
  return {
    files,
    policies: checked.policies.filter((policy) => files.includes(policy.source.path)),
    freezes: checked.freezes,
    diagnostics: parsed.flatMap((one) => applySuppressions(one, found.get(one.source.path) ?? [])),
    parsed,
    sources: sourcesOf(parsed.map(({ source }) => source)),
  };
}
