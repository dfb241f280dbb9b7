import type { Place } from "../../compiler/plan/common.ts";
import type { Lines } from "./lines.ts";

/** A value of a YAML document. Keys are ours or quoted like any other string. */
export type Yaml =
  | string
  | number
  | boolean
  | null
  | Owned
  | Literal
  | Folded
  | Marked
  | readonly Yaml[]
  | { readonly [key: string]: Yaml | undefined };

/** A string that we own: it stays plain where no reader of YAML 1.1 or 1.2 takes it for something else. */
export class Owned {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Text of several lines that stands as it is, for a person to read: ASCII without tabs, no line begins the text with a blank. */
class Literal {
  readonly text: string;
  constructor(text: string) {
    if (!/^[!-~][ -~\n]*$/.test(text) || /[ ]$/m.test(text)) throw new Error("text that a block cannot hold");
    this.text = text;
  }
}

/** Inert JSON on one line that is too long to be read: it is broken after commas, and every reader joins it to the same text again. */
export class Folded {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A value that comes from a place of the policy: the source map leads from its first line there. A comment of our own words may stand above it. */
export class Marked {
  readonly value: Yaml;
  readonly place: Place | undefined;
  readonly comment: string | undefined;
  constructor(value: Yaml, place: Place | undefined, comment?: string) {
    this.value = value;
    this.place = place;
    this.comment = comment;
  }
}

export const literal = (text: string): Literal => new Literal(text);
export const folded = (text: string): Folded => new Folded(text);
export const owned = (text: string): Owned => new Owned(text);
export const marked = (value: Yaml, place: Place | undefined, comment?: string): Marked =>
  new Marked(value, place, comment);

/** Words that a reader of YAML 1.1 takes for a boolean or for nothing. */
const WORDS = new Set(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "none"]);
const PLAIN = /^[A-Za-z][A-Za-z0-9_./-]*$/;

/** Double quotes; everything outside of 0x20 to 0x7e is escaped, astral characters as `\\U`: the same string to every reader. */
export function quoted(text: string): string {
  let out = '"';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (character === '"' || character === "\\") out += `\\${character}`;
    else if (code >= 0x20 && code <= 0x7e) out += character;
    else if (code === 0x0a) out += "\\n";
    else if (code > 0xffff) out += `\\U${code.toString(16).padStart(8, "0")}`;
    else out += `\\u${code.toString(16).padStart(4, "0")}`;
  }
  return `${out}"`;
}

/** Characters of a line of folded text. */
const FOLD = 100;

/** A quoted text in lines that end with a backslash: a line break that is escaped is none. A line never begins with a blank, which a reader would drop. */
function foldedLines(text: string): string[] {
  const found: string[] = [];
  let line = "";
  for (const [piece] of text.matchAll(/[^,]*,(?! )|[^,]+|,/g)) {
    if (line !== "" && line.length + piece.length > FOLD && line.endsWith(",") && !piece.startsWith(" ")) {
      found.push(`${line}\\`);
      line = "";
    }
    line += piece;
  }
  return [...found, line];
}

function plainOrQuoted(text: string): string {
  return PLAIN.test(text) && !WORDS.has(text.toLowerCase()) ? text : quoted(text);
}

/** Writes a document. Strings are always quoted, but for those that are `owned`; lists and maps stand in block style, empty ones as `[]` and `{}`; members that are undefined are left out. */
export function writeYaml(lines: Lines, document: Yaml): void {
  block(lines, document, 0, "", undefined);
}

function inline(value: Yaml): string | undefined {
  if (value === null) return "null";
  if (typeof value === "string") return quoted(value);
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new Error(`${value} has no place in a YAML document`);
    return String(value);
  }
  if (value instanceof Owned) return plainOrQuoted(value.text);
  if (value instanceof Marked || value instanceof Literal || value instanceof Folded) return undefined;
  if (Array.isArray(value)) return value.length === 0 ? "[]" : undefined;
  return membersOf(value as { readonly [key: string]: Yaml | undefined }).length === 0 ? "{}" : undefined;
}

function membersOf(value: { readonly [key: string]: Yaml | undefined }): [string, Yaml][] {
  return Object.entries(value).filter((entry): entry is [string, Yaml] => entry[1] !== undefined);
}

/** Writes a value whose first line begins with `head` (`key:` or `-`), already indented. */
function block(lines: Lines, given: Yaml, depth: number, head: string, placed: Place | undefined): void {
  let value = given;
  let place = placed;
  if (value instanceof Marked) {
    const { comment } = value;
    if (comment !== undefined) lines.add(`${" ".repeat(indentOf(head, depth))}# ${comment}`);
    place = value.place ?? place;
    value = value.value;
  }
  const text = inline(value);
  if (text !== undefined) {
    lines.add(head === "" ? text : `${head} ${text}`, place);
    return;
  }
  if (value instanceof Literal) {
    lines.add(`${head} |-`, place);
    for (const line of value.text.split("\n")) lines.add(line === "" ? "" : `${" ".repeat(depth)}${line}`);
    return;
  }
  if (value instanceof Folded) {
    const [first = "", ...rest] = foldedLines(quoted(value.text));
    lines.add(`${head} ${first}`, place);
    for (const line of rest) lines.add(`${" ".repeat(depth)}${line}`);
    return;
  }
  const isItem = head.endsWith("-");
  if (head !== "" && !isItem) lines.add(head, place);
  // The first member of a list's item stands beside its hyphen.
  let opening = isItem ? `${head} ` : undefined;
  const pad = " ".repeat(depth);
  const line = (start: string): string => {
    const begun = opening === undefined ? `${pad}${start}` : `${opening}${start}`;
    opening = undefined;
    return begun;
  };
  if (Array.isArray(value)) {
    if (isItem) throw new Error("a list directly inside of a list is not written");
    for (const item of value as readonly Yaml[]) block(lines, item, depth + 2, line("-"), undefined);
    return;
  }
  let first: Place | undefined = isItem ? place : undefined;
  for (const [key, member] of membersOf(value as { readonly [key: string]: Yaml | undefined })) {
    block(lines, member, depth + 2, line(`${plainOrQuoted(key)}:`), first);
    first = undefined;
  }
}

function indentOf(head: string, depth: number): number {
  return head === "" ? depth : head.length - head.trimStart().length;
}
