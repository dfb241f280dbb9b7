import { positionAt } from "../../text/source.ts";
import type { Diagnostic, Severity } from "../diagnostic.ts";
import { escapeControls } from "./escape.ts";
import { positionOf, type Sources } from "./position.ts";
import { type Mark, markOf, showLine } from "./snippet.ts";
import { wrap } from "./width.ts";

export interface PrettyOptions {
  /** ANSI colours; signs and words carry the meaning without them. */
  readonly colour?: boolean;
  /** Width of the terminal in columns, at least 40; 80 unless said. */
  readonly columns?: number;
}

const codes = { error: "1;31", warning: "1;33", info: "1;36", bold: "1", dim: "2", label: "36" } as const;

type Paint = (style: keyof typeof codes, text: string) => string;

/** Diagnostics for people: message, place, the line with what is meant underlined, help, fixes, and how to read more. */
export function renderPretty(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  options: PrettyOptions = {},
): string {
  const columns = Math.max(options.columns ?? 80, 40);
  const paint: Paint = (style, text) => (options.colour === true ? `\u001b[${codes[style]}m${text}\u001b[0m` : text);
  return diagnostics.map((found) => `${renderOne(found, sources, columns, paint).join("\n")}\n`).join("\n");
}

function renderOne(found: Diagnostic, sources: Sources, columns: number, paint: Paint): string[] {
  const lines: string[] = [];
  const head = `${found.severity} ${found.code}: `;
  wrap(`${head}${escapeControls(found.message)}`, columns).forEach((line, index) => {
    const text = index === 0 ? line.slice(head.length) : line;
    lines.push(
      index === 0
        ? `${paint(found.severity, head.trimEnd())} ${paint("bold", text.trimStart())}`
        : `  ${paint("bold", text)}`,
    );
  });
  const start = positionOf(found.span, sources).start;
  lines.push(`${paint("dim", "  at")} ${escapeControls(found.span.path)}:${start.line}:${start.column}`);
  lines.push(...snippets(found, sources, columns, paint));
  const note = (word: string, text: string) => {
    const indent = " ".repeat(word.length + 4);
    wrap(escapeControls(text), columns - indent.length).forEach((line, index) => {
      lines.push(index === 0 ? `  ${paint("dim", `${word}:`)} ${line}` : `${indent}${line}`);
    });
  };
  if (found.help !== undefined) note("help", found.help);
  for (const fix of found.fixes) note("fix", fix.label);
  lines.push(`  ${paint("dim", "explain:")} retrain explain ${found.code}`);
  return lines;
}

/** The source lines of the span and its labels, file by file. */
function snippets(found: Diagnostic, sources: Sources, columns: number, paint: Paint): string[] {
  const lines: string[] = [];
  const spans = [
    { span: found.span, text: "", primary: true },
    ...found.labels.map((label) => ({ ...label, primary: false })),
  ];
  for (const path of new Set(spans.map(({ span }) => span.path))) {
    const source = sources.get(path);
    if (source === undefined) continue;
    const marks = spans
      .filter(({ span }) => span.path === path)
      .map(({ span, text, primary }) => markOf(source, span, text, primary));
    const numbers = [...new Set(marks.map((mark) => mark.line))].sort((left, right) => left - right);
    const gutter = String(numbers.at(-1) ?? 1).length;
    const bar = paint("dim", `${" ".repeat(gutter + 1)}|`);
    if (path !== found.span.path) {
      const at = positionAt(source, found.labels.find((label) => label.span.path === path)?.span.start ?? 0);
      lines.push(`${paint("dim", "  and")} ${escapeControls(path)}:${at.line}:${at.column}`);
    }
    lines.push(bar);
    let before: number | undefined;
    for (const number of numbers) {
      if (before !== undefined && number > before + 1) lines.push(paint("dim", `${" ".repeat(gutter)}...`));
      before = number;
      const line = showLine(
        source,
        number,
        marks.filter((mark) => mark.line === number),
        columns - gutter - 3,
      );
      lines.push(`${paint("dim", `${String(number).padStart(gutter)} |`)} ${line.text}`.trimEnd());
      for (const { from, width, mark } of line.marks) {
        lines.push(`${bar} ${" ".repeat(from)}${underline(mark, width, found.severity, paint)}`);
      }
    }
    lines.push(bar);
  }
  return lines;
}

function underline(mark: Mark, width: number, severity: Severity, paint: Paint): string {
  const line = (mark.primary ? "^" : "-").repeat(width);
  const text = mark.text === "" ? line : `${line} ${escapeControls(mark.text)}`;
  return paint(mark.primary ? severity : "label", text);
}
