import { createTokenInstance, type ILexingError, type IToken, Lexer, type TokenType, tokenMatcher } from "chevrotain";
import {
  BadCharacter,
  Colon,
  Comma,
  Dot,
  Identifier,
  LeftBrace,
  LeftParenthesis,
  noOperandTypes,
  Operator,
  Quantity,
  RightBrace,
  RightParenthesis,
  tokenTypes,
  word,
} from "./tokens.ts";
import { validateGrammar } from "./validation.ts";

const lexer = new Lexer([...tokenTypes], {
  ensureOptimizations: true,
  positionTracking: "full",
  skipValidations: !validateGrammar,
});

const wordTypes = new Map<string, TokenType>(Object.entries(word));

export type Lexed = { readonly tokens: IToken[]; readonly comments: readonly IToken[] };

/** Cuts a text into tokens. Never fails and loses nothing: what belongs to no token becomes a `BadCharacter`. */
export function lex(text: string): Lexed {
  const { tokens, groups, errors } = lexer.tokenize(text);
  const all =
    errors.length === 0
      ? tokens
      : mergeByPlace(
          tokens,
          errors.map((error) => badCharacter(text, error)),
        );
  tellWordsApart(all);
  return { tokens: all, comments: groups["comments"] ?? [] };
}

function badCharacter(text: string, error: ILexingError): IToken {
  const { offset, length, line = 1, column = 1 } = error;
  const image = text.slice(offset, offset + length);
  const last = offset + length - 1;
  return createTokenInstance(BadCharacter, image, offset, last, line, line, column, column + length - 1);
}

function mergeByPlace(left: readonly IToken[], right: readonly IToken[]): IToken[] {
  const merged: IToken[] = [];
  let index = 0;
  for (const token of left) {
    for (let bad = right[index]; bad !== undefined && bad.startOffset < token.startOffset; bad = right[index]) {
      merged.push(bad);
      index += 1;
    }
    merged.push(token);
  }
  return [...merged, ...right.slice(index)];
}

function setType(token: IToken, type: TokenType): void {
  token.tokenType = type;
  token.tokenTypeIdx = type.tokenTypeIdx ?? token.tokenTypeIdx;
}

/**
 * Gives keywords their own token types. Words that begin no operand stay plain names where they can be nothing else: before
 * `.` or `(`, and inside parentheses (`data.amount`, `event(x)`, `null_rate(event)`), but not `relative` before a quantity.
 * Parameters of a template keep their words: outside of parentheses such a name could not be used.
 */
function tellWordsApart(tokens: readonly IToken[]): void {
  let depth = 0;
  let insideParameters = false;
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token === undefined) break;
    const next = tokens[index + 1];
    if (token.tokenType === LeftParenthesis) {
      if (depth === 0) insideParameters = tokens[index - 2]?.tokenType === word.template;
      depth += 1;
    } else if (token.tokenType === RightParenthesis) {
      depth = Math.max(depth - 1, 0);
    } else if (token.tokenType === LeftBrace || token.tokenType === RightBrace) {
      depth = 0;
    } else if (token.tokenType === Identifier) {
      const type = wordTypes.get(token.image);
      if (type === undefined) continue;
      // A parenthesis that nobody closed ends where a statement begins a line.
      if (depth > 0 && noOperandTypes.has(type) && startsLine(token, tokens[index - 1]) && !continuesList(next))
        depth = 0;
      const inside = depth > 0 && !insideParameters && !(type === word.relative && isA(next, Quantity));
      const isName = inside || next?.tokenType === Dot || next?.tokenType === LeftParenthesis;
      if (!isName || !noOperandTypes.has(type)) setType(token, type);
    }
  }
}

function continuesList(token: IToken | undefined): boolean {
  return [Comma, RightParenthesis, Colon, Operator].some((type) => isA(token, type));
}

/** Whether there is a token and it is of a type or of a category. */
export function isA(token: IToken | undefined, type: TokenType): boolean {
  return token !== undefined && tokenMatcher(token, type);
}

/** Whether a token is the first of its line, given the token before it. */
export function startsLine(token: IToken, previous: IToken | undefined): boolean {
  return previous === undefined || !((previous.endLine ?? 0) >= (token.startLine ?? 0));
}
