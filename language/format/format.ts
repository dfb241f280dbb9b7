import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { diagnostic } from "../diagnostics/report.ts";
import { isSameTree } from "../syntax/dump.ts";
import { lex } from "../syntax/lex.ts";
import { type Parsed, type ParsedWithTokens, parseWithTokens } from "../syntax/parse.ts";
import type { Comment } from "../syntax/tree.ts";
import { createSource, type Source, withOneLineBreak } from "../text/source.ts";
import { layOutFile } from "./layout.ts";

export type Formatted = {
  /** The formatted text; the text as it was when it cannot be formatted. */
  readonly text: string;
  /** The syntax errors of the file, and our own error when the result did not prove itself. */
  readonly diagnostics: readonly Diagnostic[];
};

/**
 * Writes a file in the one way there is. Works on files with mistakes: statements that do not parse stay as they are, and
 * comments stay at their statements. Each result proves itself: it is parsed again and must give the same tree and the same
 * comments, and formatting it once more must change nothing; a text that comes out as it was has done so. A file with syntax errors whose result does not prove itself
 * is left alone; on any other file that is our bug and is reported as `internal/formatter`. A caller that has parsed the
 * file hands over what it got.
 */
export function format(
  source: Source,
  parsed: Parsed & Partial<ParsedWithTokens> = parseWithTokens(source),
): Formatted {
  const { diagnostics } = parsed;
  if (isUnread(parsed)) return { text: source.text, diagnostics };
  const text = layOut(source, { ...parsed, tokens: parsed.tokens ?? lex(source.text).tokens });
  const problem = findProblem(source, parsed, text);
  if (problem === undefined) return { text, diagnostics };
  if (diagnostics.length > 0) return { text: source.text, diagnostics };
  const span = { path: source.path, start: 0, end: 0 };
  return { text: source.text, diagnostics: [diagnostic("internal/formatter", span, { problem })] };
}

/** Too large or nested too deeply: the whole file is one broken node. */
function isUnread({ file }: Parsed): boolean {
  const [only] = file.declarations;
  return only?.kind === "Broken" && only.span.end === file.span.end && only.span.start === 0;
}

function layOut(source: Source, { file, tokens, comments }: ParsedWithTokens): string {
  return layOutFile({ source, tokens, comments }, file);
}

function findProblem(source: Source, parsed: Parsed, text: string): string | undefined {
  if (text === source.text) return undefined;
  const again = createSource(source.path, text);
  const parsedAgain = parseWithTokens(again);
  if (!isSameTree(source, parsed.file, again, parsedAgain.file)) return "the result means something else";
  if (commentList(parsed.comments) !== commentList(parsedAgain.comments)) return "the result lacks a comment";
  if (layOut(again, parsedAgain) !== text) return "the result changes when it is formatted again";
  return undefined;
}

function commentList(comments: readonly Comment[]): string {
  return JSON.stringify(comments.map((comment) => withOneLineBreak(comment.text).trimEnd()).sort());
}
