import { createToken, type ITokenConfig, Lexer, type TokenType } from "chevrotain";
import { type Keyword, keywords, wordsThatBeginNoOperand } from "./keywords.ts";
import {
  matchBlockComment,
  matchText,
  matchTripleText,
  matchUnterminatedComment,
  matchUnterminatedText,
  matchUnterminatedTripleText,
  patterns,
} from "./lexical.ts";

/** Categories: not written by anybody, they stand for a set of tokens. */
const category = (name: string, label: string): TokenType => createToken({ name, label, pattern: Lexer.NA });

/** Any token but braces; only the rules of recovery consume it. */
export const Any = category("Any", "anything");
export const NameLike = category("NameLike", "a name");
/** A name that may begin an operand. */
export const Head = category("Head", "a metric or a function");
export const Quantity = category("Quantity", "a quantity");
export const TextLike = category("TextLike", "a text in quotes");
export const Operator = category("Operator", "a comparison");

const punctuation = (name: string, pattern: string, ...categories: TokenType[]): TokenType =>
  createToken({ name, label: `\`${pattern}\``, pattern, categories: [Any, ...categories] });
const quantity = (name: string, pattern: RegExp): TokenType =>
  createToken({
    name,
    pattern,
    label: "a quantity",
    categories: [Quantity, Any],
    start_chars_hint: [..."-0123456789"],
  });
const text = (name: string, pattern: NonNullable<ITokenConfig["pattern"]>): TokenType =>
  createToken({
    name,
    pattern,
    label: "a text in quotes",
    categories: [TextLike, Any],
    start_chars_hint: ['"'],
    line_breaks: true,
  });

export const TripleText = text("TripleText", matchTripleText);
export const UnterminatedTripleText = text("UnterminatedTripleText", matchUnterminatedTripleText);
export const PlainText = text("PlainText", matchText);
export const UnterminatedText = text("UnterminatedText", matchUnterminatedText);

export const DateQuantity = quantity("DateQuantity", patterns.date);
export const Duration = quantity("Duration", patterns.duration);
export const Size = quantity("Size", patterns.size);
export const Points = quantity("Points", patterns.points);
export const Percent = quantity("Percent", patterns.percent);
export const NumberQuantity = quantity("NumberQuantity", patterns.number);
export const BadQuantity = quantity("BadQuantity", patterns.bad);

export const Identifier = createToken({
  name: "Identifier",
  label: "a name",
  pattern: patterns.name,
  categories: [NameLike, Head, Any],
});

function wordName(keyword: string): string {
  return `${keyword.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())}Word`;
}

/** The token of every keyword, by the keyword. The lexer sees names only; `lex.ts` then tells the keywords apart. */
export const word = Object.fromEntries(
  keywords.map((keyword) => [
    keyword,
    createToken({
      name: wordName(keyword),
      label: `\`${keyword}\``,
      pattern: Lexer.NA,
      categories: wordsThatBeginNoOperand.has(keyword) ? [NameLike, Any] : [NameLike, Head, Any],
    }),
  ]),
) as Record<Keyword, TokenType>;

/** The token types that cannot begin an operand; see `names.ts`. */
export const noOperandTypes: ReadonlySet<TokenType> = new Set([...wordsThatBeginNoOperand].map((each) => word[each]));

export const LeftBrace = createToken({ name: "LeftBrace", label: "`{`", pattern: "{" });
export const RightBrace = createToken({ name: "RightBrace", label: "`}`", pattern: "}" });
export const LeftParenthesis = punctuation("LeftParenthesis", "(");
export const RightParenthesis = punctuation("RightParenthesis", ")");
export const LeftBracket = punctuation("LeftBracket", "[");
export const RightBracket = punctuation("RightBracket", "]");
export const Comma = punctuation("Comma", ",");
export const Colon = punctuation("Colon", ":");
export const DotDot = punctuation("DotDot", "..");
export const Dot = punctuation("Dot", ".");
const AtLeastSign = punctuation("AtLeastSign", ">=", Operator);
export const AtMostSign = punctuation("AtMostSign", "<=", Operator);
const EqualSign = punctuation("EqualSign", "==", Operator);
const UnequalSign = punctuation("UnequalSign", "!=", Operator);
const GreaterSign = punctuation("GreaterSign", ">", Operator);
const LessSign = punctuation("LessSign", "<", Operator);
export const Assign = punctuation("Assign", "=");

export const LineComment = createToken({ name: "LineComment", pattern: patterns.lineComment, group: "comments" });
const BlockComment = createToken({
  name: "BlockComment",
  pattern: matchBlockComment,
  group: "comments",
  line_breaks: true,
  start_chars_hint: ["/"],
});
export const UnterminatedComment = createToken({
  name: "UnterminatedComment",
  pattern: matchUnterminatedComment,
  group: "comments",
  line_breaks: true,
  start_chars_hint: ["/"],
});
const Space = createToken({ name: "Space", pattern: patterns.space, group: Lexer.SKIPPED, line_breaks: true });
/** What belongs to no token: it is kept, so that nothing of a file is lost. */
export const BadCharacter = createToken({
  name: "BadCharacter",
  label: "this character",
  pattern: Lexer.NA,
  categories: [Any],
});

/** First match wins, in this order. */
export const tokenTypes: readonly TokenType[] = [
  Space,
  LineComment,
  BlockComment,
  UnterminatedComment,
  TripleText,
  UnterminatedTripleText,
  PlainText,
  UnterminatedText,
  DateQuantity,
  Duration,
  Size,
  Points,
  Percent,
  NumberQuantity,
  BadQuantity,
  Identifier,
  ...keywords.map((keyword) => word[keyword]),
  LeftBrace,
  RightBrace,
  LeftParenthesis,
  RightParenthesis,
  LeftBracket,
  RightBracket,
  Comma,
  Colon,
  DotDot,
  Dot,
  AtLeastSign,
  AtMostSign,
  EqualSign,
  UnequalSign,
  GreaterSign,
  LessSign,
  Assign,
  Any,
  NameLike,
  Head,
  Quantity,
  TextLike,
  Operator,
  BadCharacter,
];
