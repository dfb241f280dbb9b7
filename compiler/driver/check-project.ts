import { resolve } from "node:path";
import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import { type Sources, sourcesOf } from "../../language/diagnostics/render/position.ts";
import { check, type ParsedFile } from "../../language/semantics/check.ts";
import type { CheckedPolicy } from "../../language/semantics/checked/policy.ts";
import { parse } from "../../language/syntax/parse.ts";
import { createSource, type Source } from "../../language/text/source.ts";
import { Failure } from "./failure.ts";
import type { Project } from "./load-config.ts";
import { findPolicies, namedPolicies, readText } from "./project.ts";

/** What a check of some files found. */
export interface CheckedProject {
  /** Paths of the files read, from the project's root with `/`; absolute where they are outside of it. */
  readonly files: readonly string[];
  readonly policies: readonly CheckedPolicy[];
  /** Of the parser and the checker, in the order of files and places. */
  readonly diagnostics: readonly Diagnostic[];
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

/** Reads one policy file. Throws Failure where it cannot be read. */
export function readPolicy(root: string, file: string): Source {
  return createSource(file, readText(resolve(root, file), file));
}

/** Reads, parses and checks files together: names of policies are unique among them. */
export function checkProject(project: Project, files: readonly string[], today?: number): CheckedProject {
  const parsedFiles: ParsedFile[] = [];
  const found = new Map<string, Diagnostic[]>();
  for (const name of files) {
    const source = readPolicy(project.root, name);
    const { file, diagnostics } = parse(source);
    parsedFiles.push({ source, file, diagnostics });
    found.set(name, [...diagnostics]);
  }
  const checked = check(parsedFiles, today === undefined ? {} : { today });
  for (const one of checked.diagnostics) found.get(one.span.path)?.push(one);
  const diagnostics = [...found.values()].flatMap((ofFile) =>
    ofFile.sort((left, right) => left.span.start - right.span.start),
  );
  return {
    files,
    policies: checked.policies,
    diagnostics,
    sources: sourcesOf(parsedFiles.map(({ source }) => source)),
  };
}
