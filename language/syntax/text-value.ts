/** A piece of a text that means nothing: offsets are relative to the text's first quote. */
export type EscapeMistake = { readonly start: number; readonly end: number; readonly raw: string };

const simpleEscapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", '"': '"', "\\": "\\" };

/**
 * Reads `"..."`: `value` is what it means, `offsets[i]` is the place of the value's unit `i` in `raw` (with one entry more
 * for the end), and `mistakes` are the escapes that do not exist; these stay in the value as they were written.
 */
export function readText(raw: string): {
  value: string;
  offsets: readonly number[];
  mistakes: readonly EscapeMistake[];
} {
  const end = raw.length > 1 && raw.endsWith('"') ? raw.length - 1 : raw.length;
  const offsets: number[] = [];
  const mistakes: EscapeMistake[] = [];
  let value = "";
  const put = (text: string, offset: number): void => {
    for (let unit = 0; unit < text.length; unit += 1) offsets.push(offset);
    value += text;
  };
  let offset = 1;
  while (offset < end) {
    const unit = raw[offset] ?? "";
    if (unit !== "\\") {
      put(unit, offset);
      offset += 1;
      continue;
    }
    const found = readEscape(raw, offset, end);
    put(found.text, offset);
    if (found.bad) mistakes.push({ start: offset, end: found.end, raw: raw.slice(offset, found.end) });
    offset = found.end;
  }
  offsets.push(end);
  return { value, offsets, mistakes };
}

function readEscape(raw: string, start: number, limit: number): { text: string; end: number; bad: boolean } {
  const letter = raw[start + 1] ?? "";
  const simple = Object.hasOwn(simpleEscapes, letter) ? simpleEscapes[letter] : undefined;
  if (simple !== undefined) return { text: simple, end: start + 2, bad: false };
  const unicode = /^\\u\{([0-9A-Fa-f]{1,6})\}/.exec(raw.slice(start, Math.min(start + 12, limit)));
  const code = unicode === null ? Number.NaN : Number.parseInt(unicode[1] ?? "", 16);
  const isCharacter = code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  if (unicode !== null && isCharacter) {
    return { text: String.fromCodePoint(code), end: start + unicode[0].length, bad: false };
  }
  const end = Math.min(start + (unicode?.[0].length ?? 2), limit);
  return { text: raw.slice(start, end), end, bad: true };
}

/**
 * Reads `"""..."""`, which has no escapes: the first and the last line break go, and so does the indent that all lines with
 * words share. Line breaks become `\n`. `offsets` as for `readText`.
 */
export function readTripleText(raw: string): { value: string; offsets: readonly number[] } {
  const end = raw.length >= 6 && raw.endsWith('"""') ? raw.length - 3 : raw.length;
  const lines: { start: number; text: string }[] = [];
  let start = 3;
  for (const match of raw.slice(3, end).matchAll(/\r\n|\r|\n/g)) {
    lines.push({ start, text: raw.slice(start, 3 + match.index) });
    start = 3 + match.index + match[0].length;
  }
  lines.push({ start, text: raw.slice(start, end) });
  if (lines.length > 1 && lines[0]?.text.trim() === "") lines.shift();
  if (lines.length > 1 && lines.at(-1)?.text.trim() === "") lines.pop();
  const indents = lines
    .filter((line) => line.text.trim() !== "")
    .map((line) => line.text.length - line.text.trimStart().length);
  const indent = indents.length === 0 ? 0 : Math.min(...indents);
  const offsets: number[] = [];
  let value = "";
  for (const [index, line] of lines.entries()) {
    if (index > 0) {
      offsets.push(line.start - 1);
      value += "\n";
    }
    const from = Math.min(indent, line.text.length);
    for (let unit = from; unit < line.text.length; unit += 1) offsets.push(line.start + unit);
    value += line.text.slice(from);
  }
  offsets.push(end);
  return { value, offsets };
}
