import { EOF, type IRecognitionException, type IToken } from "chevrotain";
import type { Diagnostic, Fix } from "../diagnostics/diagnostic.ts";
import { diagnostic } from "../diagnostics/report.ts";
import { suggest } from "../diagnostics/suggest.ts";
import type { Span } from "../text/source.ts";
import { blockTitle, placesOf, statementWords } from "./blocks.ts";
import { type BrokenRegion, tokenIndexAt } from "./build-context.ts";
import { isA, startsLine } from "./lex.ts";
import { findMisspelt, type Misspelt } from "./misspelt.ts";
import { Assign, LeftBrace, NameLike, NumberQuantity, RightBrace, tokenTypes, word } from "./tokens.ts";

/** What a parse leaves behind for its messages. */
export type Failed = {
  readonly path: string;
  readonly tokens: readonly IToken[];
  readonly errors: readonly IRecognitionException[];
  readonly regions: readonly BrokenRegion[];
  /** Offsets of tokens that have a message of their own, rising. */
  readonly explained: readonly number[];
  /** Whether a text or a comment runs to the end of the file: what is missing there was swallowed by it. */
  readonly openEnded: boolean;
};

/** One message for each broken statement, and one for each brace that is missing. */
export function syntaxDiagnostics(failed: Failed): Diagnostic[] {
  const errors = [...failed.errors].sort((left, right) => anchorOf(left) - anchorOf(right));
  const headers = misspeltHeaders(failed, errors);
  const braces = missingBraces(failed, errors, headers);
  const anchors = errors.map(anchorOf);
  const statements = failed.regions.flatMap((region) => {
    if (headers.some(({ block, from, to }) => region.block === block && region.start >= from && region.start < to))
      return [];
    return regionDiagnostic(failed, region, errors[firstAtLeast(anchors, region.start)]) ?? [];
  });
  return [...headers.map(({ found }) => found), ...braces, ...firstOfPlace(statements)];
}

/** One message a place: a statement that breaks off and the junk behind it are the same mistake. */
function firstOfPlace(found: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<number>();
  return found.filter(({ span }) => {
    const isNew = !seen.has(span.start);
    seen.add(span.start);
    return isNew;
  });
}

/** A block whose header has a misspelt word before its `{`, and what only follows from it. */
type MisspeltHeader = {
  readonly found: Diagnostic;
  readonly block: string;
  /** What the block's statements seem to be from here to there is not worth a message. */
  readonly from: number;
  readonly to: number;
  /** The braces that seem to be missing. */
  readonly braces: readonly IRecognitionException[];
};

/** `guardrail g aplies when`: the parser takes the `{` for missing, and then the `}` too. */
function misspeltHeaders(failed: Failed, errors: readonly IRecognitionException[]): MisspeltHeader[] {
  return errors.flatMap((error, index) => {
    const stack = error.context.ruleStack;
    const rule = (stack.at(-1) === "body" ? stack.at(-2) : stack.at(-1)) ?? "";
    if (expectsBrace(failed, error) !== "{" || !isA(error.token, NameLike)) return [];
    const at = tokenIndexAt(failed.tokens, error.token.startOffset);
    const misspelt = findMisspelt(failed.tokens, at, error.token.startOffset, rule);
    if (misspelt === undefined) return [];
    const closing = errors.slice(index + 1).find((other) => expectsBrace(failed, other) === "}");
    const to = closing === undefined ? Number.MAX_SAFE_INTEGER : anchorOf(closing) + 1;
    const block = /Group$/.test(rule) ? "group" : rule;
    const braces = closing === undefined ? [error] : [error, closing];
    return [{ found: misspeltDiagnostic(failed, misspelt), block, from: error.token.startOffset, to, braces }];
  });
}

function misspeltDiagnostic({ path }: Failed, { token, word: meant }: Misspelt): Diagnostic {
  const span = { path, start: token.startOffset, end: token.startOffset + token.image.length };
  const fixes = [{ label: `write \`${meant}\``, edits: [{ span, text: meant }] }];
  const words = { found: foundText(token), expected: `\`${meant}\`` };
  return diagnostic("syntax/unexpected-token", span, words, { help: `Did you mean \`${meant}\`?`, fixes });
}

/** Errors belong to the statement of the last token that was accepted. */
function anchorOf(error: IRecognitionException): number {
  const { previousToken } = error as IRecognitionException & { readonly previousToken?: IToken };
  return previousToken !== undefined && previousToken.startOffset >= 0 ? previousToken.startOffset : -1;
}

/** The brace that an error is about; elsewhere than at the end of a line a closing brace is but one of several expectations. */
function expectsBrace({ tokens }: Failed, error: IRecognitionException): "{" | "}" | undefined {
  if (error.message === LeftBrace.name) return "{";
  if (error.message !== RightBrace.name) return undefined;
  const previous = tokens[tokenIndexAt(tokens, anchorOf(error))];
  return error.token.tokenType === EOF || startsLine(error.token, previous) ? "}" : undefined;
}

function missingBraces(
  failed: Failed,
  errors: readonly IRecognitionException[],
  headers: readonly MisspeltHeader[],
): Diagnostic[] {
  const explained = new Set(headers.flatMap((header) => header.braces));
  const seen = new Set<number>();
  const found: Diagnostic[] = [];
  for (const error of errors) {
    const brace = expectsBrace(failed, error);
    const rule = error.context.ruleStack.at(-1) ?? "";
    const place = error.token.tokenType === EOF ? Number.MAX_SAFE_INTEGER : error.token.startOffset;
    if (brace === undefined || explained.has(error) || seen.has(place) || rule === "balanced") continue;
    if (failed.openEnded && error.token.tokenType === EOF) continue;
    seen.add(place);
    const start = endOfToken(failed, anchorOf(error));
    const span = { path: failed.path, start, end: start };
    const fixes: Fix[] =
      brace === "}"
        ? [{ label: "close the block", edits: [{ span, text: "\n}" }] }]
        : [{ label: "open the block", edits: [{ span, text: " {" }] }];
    const rules = error.context.ruleStack;
    const block = blockTitle(rule === "body" ? (rules.at(-2) ?? rule) : rule);
    found.push(diagnostic("syntax/missing-brace", span, { block, brace }, { fixes }));
  }
  return found;
}

function regionDiagnostic(
  failed: Failed,
  region: BrokenRegion,
  next: IRecognitionException | undefined,
): Diagnostic | undefined {
  const error = next !== undefined && anchorOf(next) < region.end ? next : undefined;
  const stray = region.stray;
  if (error !== undefined && (stray === undefined || anchorOf(error) < stray.startOffset)) {
    if (expectsBrace(failed, error) !== undefined) return undefined;
    if (isExplained(failed, region.start, error.token)) return undefined;
    const found = parserDiagnostic(failed, error);
    return found.fixes.length > 0 ? found : (misspeltIn(failed, region, error.token) ?? found);
  }
  if (stray === undefined || isExplained(failed, region.start, stray)) return undefined;
  return misspeltIn(failed, region, stray) ?? strayDiagnostic(failed, region, stray);
}

/** The misspelt word at which a statement that was begun breaks off. */
function misspeltIn(failed: Failed, region: BrokenRegion, token: IToken): Diagnostic | undefined {
  const { tokens } = failed;
  if (region.rule === undefined) return undefined;
  const index = token.tokenType === EOF ? tokens.length - 1 : tokenIndexAt(tokens, token.startOffset);
  const misspelt = findMisspelt(tokens, index, region.start, region.rule);
  return misspelt && misspeltDiagnostic(failed, misspelt);
}

/** A mistake in a token explains what goes wrong at it and after it in the same statement. */
function isExplained(failed: Failed, start: number, token: IToken): boolean {
  const end = token.tokenType === EOF ? Number.MAX_SAFE_INTEGER : token.startOffset;
  const next = failed.explained[firstAtLeast(failed.explained, start)];
  return next !== undefined && next <= end;
}

function parserDiagnostic(failed: Failed, error: IRecognitionException): Diagnostic {
  const expected = expectation(error);
  const anchor = anchorOf(error);
  const previous = failed.tokens[tokenIndexAt(failed.tokens, anchor)];
  const token = error.token;
  const endsEarly = token.tokenType === EOF || token.tokenType === RightBrace || token.tokenType === LeftBrace;
  if (!endsEarly && !startsLine(token, previous)) {
    const span = { path: failed.path, start: token.startOffset, end: token.startOffset + token.image.length };
    return diagnostic(
      "syntax/unexpected-token",
      span,
      { found: foundText(token), expected },
      { fixes: fixesFor(failed, error, span) },
    );
  }
  const start = endOfToken(failed, anchor);
  return diagnostic(
    "syntax/missing-part",
    { path: failed.path, start, end: start },
    { after: foundText(previous), expected },
  );
}

function endOfToken(failed: Failed, offset: number): number {
  const token = failed.tokens[tokenIndexAt(failed.tokens, offset)];
  return token === undefined || offset < 0 ? 0 : token.startOffset + token.image.length;
}

function foundText(token: IToken | undefined): string {
  if (token === undefined || token.tokenType === EOF) return "the end of the file";
  const image = token.image.length > 40 ? `${token.image.slice(0, 40)}...` : token.image;
  return `\`${image.replaceAll(/\s+/g, " ")}\``;
}

const labels: ReadonlyMap<string, string> = new Map(tokenTypes.map((type) => [type.name, type.LABEL ?? type.name]));

/** How rules are called that people know by an example better than by a list of tokens. */
const ruleTitles: Readonly<Record<string, string>> = {
  amount: "a quantity such as `24h` or `5%`",
  value: "a value",
  operand: "a metric or a function such as `challenger.auc`",
  text: 'a text such as `"name"`',
  list: 'a list such as `["a", "b"]`',
  noun: "`rows`, `positives`, `negatives`, `requests`, `pairs`, `runs`, `checks` or `failures`",
  test: "a comparison such as `>= 0.9` or `not worse than`",
  parameter: "a name that is no word of the language",
  qualifier: "`at least`, `pool groups`, `exclude` or `clustered by`",
};

function expectation(error: IRecognitionException): string {
  const rule = error.context.ruleStack.at(-1) ?? "";
  const title = ruleTitles[rule];
  if (rule === "importNames" && error.message === RightBrace.name) return "`,` or `}`";
  if (
    title !== undefined &&
    (rule !== "operand" || error.message === "Head") &&
    (rule !== "list" || error.message === "LeftBracket")
  )
    return title;
  const names = [...new Set(error.message.split(",").map((name) => labels.get(name) ?? name))];
  if (names.length === 1) return names[0] ?? "";
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1) ?? ""}`;
}

function fixesFor(failed: Failed, error: IRecognitionException, span: Span): Fix[] {
  const index = tokenIndexAt(failed.tokens, error.token.startOffset);
  const next = failed.tokens[index + 1];
  if (error.token.tokenType === Assign && (error.context.ruleStack.at(-1) ?? "") === "test") {
    const arrow = next?.image === ">" || next?.image === "<";
    const text = arrow ? `${next.image}=` : "==";
    const edit = { span: arrow ? { ...span, end: next.startOffset + 1 } : span, text };
    return [{ label: `write \`${text}\``, edits: [edit] }];
  }
  if (error.token.tokenType === NumberQuantity && next?.tokenType === word.confidence) {
    const text = `${error.token.image}%`;
    return [{ label: `write \`${text}\``, edits: [{ span, text }] }];
  }
  return wordFixes(error, span);
}

/** `not wrose than`: the word that was meant, where the grammar wants one of its words. */
function wordFixes(error: IRecognitionException, span: Span): Fix[] {
  if (!isA(error.token, NameLike)) return [];
  const wanted = error.message.split(",").flatMap((name) => /^`([a-z_]+)`$/.exec(labels.get(name) ?? "")?.[1] ?? []);
  const meant = suggest(error.token.image, wanted);
  return meant === undefined ? [] : [{ label: `write \`${meant}\``, edits: [{ span, text: meant }] }];
}

/** What the elements of a block are called where they are no statements with a word of their own. */
const elementTitles: Readonly<Record<string, string>> = {
  declaration: "a `policy` or another declaration",
  columnElement: "a column such as `amount number`",
};

function strayDiagnostic(failed: Failed, region: BrokenRegion, stray: IToken): Diagnostic {
  const span = { path: failed.path, start: stray.startOffset, end: stray.startOffset + stray.image.length };
  if (stray.tokenType === RightBrace) return diagnostic("syntax/unexpected-brace", span, {});
  const isFirst = failed.tokens[0] === stray;
  const words = [
    ...(region.elementRule === "declaration" && isFirst ? ["language"] : []),
    ...statementWords(region.elementRule),
    ...(region.block === "stage" ? statementWords("stageHeader") : []),
  ];
  const block = blockTitle(region.block);
  const previous = failed.tokens[tokenIndexAt(failed.tokens, stray.startOffset) - 1];
  const name = stray.image;
  const beginsStatement = region.start === stray.startOffset || startsLine(stray, previous);
  if (isA(stray, NameLike) && region.block === "stage" && statementWords("stageHeader").includes(name)) {
    return diagnostic("syntax/stage-header-order", span, { name });
  }
  const meant = suggest(name, words);
  if (!isA(stray, NameLike) || (!beginsStatement && meant === undefined)) {
    const expected = elementTitles[region.elementRule] ?? "the next statement or `}`";
    return diagnostic("syntax/unexpected-token", span, { found: foundText(stray), expected });
  }
  const places = name === "language" ? ["the first line of the file"] : placesOf(name);
  if (places.length > 0 && meant === undefined)
    return diagnostic("syntax/misplaced-statement", span, { name, block, places });
  const extras =
    meant === undefined
      ? {}
      : {
          help: `Did you mean \`${meant}\`?`,
          fixes: [{ label: `write \`${meant}\``, edits: [{ span, text: meant }] }],
        };
  return diagnostic("syntax/unknown-statement", span, { name, block, statements: words }, extras);
}

/** The index of the first of rising numbers that is not below a bound. */
function firstAtLeast(numbers: readonly number[], bound: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
