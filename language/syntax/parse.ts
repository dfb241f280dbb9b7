import type { IToken } from "chevrotain";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { diagnostic } from "../diagnostics/report.ts";
import type { Source } from "../text/source.ts";
import { buildFile } from "./build-blocks.ts";
import type { BrokenRegion, BuildContext } from "./build-context.ts";
import type { FileCstNode } from "./cst.gen.d.ts";
import { depthLimit, findTooDeep } from "./depth.ts";
import { type Lexed, lex } from "./lex.ts";
import { lexicalDiagnostics } from "./lexical-errors.ts";
import { parser } from "./parser.ts";
import { syntaxDiagnostics } from "./syntax-errors.ts";
import { LineComment, UnterminatedComment, UnterminatedTripleText } from "./tokens.ts";
import type { Comment, FileNode } from "./tree.ts";

export type Parsed = {
  readonly file: FileNode;
  /** All comments in the order of the text; the tree does not hold them. */
  readonly comments: readonly Comment[];
  readonly diagnostics: readonly Diagnostic[];
};

export type ParsedWithTokens = Parsed & { readonly tokens: readonly IToken[] };

/** Characters (UTF-16 code units) above which a file is not read. */
const sizeLimit = 4 * 1024 * 1024;

/**
 * Reads a policy file: text -> tokens -> tree. Never fails: what does not parse is a `Broken` node with one diagnostic, and
 * the rest of the tree is complete. Time grows linearly with the text.
 */
export function parse(source: Source): Parsed {
  const { file, comments, diagnostics } = parseWithTokens(source);
  return { file, comments, diagnostics };
}

/** The same with the tokens, for who lays the text out; they take more room than the tree and are not kept otherwise. */
export function parseWithTokens(source: Source): ParsedWithTokens {
  const { path, text } = source;
  if (text.length > sizeLimit) {
    const megabytes = Math.ceil((text.length / 1024 / 1024) * 10) / 10;
    const span = { path, start: 0, end: 0 };
    return unread(
      source,
      [],
      [],
      [diagnostic("syntax/too-large", span, { megabytes, limit: sizeLimit / 1024 / 1024 })],
    );
  }
  const lexed = lex(text);
  const comments = lexed.comments.map((token) => commentOf(path, token));
  const lexical = lexicalDiagnostics(path, text, lexed);
  const tooDeep = findTooDeep(lexed.tokens);
  if (tooDeep !== undefined) {
    const span = { path, start: tooDeep.startOffset, end: tooDeep.startOffset + 1 };
    return unread(source, lexed.tokens, comments, [
      ...lexical,
      diagnostic("syntax/too-deep", span, { limit: depthLimit }),
    ]);
  }
  const { file, errors } = parseTokens(source, lexed, lexical);
  return { file, tokens: lexed.tokens, comments, diagnostics: inOrder([...lexical, ...errors]) };
}

function parseTokens(
  source: Source,
  lexed: Lexed,
  lexical: readonly Diagnostic[],
): { file: FileNode; errors: Diagnostic[] } {
  const { path, text } = source;
  const { tokens } = lexed;
  parser.input = tokens;
  parser.hasJunk = false;
  const cst = parser.file() as FileCstNode;
  const regions: BrokenRegion[] = [];
  const context: BuildContext = {
    path,
    tokens,
    regions,
    emptyGroups: [],
    hasErrors: parser.errors.length > 0 || parser.hasJunk,
  };
  const file = buildFile(context, cst, text.length);
  const explained = lexical.map((each) => each.span.start);
  const errors = syntaxDiagnostics({
    path,
    tokens,
    errors: parser.errors,
    regions,
    explained,
    openEnded: isOpenEnded(lexed),
  });
  for (const span of context.emptyGroups) errors.push(diagnostic("syntax/empty-group", span, {}));
  return { file, errors };
}

/** Whether a text or a comment lacks its end and so runs to the end of the file. */
function isOpenEnded({ tokens, comments }: Lexed): boolean {
  return tokens.at(-1)?.tokenType === UnterminatedTripleText || comments.at(-1)?.tokenType === UnterminatedComment;
}

function unread(
  source: Source,
  tokens: readonly IToken[],
  comments: readonly Comment[],
  diagnostics: readonly Diagnostic[],
): ParsedWithTokens {
  const span = { path: source.path, start: 0, end: source.text.length };
  return {
    file: { kind: "File", span, declarations: [{ kind: "Broken", span }] },
    tokens,
    comments,
    diagnostics: inOrder(diagnostics),
  };
}

function commentOf(path: string, token: IToken): Comment {
  const start = token.startOffset;
  const span = { path, start, end: start + token.image.length };
  const kind = token.tokenType === LineComment ? "line" : "block";
  return { kind, span, text: token.image };
}

function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...diagnostics].sort((left, right) => left.span.start - right.span.start);
}
