import { type Position, positionAt, type Source, type Span } from "../../text/source.ts";

/** The texts that spans point into, by path. */
export type Sources = ReadonlyMap<string, Source>;

/** Makes the map that renderers need. */
export function sourcesOf(sources: Iterable<Source>): Sources {
  return new Map([...sources].map((source) => [source.path, source]));
}

/** Both ends of a span; the first position of the file where its text is not known. */
export function positionOf(span: Span, sources: Sources): { readonly start: Position; readonly end: Position } {
  const source = sources.get(span.path);
  if (source === undefined) return { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };
  return { start: positionAt(source, span.start), end: positionAt(source, Math.max(span.end, span.start)) };
}
