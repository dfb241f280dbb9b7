import type { IToken } from "chevrotain";
import { LeftBrace, LeftBracket, LeftParenthesis, RightBrace, RightBracket, RightParenthesis } from "./tokens.ts";

/** Levels of braces, brackets and parentheses; the parser is recursive, so its depth is bounded before it starts. */
export const depthLimit = 64;

/** The first token that opens a level too many. */
export function findTooDeep(tokens: readonly IToken[]): IToken | undefined {
  let depth = 0;
  for (const token of tokens) {
    const type = token.tokenType;
    if (type === LeftBrace || type === LeftBracket || type === LeftParenthesis) {
      depth += 1;
      if (depth > depthLimit) return token;
    } else if (type === RightBrace || type === RightBracket || type === RightParenthesis) {
      depth = Math.max(depth - 1, 0);
    }
  }
  return undefined;
}
