import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import { applyFixes } from "../../language/diagnostics/fix/apply.ts";
import { type CheckedProject, checkProject } from "./check-project.ts";
import type { Project } from "./load-config.ts";

/** Rounds after which no more fixes are applied: a fix can make room for another one, and no chain of ours is this long. */
const mostRounds = 10;

export interface FixedProject {
  /** The files that changed, whole, by path. Nothing has been written. */
  readonly texts: ReadonlyMap<string, string>;
  /** How many fixes were applied. */
  readonly applied: number;
  /** Diagnostics that are left because they offer several fixes. */
  readonly choices: readonly Diagnostic[];
  /** The check of the changed texts. */
  readonly checked: CheckedProject;
}

/**
 * Applies the fixes of diagnostics that carry exactly one, checks again, and goes on until there is nothing left to apply. A
 * round that would make a file unreadable that was readable is dropped, and ends it. Throws Failure where a file cannot be read.
 */
export function fixProject(project: Project, files: readonly string[], today?: number): FixedProject {
  const texts = new Map<string, string>();
  let checked = checkProject(project, files, today);
  let applied = 0;
  for (let round = 0; round < mostRounds; round += 1) {
    const now = new Map(checked.parsed.map(({ source }) => [source.path, source.text]));
    const fixed = applyFixes(now, checked.diagnostics);
    if (fixed.texts.size === 0) break;
    const after = checkProject(project, files, today, new Map([...texts, ...fixed.texts]));
    if (syntaxErrors(after) > syntaxErrors(checked)) break;
    for (const [path, text] of fixed.texts) texts.set(path, text);
    applied += fixed.applied.length;
    checked = after;
  }
  const choices = checked.diagnostics.filter(({ fixes }) => fixes.length > 1);
  return { texts, applied, choices, checked };
}

function syntaxErrors({ parsed }: CheckedProject): number {
  return parsed.reduce((sum, { diagnostics }) => sum + diagnostics.length, 0);
}
