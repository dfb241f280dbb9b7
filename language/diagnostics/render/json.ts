import type { Span } from "../../text/source.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { positionOf, type Sources } from "./position.ts";

/** A place for tools: 1-based lines and columns in UTF-16 code units, `end` exclusive, and the offsets. */
function placeOf(span: Span, sources: Sources) {
  const { start, end } = positionOf(span, sources);
  return {
    path: span.path,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    start: span.start,
    end: span.end,
  };
}

/** Diagnostics as plain data with places that a tool understands. */
export function diagnosticsForTools(diagnostics: readonly Diagnostic[], sources: Sources) {
  return diagnostics.map((found) => ({
    code: found.code,
    severity: found.severity,
    message: found.message,
    place: placeOf(found.span, sources),
    labels: found.labels.map((label) => ({ text: label.text, place: placeOf(label.span, sources) })),
    ...(found.help === undefined ? {} : { help: found.help }),
    fixes: found.fixes.map((fix) => ({
      label: fix.label,
      edits: fix.edits.map((edit) => ({ text: edit.text, place: placeOf(edit.span, sources) })),
    })),
  }));
}

/** Diagnostics as `{ "schema": "retrain.check/1", "diagnostics": [...] }`, one document, ending in a newline. */
export function renderJson(diagnostics: readonly Diagnostic[], sources: Sources): string {
  const document = { schema: "retrain.check/1", diagnostics: diagnosticsForTools(diagnostics, sources) };
  return `${JSON.stringify(document, null, 2)}\n`;
}
