import type { Diagnostic, Severity } from "../diagnostic.ts";
import { escapeControls } from "./escape.ts";
import { positionOf, type Sources } from "./position.ts";

/** Annotations of one kind that the service shows of one step. */
const shownOfAKind = 10;

/** Bytes that a step may add to its summary. */
const summaryLimit = 1024 * 1024;

const kinds: Readonly<Record<Severity, "error" | "warning" | "notice">> = {
  error: "error",
  warning: "warning",
  info: "notice",
};

export interface GithubOutput {
  /** Workflow commands for standard output, one a line: at most ten of each kind, the first ones. */
  readonly annotations: string;
  /** Markdown for the step's summary: what the annotations leave out. Empty when they leave nothing out; at most 1 MiB of UTF-8. */
  readonly summary: string;
  /** How many diagnostics are in no annotation. */
  readonly left: number;
}

/** Diagnostics as annotations of a pull request. */
export function renderGithub(diagnostics: readonly Diagnostic[], sources: Sources): GithubOutput {
  const counts = { error: 0, warning: 0, notice: 0 };
  const lines: string[] = [];
  const left: Diagnostic[] = [];
  for (const found of diagnostics) {
    const kind = kinds[found.severity];
    counts[kind] += 1;
    if (counts[kind] <= shownOfAKind) lines.push(annotation(kind, found, sources));
    else left.push(found);
  }
  return { annotations: lines.join(""), summary: summaryOf(left, sources), left: left.length };
}

function annotation(kind: string, found: Diagnostic, sources: Sources): string {
  const { start, end } = positionOf(found.span, sources);
  const properties = [
    `file=${escapeProperty(found.span.path)}`,
    `line=${start.line}`,
    // A column is only understood where the end is on the same line.
    ...(start.line === end.line ? [`col=${start.column}`, `endColumn=${end.column}`] : [`endLine=${end.line}`]),
    `title=${escapeProperty(found.code)}`,
  ];
  const text = found.help === undefined ? found.message : `${found.message}\n${found.help}`;
  return `::${kind} ${properties.join(",")}::${escapeData(text)}\n`;
}

function escapeData(text: string): string {
  const lines = text.split("\n").map(escapeControls);
  return lines.join("\n").replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

function summaryOf(left: readonly Diagnostic[], sources: Sources): string {
  if (left.length === 0) return "";
  const head = `### retrain check: ${left.length} more\n\n| place | severity | code | message |\n| --- | --- | --- | --- |\n`;
  const rows: string[] = [];
  const utf8 = new TextEncoder();
  // Room for the line that says how many rows did not fit.
  let room = summaryLimit - utf8.encode(head).length - 64;
  for (const [index, found] of left.entries()) {
    const { line, column } = positionOf(found.span, sources).start;
    const place = `${cell(found.span.path)}:${line}:${column}`;
    const row = `| ${place} | ${found.severity} | ${found.code} | ${cell(found.message)} |\n`;
    room -= utf8.encode(row).length;
    if (room < 0) return `${head}${rows.join("")}\n${left.length - index} more are not listed.\n`;
    rows.push(row);
  }
  return `${head}${rows.join("")}`;
}

/** Text that ends no cell, begins no tag and no link, and keeps the back quotes of messages. */
function cell(text: string): string {
  return escapeControls(text)
    .replace(/[\\|<>[\]&*_~]/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replace(/[\t\r\n]+/g, " ");
}
