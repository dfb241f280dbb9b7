import { relative, resolve, sep } from "node:path";
import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import type { Sources } from "../../language/diagnostics/render/position.ts";
import { renderPretty } from "../../language/diagnostics/render/pretty.ts";
import type { Span } from "../../language/text/source.ts";
import type { Session } from "./session.ts";

/** Diagnostics stand in the way of what a command was to do. They have been shown: nothing is left to say. */
export class Findings extends Error {
  override name = "Findings";
}

/** Diagnostics and the texts that they point into. */
export interface Shown {
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: Sources;
  /** Stable names of the diagnostics, in the same order. */
  readonly fingerprints?: readonly string[];
}

/** The same diagnostics with paths as a person types them in the working folder; a project's own paths start from its root. */
export function asSeenFrom(folder: string, root: string, shown: Shown): Shown {
  if (resolve(folder) === resolve(root)) return shown;
  const { diagnostics, sources } = shown;
  const path = (from: string) => relative(folder, resolve(root, from)).split(sep).join("/");
  const span = (one: Span): Span => ({ ...one, path: path(one.path) });
  return {
    ...shown,
    sources: new Map(
      [...sources.values()].map((source) => [path(source.path), { ...source, path: path(source.path) }]),
    ),
    diagnostics: diagnostics.map((one) => ({
      ...one,
      span: span(one.span),
      labels: one.labels.map((label) => ({ ...label, span: span(label.span) })),
      fixes: one.fixes.map((fix) => ({
        ...fix,
        edits: fix.edits.map((edit) => ({ ...edit, span: span(edit.span) })),
      })),
    })),
  };
}

/** Shows diagnostics of at least a warning on standard error, for commands that are about something else. */
export function showFindings(session: Session, root: string, found: Shown): void {
  const { diagnostics, sources } = asSeenFrom(session.folder, root, found);
  const worth = diagnostics.filter((one) => one.severity !== "info");
  if (worth.length === 0) return;
  process.stderr.write(`${renderPretty(worth, sources, { colour: session.errorColor, columns: session.columns })}\n`);
}
