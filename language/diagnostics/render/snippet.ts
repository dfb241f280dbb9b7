import { lineText, positionAt, type Source, type Span } from "../../text/source.ts";
import { escapeControls } from "./escape.ts";
import { displayWidth } from "./width.ts";

/** Columns between two tab stops of what is printed. */
const tabWidth = 4;

/** A stretch of one line that is underlined, with its words. */
export interface Mark {
  readonly line: number;
  /** Columns of the line as it is written, 0-based UTF-16 offsets, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly primary: boolean;
}

/** The mark of a span on its first line; a span of several lines is underlined to the end of that line. */
export function markOf(source: Source, span: Span, text: string, primary: boolean): Mark {
  const start = positionAt(source, span.start);
  const end = positionAt(source, span.end);
  const length = lineText(source, start.line).length;
  const from = Math.min(start.column - 1, length);
  const to = end.line === start.line ? end.column - 1 : length;
  return { line: start.line, from, to: Math.max(to, from), text, primary };
}

/** A line as it is shown: tabs as spaces, what could deceive written out. */
function shown(text: string): string {
  let line = "";
  for (const piece of text.split(/(\t)/u)) {
    line += piece === "\t" ? " ".repeat(tabWidth - (displayWidth(line) % tabWidth)) : escapeControls(piece);
  }
  return line;
}

/** One printed line of source with the columns of its marks, cut on both sides to what fits. */
export interface ShownLine {
  readonly text: string;
  readonly marks: readonly { readonly from: number; readonly width: number; readonly mark: Mark }[];
}

/** The part of a line of at most `columns` that shows its first mark, with `...` where something is left out. */
export function showLine(source: Source, line: number, marks: readonly Mark[], columns: number): ShownLine {
  const written = lineText(source, line);
  const whole = shown(written);
  const at = (offset: number) => displayWidth(shown(written.slice(0, offset)));
  const placed = marks.map((mark) => ({ from: at(mark.from), width: Math.max(at(mark.to) - at(mark.from), 1), mark }));
  const total = displayWidth(whole);
  if (total <= columns) return { text: whole, marks: placed };
  const wanted = Math.min(...placed.map(({ from }) => from));
  const first = Math.max(0, Math.min(wanted - Math.floor(columns / 4), total - columns));
  const { text, skipped } = cut(whole, first, columns);
  return {
    text,
    marks: placed
      .map(({ from, width, mark }) => {
        const begin = Math.max(from - skipped, 0);
        return { from: begin, width: Math.max(1, Math.min(width, columns - begin)), mark };
      })
      .filter(({ from }) => from < columns),
  };
}

function cut(text: string, first: number, columns: number): { readonly text: string; readonly skipped: number } {
  let column = 0;
  let skipped = 0;
  let kept = "";
  let width = 0;
  for (const character of text) {
    const own = displayWidth(character);
    if (column < first) {
      column += own;
      skipped = column;
      continue;
    }
    if (width + own > columns) break;
    kept += character;
    width += own;
    column += own;
  }
  const cutLeft = skipped > 0 ? `...${[...kept].slice(3).join("")}` : kept;
  const cutRight = column < displayWidth(text) ? `${[...cutLeft].slice(0, -3).join("")}...` : cutLeft;
  return { text: cutRight, skipped };
}
