import { positionAt, type Source, type Span } from "../../language/text/source.ts";
import type { Place } from "../plan/common.ts";

/** Turns spans of one policy's file into places. */
export type Places = (span: Span) => Place;

export function placesOf(source: Source): Places {
  return (span) => {
    const start = positionAt(source, span.start);
    const end = positionAt(source, span.end);
    return { file: span.path, line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
  };
}
