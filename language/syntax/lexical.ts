/**
 * Hand-written scanners for texts and comments. They are linear and use no backtracking, so a text of four megabytes costs
 * no more than its length.
 */

/** The shape in which Chevrotain wants the result of a custom pattern. */
type Match = [string] | null;

/** `"..."` on one line; without its closing quote it ends with the line and `unterminated` is true. */
function scanText(text: string, start: number): { end: number; unterminated: boolean } {
  let offset = start + 1;
  while (offset < text.length) {
    const unit = text[offset];
    if (unit === '"') return { end: offset + 1, unterminated: false };
    if (unit === "\n" || unit === "\r") break;
    const escaped = text[offset + 1];
    offset += unit === "\\" && escaped !== undefined && escaped !== "\n" && escaped !== "\r" ? 2 : 1;
  }
  return { end: Math.min(offset, text.length), unterminated: true };
}

function textPattern(unterminated: boolean): (text: string, offset: number) => Match {
  return (text, offset) => {
    if (text[offset] !== '"') return null;
    const found = scanText(text, offset);
    return found.unterminated === unterminated ? [text.slice(offset, found.end)] : null;
  };
}

/** A stretch between two marks over any number of lines; `unterminated` asks for one whose closing mark is missing. */
function stretchPattern(open: string, close: string, unterminated: boolean): (text: string, offset: number) => Match {
  return (text, offset) => {
    if (!text.startsWith(open, offset)) return null;
    const end = text.indexOf(close, offset + open.length);
    if (end < 0) return unterminated ? [text.slice(offset)] : null;
    return unterminated ? null : [text.slice(offset, end + close.length)];
  };
}

export const matchText = textPattern(false);
export const matchUnterminatedText = textPattern(true);
export const matchTripleText = stretchPattern('"""', '"""', false);
export const matchUnterminatedTripleText = stretchPattern('"""', '"""', true);
export const matchBlockComment = stretchPattern("/*", "*/", false);
export const matchUnterminatedComment = stretchPattern("/*", "*/", true);

const INTEGER = String.raw`\d(?:_?\d)*`;
const NUMBER = String.raw`-?${INTEGER}(?:\.\d+)?`;
/** Not followed by anything that would make it another, longer thing: `5m` in `5min`, `1` in `1.5h`. */
const STOP = String.raw`(?![A-Za-z0-9_%]|\.\d)`;
const units = (...names: string[]): string => names.map((name) => `(?:${INTEGER}${name})?`).join("");

export const patterns = {
  date: /\d{4}-\d{2}-\d{2}(?![A-Za-z0-9_-])/,
  /** One token, its units falling: `1h30m`. */
  duration: new RegExp(String.raw`(?=\d[\d_]*[wdhms])${units("w", "d", "h", "m(?!s)", "s", "ms")}${STOP}`),
  size: new RegExp(`${NUMBER}(?:Ki|Mi|Gi|Ti|KB|MB|GB|TB|B)${STOP}`),
  points: new RegExp(`${NUMBER}pp${STOP}`),
  percent: new RegExp(`${NUMBER}%${STOP}`),
  /** Not the year of `2027-6-30`, which is one bad quantity. */
  number: new RegExp(String.raw`${NUMBER}(?:e-?${INTEGER})?${STOP}(?!-\d+-\d)`),
  bad: /-?\d[A-Za-z0-9_%]*(?:\.\d[A-Za-z0-9_%]*)*(?:-\d+-\d[A-Za-z0-9_-]*)?/,
  name: /[A-Za-z_][A-Za-z0-9_]*/,
  space: /[ \t\r\n\uFEFF]+/,
  lineComment: /\/\/[^\r\n]*/,
} as const;
