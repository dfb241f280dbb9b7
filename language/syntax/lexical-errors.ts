import type { IToken } from "chevrotain";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { diagnostic } from "../diagnostics/report.ts";
import type { Span } from "../text/source.ts";
import type { Lexed } from "./lex.ts";
import { quantityValue, suggestQuantity } from "./quantity.ts";
import { readText } from "./text-value.ts";
import {
  BadCharacter,
  BadQuantity,
  Comma,
  DateQuantity,
  PlainText,
  UnterminatedComment,
  UnterminatedText,
  UnterminatedTripleText,
} from "./tokens.ts";

/** Letters that change the order in which a line is shown, and some that are not shown at all. */
const hidden = /[\u200B-\u200F\u202A-\u202E\u2060\u2066-\u2069]/g;

/** What is wrong with single tokens, in the order of the text. */
export function lexicalDiagnostics(path: string, text: string, { tokens, comments }: Lexed): Diagnostic[] {
  const found: Diagnostic[] = [];
  let badLine = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.tokenType === BadCharacter) {
      // One a line: the rest of such a line is seldom better.
      if (token.startLine === badLine) continue;
      badLine = token.startLine ?? 0;
    }
    for (const each of tokenDiagnostics(path, token, tokens[index + 1])) found.push(each);
  }
  for (const comment of comments) {
    if (comment.tokenType !== UnterminatedComment) continue;
    const start = comment.startOffset;
    found.push(diagnostic("syntax/unterminated-comment", { path, start, end: start + 2 }, {}));
  }
  const stray = new Set(tokens.filter((token) => token.tokenType === BadCharacter).map((token) => token.startOffset));
  for (const match of text.matchAll(hidden)) {
    if (stray.has(match.index)) continue;
    const span = { path, start: match.index, end: match.index + 1 };
    found.push(diagnostic("syntax/hidden-character", span, { name: characterCode(match[0]) }));
  }
  return found.sort((left, right) => left.span.start - right.span.start);
}

function tokenDiagnostics(path: string, token: IToken, next: IToken | undefined): Diagnostic[] {
  const start = token.startOffset;
  const span: Span = { path, start, end: start + token.image.length };
  switch (token.tokenType) {
    case BadQuantity:
      return [badQuantity(span, token.image)];
    case DateQuantity:
      return Number.isNaN(quantityValue(token.image, "date"))
        ? [diagnostic("syntax/bad-date", span, { written: token.image })]
        : [];
    case UnterminatedText: {
      const fixes = [{ label: 'close the text with `"`', edits: [{ span: { ...span, start: span.end }, text: '"' }] }];
      const open = { ...span, end: start + 1 };
      return [diagnostic("syntax/unterminated-text", open, { quote: '"' }, { fixes }), ...escapes(span, token.image)];
    }
    case UnterminatedTripleText:
      return [diagnostic("syntax/unterminated-text", { ...span, end: start + 3 }, { quote: '"""' })];
    case PlainText:
      return escapes(span, token.image);
    case BadCharacter:
      return [badCharacter(span, token.image)];
    case Comma: {
      if (next?.tokenType !== Comma) return [];
      const second = { path, start: next.startOffset, end: next.startOffset + 1 };
      const fixes = [{ label: "remove the comma", edits: [{ span: second, text: "" }] }];
      return [diagnostic("syntax/list-comma", second, {}, { fixes })];
    }
    default:
      return [];
  }
}

function badQuantity(span: Span, written: string): Diagnostic {
  const meant = suggestQuantity(written);
  const fixes = meant === undefined ? [] : [{ label: `write \`${meant}\``, edits: [{ span, text: meant }] }];
  const help = /^\d+(?:mo|months?|y|years?|yrs?)$/i.test(written)
    ? { help: "Months and years have no fixed length. Write days, such as `30d` or `365d`." }
    : {};
  return diagnostic("syntax/bad-quantity", span, { written }, { fixes, ...help });
}

function escapes(span: Span, raw: string): Diagnostic[] {
  return readText(raw).mistakes.map((mistake) => {
    const place = { ...span, start: span.start + mistake.start, end: span.start + mistake.end };
    const edits = [{ span: { ...place, end: place.start }, text: "\\" }];
    return diagnostic(
      "syntax/bad-escape",
      place,
      { written: mistake.raw },
      { fixes: [{ label: "write a backslash", edits }] },
    );
  });
}

const hints: Readonly<Record<string, string>> = {
  "#": "Comments begin with `//`. Write `//` here, or remove it.",
  ";": "Statements need nothing between them. Remove it.",
  "'": 'Texts stand between `"` and `"`. Use these quotes.',
  "\u2018": 'Texts stand between `"` and `"`. Use these quotes.',
  "\u2019": 'Texts stand between `"` and `"`. Use these quotes.',
  "\u201C": 'Texts stand between `"` and `"`. Use these quotes.',
  "\u201D": 'Texts stand between `"` and `"`. Use these quotes.',
  "\u2264": "Write `<=`.",
  "\u2265": "Write `>=`.",
  "\u2260": "Write `!=`.",
  "\u00A0": "It looks like a space and is none, as it happens when text is copied from a page. Write a space.",
  $: "A template parameter is written `${name}` inside a text and by its bare name elsewhere.",
};

function badCharacter(span: Span, image: string): Diagnostic {
  const character = [...image][0] ?? "";
  const printable = /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character);
  const name = printable ? `\`${character}\`` : `the character ${characterCode(character)}`;
  const hint = hints[character] ?? "Names are written with letters, digits and `_`. Remove it, or put it into a text.";
  return diagnostic("syntax/bad-character", { ...span, end: span.start + character.length }, { name, hint });
}

function characterCode(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
