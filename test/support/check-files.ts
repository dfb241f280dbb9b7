import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import { type Sources, sourcesOf } from "../../language/diagnostics/render/position.ts";
import { type Checked, check } from "../../language/semantics/check.ts";
import { libraryOf, type ParsedFile } from "../../language/semantics/reuse/library.ts";
import { parse } from "../../language/syntax/parse.ts";
import { createSource } from "../../language/text/source.ts";

export interface CheckedFiles extends Checked {
  /** Of the parser and the checker, in the order of files and places. */
  readonly all: readonly Diagnostic[];
  readonly sources: Sources;
}

/**
 * Checks texts by path as one project. Files in `shared/` are read only where something imports from them; `guardrails.retrain`
 * and `freezes.retrain` are listed by the configuration.
 */
export function checkFiles(texts: ReadonlyMap<string, string>): CheckedFiles {
  const parsed: ParsedFile[] = [...texts].map(([path, text]) => {
    const source = createSource(path, text);
    return { source, ...parse(source) };
  });
  const asked = parsed.filter(({ source }) => !source.path.startsWith("shared/"));
  const checked = check(asked, {
    library: libraryOf(parsed),
    guardrails: ["guardrails.retrain"],
    freezes: ["freezes.retrain"],
  });
  const order = [...asked, ...checked.imported].map(({ source }) => source.path);
  const all = [...asked.flatMap(({ diagnostics }) => diagnostics), ...checked.diagnostics].sort(
    (left, right) =>
      order.indexOf(left.span.path) - order.indexOf(right.span.path) || left.span.start - right.span.start,
  );
  return { ...checked, all, sources: sourcesOf(parsed.map(({ source }) => source)) };
}

/** The policy files below a folder, by path with `/`. */
export function textsIn(folder: string): Map<string, string> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".retrain"))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort();
  return new Map(paths.map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}
