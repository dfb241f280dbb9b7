import { join, resolve } from "node:path";
import {
  type Baseline,
  baselineText,
  compareWithBaseline,
  makeBaseline,
} from "../../language/diagnostics/baseline/baseline.ts";
import { baselineFile } from "../../language/diagnostics/baseline/file-name.ts";
import { fingerprints } from "../../language/diagnostics/baseline/fingerprint.ts";
import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import { createSource } from "../../language/text/source.ts";
import { writeWhole } from "../../runtime/files/whole.ts";
import { readBaseline } from "../driver/baseline.ts";
import type { CheckedProject } from "../driver/check-project.ts";
import { fixProject } from "../driver/fix-project.ts";
import type { Project } from "../driver/load-config.ts";
import type { Shown } from "./findings.ts";
import { replaceFile } from "./format-files.ts";
import type { Session } from "./session.ts";
import { counted } from "./tally.ts";

/** What was checked, for output: what a baseline holds is not among the diagnostics. */
export interface Judged extends Shown {
  readonly fingerprints: readonly string[];
}

/** Applies the fixes that leave no choice to the files, says so, and returns the check of the result. Rejects with Failure or FileError. */
export async function fixFiles(
  session: Session,
  project: Project,
  files: readonly string[],
  today: number,
): Promise<CheckedProject> {
  const { texts, applied, choices, checked } = fixProject(project, files, today);
  for (const [path, text] of texts) await replaceFile(resolve(project.root, path), text);
  session.say(`fixed ${counted(applied, "finding")} in ${counted(texts.size, "file")}`);
  if (choices.length > 0) {
    const verb = choices.length === 1 ? "offers" : "offer";
    session.say(`${counted(choices.length, "finding")} ${verb} several fixes: choose by hand`);
  }
  return checked;
}

/**
 * Compares a check with the project's baseline, or writes it anew. `whole` says that everything was checked that the
 * configuration names: entries of other policies are then stale, and are kept otherwise. Rejects with Failure or FileError.
 */
export async function judgeByBaseline(
  session: Session,
  project: Project,
  checked: CheckedProject,
  options: { readonly whole: boolean; readonly write: boolean },
): Promise<Judged> {
  const names = fingerprints(checked.diagnostics, checked.parsed);
  const before = readBaseline(project.root);
  const here = new Set([...checked.files, ...checked.policies.map(({ name }) => name)]);
  const isJudged = (policy: string) => options.whole || here.has(policy);
  let known: { readonly baseline: Baseline; readonly source: ReturnType<typeof createSource> } | undefined = before;
  if (options.write) {
    const fresh = makeBaseline(checked.diagnostics, names);
    const others = before?.baseline.findings.filter((entry) => !isJudged(entry.policy)) ?? [];
    const baseline: Baseline = { ...fresh, findings: [...fresh.findings, ...others].sort(byPlace) };
    const text = baselineText(baseline);
    await writeWhole(join(project.root, baselineFile), text);
    session.say(`wrote ${counted(baseline.findings.length, "finding")} to ${baselineFile}; errors are never in it`);
    known = { baseline, source: createSource(baselineFile, text) };
  }
  if (known === undefined) {
    return { diagnostics: checked.diagnostics, sources: checked.sources, fingerprints: names.map(fingerprintOf) };
  }
  const compared = compareWithBaseline(known.baseline, known.source, checked.diagnostics, names, isJudged);
  if (compared.hidden > 0 && !options.write) {
    session.say(
      `${counted(compared.hidden, "finding")} of the baseline ${compared.hidden === 1 ? "is" : "are"} not shown`,
    );
  }
  const nameOf = new Map<Diagnostic, string>(
    checked.diagnostics.map((found, index) => [found, names[index]?.fingerprint ?? ""]),
  );
  return {
    diagnostics: compared.diagnostics,
    sources: new Map([...checked.sources, [baselineFile, known.source]]),
    fingerprints: compared.diagnostics.map((found) => nameOf.get(found) ?? ""),
  };
}

function fingerprintOf({ fingerprint }: { readonly fingerprint: string }): string {
  return fingerprint;
}

function byPlace(left: Baseline["findings"][number], right: Baseline["findings"][number]): number {
  const key = ({ policy, code, fingerprint }: typeof left): string => JSON.stringify([policy, code, fingerprint]);
  return key(left) < key(right) ? -1 : 1;
}
