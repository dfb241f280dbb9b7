import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { diagnostic } from "../diagnostics/report.ts";
import type { FileNode, Policy } from "../syntax/tree.ts";
import type { Source } from "../text/source.ts";
import { duplicate } from "./blocks/dataset.ts";
import type { CheckedPolicy } from "./checked/policy.ts";
import { Collector } from "./collector.ts";
import { checkPolicy } from "./policy.ts";
import { every } from "./statements.ts";

/** A file that was parsed: `{ source, ...parse(source) }`. */
export interface ParsedFile {
  readonly source: Source;
  readonly file: FileNode;
  /** What the parser said; policies of a file with syntax errors cannot be compiled. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface CheckOptions {
  /** Today as epoch milliseconds; without it `review_by` is not judged, so that a check gives the same answer on every day. */
  readonly today?: number;
}

export interface Checked {
  readonly policies: readonly CheckedPolicy[];
  /** In the order of files and places. Syntax errors are not among them: they come from the parser. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Version of the language that this checker knows. */
const languageVersion = 1;

/**
 * Checks the names, units, types and rules of all policies in some files. Never fails. A policy that has errors, or parts
 * that are not checked yet, says so in `broken` and `unchecked`, and cannot be compiled.
 */
export function check(files: readonly ParsedFile[], options: CheckOptions = {}): Checked {
  const policies: CheckedPolicy[] = [];
  const diagnostics: Diagnostic[] = [];
  const declared = new Map<string, Policy>();
  for (const { source, file, diagnostics: syntax } of files) {
    const readable = !syntax.some(({ severity }) => severity === "error");
    const found: Diagnostic[] = [];
    const shared = new Collector();
    const imported = checkFile(file, shared);
    found.push(...shared.diagnostics);
    for (const node of every(file.declarations, "Policy")) {
      const first = declared.get(node.name.text);
      if (first !== undefined) {
        const twice = new Collector();
        duplicate(node.name.span, first.name.span, "policy", node.name.text, twice);
        found.push(...twice.diagnostics);
        continue;
      }
      declared.set(node.name.text, node);
      const context = { source, file, imported, ...(options.today === undefined ? {} : { today: options.today }) };
      const { policy, out } = checkPolicy(node, context);
      policies.push({
        ...policy,
        unchecked: [...shared.unchecked, ...policy.unchecked],
        broken: policy.broken || shared.hasErrors || !readable,
      });
      found.push(...out.diagnostics);
    }
    diagnostics.push(...inOrder(found));
  }
  return { policies, diagnostics };
}

/** What stands beside the policies of a file. Returns the names that it imports. */
function checkFile(file: FileNode, out: Collector): ReadonlySet<string> {
  const { language, declarations } = file;
  if (language !== undefined && language.version.value !== languageVersion) {
    out.report("policy/language-version", language.version.span, {
      written: language.version.raw,
      known: languageVersion,
    });
  }
  const imports = every(declarations, "Import");
  for (const node of imports) out.notYet("an import", node.span);
  for (const node of every(declarations, "Template")) out.notYet(`template \`${node.name.text}\``, node.name.span);
  for (const node of every(declarations, "Guardrail")) out.notYet(`guardrail \`${node.name.text}\``, node.name.span);
  for (const node of every(declarations, "Scenario")) out.notYet("a scenario", node.title.span);
  if (every(declarations, "Policy").length === 0) checkLonely(file, out);
  return new Set(imports.flatMap((node) => node.names.map((name) => name.text)));
}

/** Declarations of a file without a policy are read only by the files that import them. */
function checkLonely(file: FileNode, out: Collector): void {
  for (const declaration of file.declarations) {
    if (
      declaration.kind !== "Dataset" &&
      declaration.kind !== "Metric" &&
      declaration.kind !== "Gate" &&
      declaration.kind !== "Freeze"
    )
      continue;
    const place = declaration.kind === "Freeze" ? declaration.span : declaration.name.span;
    const name =
      declaration.kind === "Freeze" ? "a freeze" : `${declaration.kind.toLowerCase()} \`${declaration.name.text}\``;
    out.notYet(`${name} in a file without a policy`, place);
  }
}

/** By place, each once: what several policies of a file share is reported once. */
function inOrder(found: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return found
    .filter((one) => {
      const key = `${one.span.start} ${one.span.end} ${one.code} ${one.message}`;
      return seen.has(key) ? false : seen.add(key);
    })
    .sort((left, right) => left.span.start - right.span.start || left.span.end - right.span.end);
}

/** At most `limit` diagnostics, errors before warnings before notes; what was left out is counted by a last one at the first place left out. */
export function capped(diagnostics: readonly Diagnostic[], limit: number): Diagnostic[] {
  if (diagnostics.length <= limit) return [...diagnostics];
  const rank = { error: 0, warning: 1, info: 2 } as const;
  const byWeight = diagnostics
    .map((one, index) => ({ one, index }))
    .sort((left, right) => rank[left.one.severity] - rank[right.one.severity] || left.index - right.index);
  const kept = byWeight.slice(0, limit).sort((left, right) => left.index - right.index);
  const left = byWeight.slice(limit);
  const first = left[0]?.one;
  const rest = first === undefined ? [] : [diagnostic("check/too-many", first.span, { left: left.length })];
  return [...kept.map(({ one }) => one), ...rest];
}
