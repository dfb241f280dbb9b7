/** How a CSV file is written, read off its header line. */
export interface Dialect {
  readonly delimiter: string;
  readonly names: readonly string[];
}

const delimiters = [",", ";", "\t", "|"] as const;

/**
 * Delimiter and column names from the first bytes of a CSV file (UTF-8, quotes as in RFC 4180). The header is read here and not
 * guessed by the engine, which drops lines until the rest looks regular. The delimiter is the one of `,` `;` tab `|` that stands
 * most often outside of quotes in the header.
 */
export function readHeader(bytes: Uint8Array): Dialect | { readonly problem: string } {
  let text: string;
  try {
    // The last character of the buffer may be cut in two: only the header must decode.
    const end = bytes.indexOf(0x0a);
    text = new TextDecoder("utf-8", { fatal: true }).decode(end < 0 ? bytes : bytes.subarray(0, headerEnd(bytes)));
  } catch {
    return { problem: "its header is not UTF-8 text" };
  }
  if (hasControl(text)) return { problem: "its header holds control characters" };
  const delimiter = delimiters.reduce((best, other) => (outside(text, other) > outside(text, best) ? other : best));
  const names = fields(text, delimiter);
  if (names === undefined) return { problem: "a quote in its header is not closed" };
  if (names.some((name) => name === "")) return { problem: "a column of its header has no name" };
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) return { problem: `its header names "${twice}" twice` };
  return { delimiter, names };
}

/** Where the header ends: the first line break outside of quotes. */
function headerEnd(bytes: Uint8Array): number {
  let quoted = false;
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] === 0x22) quoted = !quoted;
    else if (bytes[at] === 0x0a && !quoted) return bytes[at - 1] === 0x0d ? at - 1 : at;
  }
  return bytes.length;
}

function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) return true;
  }
  return false;
}

function outside(text: string, delimiter: string): number {
  return text.replaceAll(/"(?:[^"]|"")*"/g, "").split(delimiter).length;
}

function fields(text: string, delimiter: string): string[] | undefined {
  const found: string[] = [];
  let at = 0;
  for (;;) {
    if (text[at] === '"') {
      const quoted = /"((?:[^"]|"")*)"/y;
      quoted.lastIndex = at;
      const match = quoted.exec(text);
      if (match === null) return undefined;
      found.push((match[1] ?? "").replaceAll('""', '"'));
      at = quoted.lastIndex;
    } else {
      const end = text.indexOf(delimiter, at);
      found.push(text.slice(at, end < 0 ? text.length : end));
      at = end < 0 ? text.length : end;
    }
    if (at >= text.length) return found;
    at += 1;
  }
}
