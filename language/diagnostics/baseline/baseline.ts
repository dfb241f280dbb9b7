import type { Source } from "../../text/source.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { diagnostic } from "../report.ts";
import type { Finding } from "./fingerprint.ts";

/** A finding that was there when the baseline was written; `message` is for people and is not compared. */
export interface BaselineEntry extends Finding {
  readonly message: string;
}

/** Findings that are known and neither shown nor counted. */
export interface Baseline {
  readonly schema: "retrain.baseline/1";
  readonly findings: readonly BaselineEntry[];
}

/** A baseline of what was found. Errors are not among it: a policy with errors has no plan, and nothing may hide that. */
export function makeBaseline(diagnostics: readonly Diagnostic[], names: readonly Finding[]): Baseline {
  const entries = diagnostics.flatMap((found, index) => {
    const name = names[index];
    return name === undefined || !belongs(found) ? [] : [{ ...name, message: found.message }];
  });
  const key = ({ policy, code, fingerprint }: Finding): string => JSON.stringify([policy, code, fingerprint]);
  return {
    schema: "retrain.baseline/1",
    findings: entries.sort((left, right) => (key(left) < key(right) ? -1 : 1)),
  };
}

/** The bytes of the file: sorted, one property a line, so that a difference reads well. */
export function baselineText(baseline: Baseline): string {
  return `${JSON.stringify(baseline, null, 2)}\n`;
}

/** Whether a diagnostic can stand in a baseline: no error, and nothing about findings that were set aside. */
function belongs(found: Diagnostic): boolean {
  return found.severity !== "error" && !found.code.startsWith("lint/");
}

export interface Compared {
  /** What the baseline does not hold. */
  readonly diagnostics: readonly Diagnostic[];
  /** How many findings it took out. */
  readonly hidden: number;
}

/**
 * Takes the findings of a baseline out of some diagnostics, and reports entries that do not occur. `written` is the text of
 * the file, into which those diagnostics point; `isJudged` says whether the policy or path of an entry was checked now.
 */
export function compareWithBaseline(
  baseline: Baseline,
  written: Source,
  diagnostics: readonly Diagnostic[],
  names: readonly Finding[],
  isJudged: (policy: string) => boolean,
): Compared {
  const known = new Set(baseline.findings.map(nameOf));
  const occurring = new Set<string>();
  const kept = diagnostics.filter((found, index) => {
    const name = names[index];
    if (name === undefined || !belongs(found) || !known.has(nameOf(name))) return true;
    occurring.add(nameOf(name));
    return false;
  });
  const stale = baseline.findings
    .filter((entry) => !occurring.has(nameOf(entry)) && isJudged(entry.policy))
    .map((entry) => {
      const start = Math.max(written.text.indexOf(`"${entry.fingerprint}"`), 0);
      const span = { path: written.path, start, end: start + (start === 0 ? 0 : entry.fingerprint.length + 2) };
      return diagnostic("lint/baseline-stale", span, { code: entry.code, policy: entry.policy });
    });
  return { diagnostics: [...kept, ...stale], hidden: diagnostics.length - kept.length };
}

function nameOf({ code, policy, fingerprint }: Finding): string {
  return JSON.stringify([code, policy, fingerprint]);
}
