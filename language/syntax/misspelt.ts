import type { IToken, TokenType } from "chevrotain";
import { suggest } from "../diagnostics/suggest.ts";
import { wordsOfRules } from "./grammar-sets.ts";
import { startsLine } from "./lex.ts";
import { parser } from "./parser.ts";
import { Identifier, LeftBrace } from "./tokens.ts";

/** A name that was probably meant to be a word of the language. */
export type Misspelt = { readonly token: IToken; readonly word: string };

/** Words by the token types that may come after them. */
type Words = ReadonlyMap<string, ReadonlySet<TokenType>>;

let rules: ReturnType<typeof wordsOfRules> | undefined;
const remembered = new Map<string, Words>();

/** The words inside a statement or a block's header, without those of the statements that a block holds. */
function wordsInside(rule: string): Words {
  const known = remembered.get(rule);
  if (known !== undefined) return known;
  rules ??= wordsOfRules(parser.getGAstProductions());
  const words = new Map<string, ReadonlySet<TokenType>>();
  const seen = new Set([rule]);
  for (const name of seen) {
    const found = rules.get(name);
    for (const [word, follow] of found?.follow ?? []) words.set(word, new Set([...(words.get(word) ?? []), ...follow]));
    for (const inner of found?.rules ?? [])
      if (!/Statement$|Element$|^item$|^body$|^declaration$/.test(inner)) seen.add(inner);
  }
  remembered.set(rule, words);
  return words;
}

/** Tokens before the one at which a statement breaks off that may be to blame for it: a misspelt word is first taken for a name. */
const back = 2;

/** The columns of a dataset have no words of their own, so that a mistake may show much later. */
const backInColumns = 60;

/**
 * The misspelt word because of which a statement of a rule breaks off at a token, given by its index. Looks at this token and at
 * those before it down to `start`, the offset at which the statement begins; a word is only taken for meant when what comes next can follow it.
 */
export function findMisspelt(
  tokens: readonly IToken[],
  index: number,
  start: number,
  rule: string,
): Misspelt | undefined {
  const words = wordsInside(rule);
  const inColumns = rule === "column";
  for (let at = index; at > index - (inColumns ? backInColumns : back); at -= 1) {
    const token = tokens[at];
    if (token === undefined || token.tokenType === LeftBrace || (token.startOffset < start && !inColumns)) break;
    if (token.tokenType !== Identifier || (inColumns && startsLine(token, tokens[at - 1]))) continue;
    const next = tokens[at + 1]?.tokenType;
    const fitting = [...words].filter(([, follow]) => next === undefined || follow.has(next)).map(([word]) => word);
    const word = suggest(token.image, fitting);
    if (word !== undefined) return { token, word };
  }
  return undefined;
}
