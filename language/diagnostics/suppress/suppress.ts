import type { Comment, FileNode } from "../../syntax/tree.ts";
import { positionAt, type Source } from "../../text/source.ts";
import { type Code, catalog } from "../catalog/catalog.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { diagnostic } from "../report.ts";
import { suggest } from "../suggest.ts";
import { type Directive, readDirective, type WrittenCode } from "./directive.ts";
import { type Region, regionAt, regionFrom, regionsOf } from "./regions.ts";

/** A file as the parser read it. */
export interface ReadFile {
  readonly source: Source;
  readonly file: FileNode;
  readonly comments: readonly Comment[];
  /** What the parser said: where a file does not parse, not everything is found, and no comment is called unused. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What the comments of a file ask to leave out. */
export interface Suppressions {
  /** Whether a comment sets this diagnostic of this file aside. Errors never are. */
  hides(found: Diagnostic): boolean;
  /** What is wrong with the comments, once every diagnostic has been asked about. */
  problems(): readonly Diagnostic[];
}

/** One code of one comment. */
interface Rule {
  readonly code: Code;
  readonly written: WrittenCode;
  readonly directive: Directive;
  used: boolean;
}

/** Areas that a check does not judge, or judges on some days and in some environments only: never called unused. */
const elsewhere = /^(?:target|config|runtime)\/|^policy\/review-overdue$|^check\/too-many$/;

/**
 * Reads the `// retrain-ignore CODE: reason` comments of a file. A comment on a line of its own is for the statement that
 * follows it directly; a comment behind a statement is for that one. For a block that is what stands before its first
 * statement, so that one comment never silences all of a policy. Takes time in proportion to the comments.
 */
export function suppressionsOf({ source, file, comments, diagnostics }: ReadFile): Suppressions {
  const problems: Diagnostic[] = [];
  const rules: Rule[] = [];
  /** By code and the start of the statement that the comment is for. */
  const byPlace = new Map<string, Rule[]>();
  let regions: readonly Region[] | undefined;
  for (const [index, comment] of comments.entries()) {
    const directive = readDirective(comment);
    if (directive === undefined) continue;
    const codes = usableCodes(directive, problems);
    if (codes.length === 0) continue;
    regions ??= regionsOf(file);
    const region = regionFor(source, comments, index, regions);
    for (const { code, written } of codes) {
      const rule: Rule = { code, written, directive, used: false };
      rules.push(rule);
      if (region === undefined) continue;
      const key = `${code} ${region.start}`;
      const others = byPlace.get(key);
      if (others === undefined) byPlace.set(key, [rule]);
      else others.push(rule);
    }
  }
  const broken = diagnostics.some(({ severity }) => severity === "error");
  return {
    hides(found) {
      if (found.severity === "error" || found.span.path !== source.path) return false;
      const region = regions === undefined ? undefined : regionAt(regions, found.span.start);
      if (region === undefined || found.span.start >= region.end) return false;
      const matching = byPlace.get(`${found.code} ${region.start}`) ?? [];
      for (const rule of matching) rule.used = true;
      return matching.length > 0;
    },
    problems() {
      const unused = rules.filter(({ used, code }) => !used && !broken && !elsewhere.test(code));
      return [...problems, ...unused.map((rule) => unusedRule(source, rule))];
    },
  };
}

/** Takes what is set aside out of the diagnostics of one file, and adds what is wrong with its comments. */
export function applySuppressions(read: ReadFile, found: readonly Diagnostic[]): Diagnostic[] {
  const suppressions = suppressionsOf(read);
  const kept = found.filter((one) => !suppressions.hides(one));
  return [...kept, ...suppressions.problems()].sort((left, right) => left.span.start - right.span.start);
}

/** The codes that a directive may name; reports what it lacks and the codes that do not exist or are errors. */
function usableCodes(directive: Directive, problems: Diagnostic[]): { code: Code; written: WrittenCode }[] {
  const { codes, reason, span } = directive;
  if (codes.length === 0 || reason === "") {
    const missing = codes.length === 0 ? "code" : "reason";
    problems.push(diagnostic("lint/ignore-incomplete", span, { missing }));
    return [];
  }
  return codes.flatMap((written) => {
    const { code } = written;
    if (!isCode(code)) {
      const suggestion = suggest(code, Object.keys(catalog));
      const fixes =
        suggestion === undefined
          ? []
          : [{ label: `write \`${suggestion}\``, edits: [{ span: written.span, text: suggestion }] }];
      problems.push(diagnostic("lint/ignore-unknown-code", written.span, { code, suggestion }, { fixes }));
      return [];
    }
    if (catalog[code].severity === "error") {
      problems.push(diagnostic("lint/ignore-error", written.span, { code }));
      return [];
    }
    return [{ code, written }];
  });
}

function isCode(text: string): text is Code {
  return Object.hasOwn(catalog, text);
}

/** The statement that a comment is for. */
function regionFor(
  source: Source,
  comments: readonly Comment[],
  index: number,
  regions: readonly Region[],
): Region | undefined {
  const comment = comments[index];
  if (comment === undefined) return undefined;
  const line = (offset: number): number => positionAt(source, offset).line;
  const start = source.lineStarts[line(comment.span.start) - 1] ?? 0;
  const before = blankBetween(source, comments, index, start);
  if (!before) {
    const region = regionAt(regions, comment.span.start);
    const reach = region === undefined ? 0 : Math.min(region.end, comment.span.start);
    return region !== undefined && line(reach) === line(comment.span.start) ? region : undefined;
  }
  const next = regionFrom(regions, comment.span.end);
  if (next === undefined) return undefined;
  let from = comment.span.end;
  for (let at = index + 1; from < next.start; at += 1) {
    const other = comments[at];
    const to = other === undefined || other.span.start > next.start ? next.start : other.span.start;
    if (source.text.slice(from, to).trim() !== "") return undefined;
    from = other === undefined || to === next.start ? next.start : other.span.end;
  }
  return next;
}

/** Whether nothing but spaces and comments stands before a comment on its line. */
function blankBetween(source: Source, comments: readonly Comment[], index: number, start: number): boolean {
  let end = comments[index]?.span.start ?? 0;
  for (let at = index - 1; at >= 0; at -= 1) {
    const other = comments[at];
    if (other === undefined || other.span.end <= start) break;
    if (source.text.slice(other.span.end, end).trim() !== "") return false;
    end = other.span.start;
  }
  return end <= start || source.text.slice(start, end).trim() === "";
}

/** The last code of a comment takes the comment with it. */
function unusedRule(source: Source, { code, written, directive }: Rule): Diagnostic {
  const { codes } = directive;
  if (codes.length === 1) {
    const edit = { span: wholeComment(source, directive), text: "" };
    const fixes = [{ label: "remove the comment", edits: [edit] }];
    return diagnostic("lint/ignore-unused", written.span, { code }, { fixes });
  }
  const index = codes.indexOf(written);
  const [next, previous] = [codes[index + 1], codes[index - 1]];
  const { path } = written.span;
  const span =
    next !== undefined
      ? { path, start: written.span.start, end: next.span.start }
      : { path, start: previous?.span.end ?? written.span.start, end: written.span.end };
  const fixes = [{ label: `remove \`${code}\``, edits: [{ span, text: "" }] }];
  return diagnostic("lint/ignore-unused", written.span, { code }, { fixes });
}

/** The comment with the spaces before it, and with its line where it stands alone. */
function wholeComment(source: Source, { span }: Directive): Directive["span"] {
  let { start, end } = span;
  while (start > 0 && /[ \t]/.test(source.text[start - 1] ?? "")) start -= 1;
  const alone = start === 0 || /[\r\n]/.test(source.text[start - 1] ?? "");
  if (alone) {
    if (source.text.startsWith("\r\n", end)) end += 2;
    else if (/[\r\n]/.test(source.text[end] ?? "")) end += 1;
    else start = span.start;
  }
  return { path: span.path, start, end };
}
