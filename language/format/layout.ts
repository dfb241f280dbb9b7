import type { IToken } from "chevrotain";
import { tokenIndexAt } from "../syntax/build-context.ts";
import { LeftBrace, LeftParenthesis, RightBrace, RightParenthesis } from "../syntax/tokens.ts";
import type { Comment, FileNode, Text, TreeNode } from "../syntax/tree.ts";
import { type Source, spanText, withOneLineBreak } from "../text/source.ts";
import { alignEntries, type Entry } from "./align.ts";
import { blockHeader, headerEnd, isBlock, stageHeader, statementsOf } from "./block-parts.ts";
import { type Block, type Line, type OneLiner, printLine } from "./print-statements.ts";

/** What a layout works on; `comments` are taken from its front as their places are reached. */
export type LayoutInput = {
  readonly source: Source;
  readonly tokens: readonly IToken[];
  readonly comments: readonly Comment[];
};

type Layout = LayoutInput & { nextComment: number };

/** The lines of one block while it is laid out. */
type Body = {
  readonly entries: Entry[];
  /** Comments on the line of the opening brace. */
  opening: string;
  /** Where the last thing that was laid out ended in the text. */
  end: number;
  readonly depth: number;
  /** In files and policies, blocks stand between blank lines. */
  readonly spacious: boolean;
};

/** A file as the formatter writes it, without any proof. */
export function layOutFile(input: LayoutInput, file: FileNode): string {
  const layout: Layout = { ...input, nextComment: 0 };
  const body: Body = { entries: [], opening: "", end: 0, depth: 0, spacious: true };
  const parts: readonly TreeNode[] =
    file.language === undefined ? file.declarations : [file.language, ...file.declarations];
  layOutStatements(layout, body, parts);
  takeComments(layout, body, input.source.text.length + 1);
  return bodyText(body);
}

function bodyText(body: Body): string {
  const indent = "  ".repeat(body.depth);
  const texts = alignEntries(body.entries);
  return body.entries
    .map((entry, index) => `${entry.blankBefore && index > 0 ? "\n" : ""}${indent}${texts[index] ?? ""}\n`)
    .join("");
}

function layOutStatements(layout: Layout, body: Body, statements: readonly TreeNode[]): void {
  let previous: TreeNode | undefined;
  for (const node of statements) {
    takeComments(layout, body, node.span.start);
    const leading = previous === undefined ? body.entries.length : firstLeading(body);
    layOutNode(layout, body, node);
    const apart =
      body.spacious && previous !== undefined && (isBlock(previous) || isBlock(node) || previous.kind === "Language");
    const first = body.entries[leading];
    if (apart && first !== undefined) first.blankBefore = true;
    previous = node;
  }
}

/** The index of the first of the comments that stand on lines of their own before the statement that comes next. */
function firstLeading(body: Body): number {
  let index = body.entries.length;
  while (index > 0 && isComment(body.entries[index - 1])) index -= 1;
  return index;
}

function isComment(entry: Entry | undefined): boolean {
  return typeof entry?.content === "string" && /^\/[/*]/.test(entry.content);
}

/** Lays out the comments before an offset: behind what stands on their line, else on lines of their own. */
function takeComments(layout: Layout, body: Body, limit: number): void {
  for (let comment = layout.comments[layout.nextComment]; comment !== undefined && comment.span.start < limit; ) {
    layout.nextComment += 1;
    const gap = layout.source.text.slice(body.end, comment.span.start);
    const text = commentText(comment);
    const last = body.entries.at(-1);
    const onLine = !/[\r\n]/.test(gap) && body.end > 0;
    if (onLine && last !== undefined) last.trailing += ` ${text}`;
    else if (onLine) body.opening += ` ${text}`;
    else addEntry(body, { content: text, breaks: false, writtenWidth: undefined }, hasBlankLine(gap));
    body.end = comment.span.end;
    comment = layout.comments[layout.nextComment];
  }
}

/** Comments inside of a statement move before it: nothing else keeps the statement on its line. */
function hoistComments(layout: Layout, body: Body, limit: number, blankBefore: boolean): boolean {
  let blank = blankBefore;
  for (let comment = layout.comments[layout.nextComment]; comment !== undefined && comment.span.start < limit; ) {
    layout.nextComment += 1;
    addEntry(body, { content: commentText(comment), breaks: false, writtenWidth: undefined }, blank);
    blank = false;
    comment = layout.comments[layout.nextComment];
  }
  return blank;
}

function addEntry(body: Body, entry: Pick<Entry, "content" | "breaks" | "writtenWidth">, blankBefore: boolean): void {
  body.entries.push({ ...entry, blankBefore, trailing: "" });
}

function layOutNode(layout: Layout, body: Body, node: TreeNode): void {
  const gap = layout.source.text.slice(body.end, node.span.start);
  const blank = hasBlankLine(gap);
  const open = isBlock(node) ? openingBrace(layout, node) : undefined;
  if (node.kind === "Broken" || (isBlock(node) && open === undefined)) {
    layOutAsWritten(layout, body, node, blank);
  } else if (isBlock(node) && open !== undefined) {
    const blankLeft = hoistComments(layout, body, open, blank);
    const content = blockText(layout, node, open, body.depth);
    addEntry(body, { content, breaks: true, writtenWidth: undefined }, blankLeft);
  } else {
    const blankLeft = hoistComments(layout, body, node.span.end, blank);
    const content = printLine(node as OneLiner, (text) => printText(text, body.depth));
    addEntry(body, { content, breaks: false, writtenWidth: writtenWidth(layout, node, content) }, blankLeft);
  }
  body.end = node.span.end;
}

/** What does not parse stays as it is, with the comments inside of it. */
function layOutAsWritten(layout: Layout, body: Body, node: TreeNode, blank: boolean): void {
  const written = withOneLineBreak(spanText(layout.source, node.span));
  // A text without its end runs to the end of the file, whose last line break is written anyway.
  const content = node.span.end === layout.source.text.length ? written.replace(/\n$/, "") : written;
  while ((layout.comments[layout.nextComment]?.span.start ?? Number.POSITIVE_INFINITY) < node.span.end)
    layout.nextComment += 1;
  addEntry(body, { content, breaks: true, writtenWidth: undefined }, blank);
}

function blockText(layout: Layout, node: Block, open: number, depth: number): string {
  const spacious = node.kind === "Policy" || node.kind === "Template" || node.kind === "Override";
  const body: Body = { entries: [], opening: "", end: open + 1, depth: depth + 1, spacious };
  const header = node.kind === "Stage" ? stageHeader(node) : undefined;
  if (header !== undefined) {
    const start = layout.tokens[tokenIndexAt(layout.tokens, open + 1)]?.startOffset ?? open + 1;
    takeComments(layout, body, start);
    const blank = hoistComments(layout, body, header.end, false);
    addEntry(body, { content: header.text, breaks: true, writtenWidth: undefined }, blank);
    body.end = header.end;
  }
  layOutStatements(layout, body, statementsOf(node));
  takeComments(layout, body, node.span.end - 1);
  const first = `${blockHeader(node, (text) => printText(text, depth))} {`;
  if (body.entries.length === 0 && body.opening === "") return `${first} }`;
  return `${first}${body.opening}\n${bodyText(body)}${"  ".repeat(depth)}}`;
}

/** The offset of a block's `{`; undefined when it, or the closing brace, was not written. */
function openingBrace(layout: Layout, node: Block): number | undefined {
  let index = tokenIndexAt(layout.tokens, headerEnd(node));
  let token = layout.tokens[index];
  while (token?.tokenType === LeftParenthesis || token?.tokenType === RightParenthesis) {
    index += 1;
    token = layout.tokens[index];
  }
  const last = layout.tokens[tokenIndexAt(layout.tokens, node.span.end) - 1];
  const lastStatement = statementsOf(node).at(-1)?.span.end ?? 0;
  const isClosed = last?.tokenType === RightBrace && lastStatement < node.span.end && last !== token;
  return token?.tokenType === LeftBrace && isClosed ? token.startOffset : undefined;
}

function hasBlankLine(gap: string): boolean {
  return /\n[ \t]*\r?\n|\r[ \t]*\r/.test(gap);
}

function commentText(comment: Comment): string {
  return withOneLineBreak(comment.text).trimEnd();
}

/** A text over several lines is indented by one level more than its statement; any other text stays as it is written. */
function printText(text: Text, depth: number): string {
  const raw = withOneLineBreak(text.raw);
  if (!text.triple || !/^"""[ \t]*\n/.test(raw) || !/\n[ \t]*"""$/.test(raw) || text.value.trim() === "") return raw;
  const indent = "  ".repeat(depth);
  const lines = text.value.split("\n").map((line) => (line === "" ? "" : `${indent}  ${line}`));
  return `"""\n${lines.join("\n")}\n${indent}"""`;
}

/** How wide the key of a statement was, with the gap behind it, if all of that stood on one line. */
function writtenWidth(layout: Layout, node: TreeNode, line: Line): number | undefined {
  const keyTokens = line.key.startsWith('"') ? 1 : line.key.split(/ |(?=,)/).length;
  const rest = layout.tokens[tokenIndexAt(layout.tokens, node.span.start) + keyTokens];
  if (rest === undefined || rest.startOffset >= node.span.end) return undefined;
  const written = layout.source.text.slice(node.span.start, rest.startOffset);
  return /[\r\n]|\/[/*]/.test(written) ? undefined : written.length;
}
