import type { Place } from "../../compiler/plan/common.ts";
import { inertJson } from "../shared/inert.ts";
import type { Lines } from "../shared/lines.ts";

/** Longest line, in characters; a single text may be longer. */
const WIDTH = 116;
const INDENT = 2;

/** Adds a value as inert JSON that a person can read: a list or object that fits stands on one line, a longer list is filled line by line, a longer object has one member a line. `places` says from where in the policy an object comes. */
export function addJson(lines: Lines, value: unknown, places: ReadonlyMap<object, Place>): void {
  member(lines, "", value, 0, "", places);
}

function member(
  lines: Lines,
  head: string,
  value: unknown,
  depth: number,
  end: string,
  places: ReadonlyMap<object, Place>,
): void {
  const pad = " ".repeat(depth);
  const place = typeof value === "object" && value !== null ? places.get(value) : undefined;
  const flat = inline(value);
  if (`${pad}${head}${flat}${end}`.length <= WIDTH || typeof value !== "object" || value === null) {
    lines.add(`${pad}${head}${flat}${end}`, place);
    return;
  }
  if (Array.isArray(value)) {
    lines.add(`${pad}${head}[`, place);
    fill(
      lines,
      value.map((item) => inline(item)),
      depth + INDENT,
    );
    lines.add(`${pad}]${end}`);
    return;
  }
  lines.add(`${pad}${head}{`, place);
  const members = Object.entries(value);
  for (const [index, [key, item]] of members.entries()) {
    member(lines, `${inertJson(key)}: `, item, depth + INDENT, index === members.length - 1 ? "" : ",", places);
  }
  lines.add(`${pad}}${end}`);
}

/** One line, with a blank after commas and colons. */
function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(([key, item]) => `${inertJson(key)}: ${inline(item)}`);
    return `{${members.join(", ")}}`;
  }
  return inertJson(value);
}

/** As many items on a line as fit. */
function fill(lines: Lines, items: readonly string[], depth: number): void {
  const pad = " ".repeat(depth);
  let line = "";
  for (const [index, item] of items.entries()) {
    const text = index === items.length - 1 ? item : `${item},`;
    if (line !== "" && pad.length + line.length + 1 + text.length > WIDTH) {
      lines.add(`${pad}${line}`);
      line = text;
    } else line = line === "" ? text : `${line} ${text}`;
  }
  if (line !== "") lines.add(`${pad}${line}`);
}

/** Adds inert JSON, broken after commas where a line would be too long: for a value that machines read. Without its line breaks it is the same text again. */
export function addWrapped(lines: Lines, json: string): void {
  let line = "";
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"[:,]?|[^",]+,?|,/g)) {
    if (line !== "" && line.length + token.length > WIDTH) {
      lines.add(line);
      line = "";
    }
    line += token;
  }
  lines.add(line);
}
