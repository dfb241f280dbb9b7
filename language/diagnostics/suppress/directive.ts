import type { Comment } from "../../syntax/tree.ts";
import type { Span } from "../../text/source.ts";

/** A code as it stands in a comment. */
export interface WrittenCode {
  readonly code: string;
  readonly span: Span;
}

/** `// retrain-ignore CODE, CODE: reason` as it is written. */
export interface Directive {
  readonly span: Span;
  readonly codes: readonly WrittenCode[];
  /** Empty where there is none. */
  readonly reason: string;
}

/** The head of a directive: the slashes or stars, the word, and an end of the word. */
const head = /^(?:\/\/|\/\*)[ \t]*retrain-ignore(?![A-Za-z0-9_-])/;

/** Reads a comment as a directive; nothing where it is a plain comment. A reason may stand over several lines of a block comment. */
export function readDirective(comment: Comment): Directive | undefined {
  const found = head.exec(comment.text);
  if (found === null) return undefined;
  const end = comment.kind === "block" && comment.text.endsWith("*/") ? comment.text.length - 2 : comment.text.length;
  const body = comment.text.slice(found[0].length, end);
  const colon = body.indexOf(":");
  const list = colon < 0 ? body : body.slice(0, colon);
  const first = comment.span.start + found[0].length;
  const codes: WrittenCode[] = [];
  for (const { 0: code, index } of list.matchAll(/[^\s,]+/g)) {
    const start = first + index;
    codes.push({ code, span: { path: comment.span.path, start, end: start + code.length } });
  }
  return { span: comment.span, codes, reason: colon < 0 ? "" : body.slice(colon + 1).trim() };
}
