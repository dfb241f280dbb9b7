import type { Diagnostic } from "../diagnostic.ts";
import { escapeControls } from "./escape.ts";
import { positionOf, type Sources } from "./position.ts";

/** One line a diagnostic: `path:line:column: severity CODE message`. */
export function renderCompact(diagnostics: readonly Diagnostic[], sources: Sources): string {
  return diagnostics
    .map((diagnostic) => {
      const { line, column } = positionOf(diagnostic.span, sources).start;
      const message = escapeControls(diagnostic.message).replaceAll("\t", "\\t");
      return `${escapeControls(diagnostic.span.path)}:${line}:${column}: ${diagnostic.severity} ${diagnostic.code} ${message}\n`;
    })
    .join("");
}
