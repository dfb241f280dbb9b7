import { createSource, positionAt, type Source, type Span } from "../../language/text/source.ts";
import type { Place } from "../plan/common.ts";

/** Turns spans into places of the files that a policy is made of. */
export type Places = (span: Span) => Place;

export function placesOf(sources: ReadonlyMap<string, Source>): Places {
  return (span) => {
    const source = sources.get(span.path) ?? createSource(span.path, "");
    const start = positionAt(source, span.start);
    const end = positionAt(source, span.end);
    return { file: span.path, line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
  };
}
