/** A half-open stretch of a file: `start` inclusive, `end` exclusive, both 0-based UTF-16 offsets. */
export type Span = { readonly path: string; readonly start: number; readonly end: number };

/** A place as people and editors write it: 1-based line and column, columns in UTF-16 code units. */
export type Position = { readonly line: number; readonly column: number };

/** A text with its name and the offsets at which its lines begin. */
export type Source = { readonly path: string; readonly text: string; readonly lineStarts: readonly number[] };

/** Makes a source of a text. `\n`, `\r\n` and a lone `\r` end a line. */
export function createSource(path: string, text: string): Source {
  const lineStarts = [0];
  for (let offset = 0; offset < text.length; offset += 1) {
    const unit = text.charCodeAt(offset);
    if (unit === 13 && text.charCodeAt(offset + 1) === 10) continue;
    if (unit === 10 || unit === 13) lineStarts.push(offset + 1);
  }
  return { path, text, lineStarts };
}

/** The position of an offset; offsets outside of the text are moved to its nearer end. Takes logarithmic time. */
export function positionAt(source: Source, offset: number): Position {
  const wanted = Math.min(Math.max(offset, 0), source.text.length);
  let low = 0;
  let high = source.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((source.lineStarts[middle] ?? 0) <= wanted) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: wanted - (source.lineStarts[low] ?? 0) + 1 };
}

/** The offset of a position; lines and columns outside of the text are moved to the nearest place that exists. */
export function offsetAt(source: Source, position: Position): number {
  if (position.line < 1) return 0;
  const start = source.lineStarts[position.line - 1];
  if (start === undefined) return source.text.length;
  const next = source.lineStarts[position.line] ?? source.text.length;
  return Math.min(start + Math.max(position.column - 1, 0), next);
}

/** A line's text without its line break; `line` is 1-based. Empty for a line that does not exist. */
export function lineText(source: Source, line: number): string {
  const start = source.lineStarts[line - 1];
  if (start === undefined) return "";
  const end = source.lineStarts[line] ?? source.text.length;
  return source.text.slice(start, end).replace(/[\r\n]+$/u, "");
}

/** The text that a span covers. */
export function spanText(source: Source, span: Span): string {
  return source.text.slice(span.start, span.end);
}

/** A text whose lines all end in `\n`. */
export function withOneLineBreak(text: string): string {
  return text.replace(/\r\n?/gu, "\n");
}
