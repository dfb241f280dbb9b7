import type { CstElement, CstNode, IToken } from "chevrotain";
import type { Span } from "../text/source.ts";
import type { Name, Word } from "./tree-values.ts";

/** A stretch of a file that became a `Broken` node. */
export type BrokenRegion = {
  start: number;
  end: number;
  /** The first token that no rule wanted, if it was not a rule that gave up. */
  stray: IToken | undefined;
  /** The rule of the statement that was begun; undefined where none was. */
  readonly rule: string | undefined;
  /** The rule of the statements that may stand there. */
  readonly elementRule: string;
  /** How people call the block that holds them. */
  readonly block: string;
};

/** What the builders of a tree share. */
export type BuildContext = {
  readonly path: string;
  /** All tokens of the file, in order. */
  readonly tokens: readonly IToken[];
  readonly regions: BrokenRegion[];
  /** Places of groups that hold nothing. */
  readonly emptyGroups: Span[];
  /** Whether a rule gave up anywhere, or took junk; where none did everything is whole, and no tree has to be searched. */
  readonly hasErrors: boolean;
};

/** The index of the first token that begins at an offset or after it. */
export function tokenIndexAt(tokens: readonly IToken[], offset: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tokens[middle]?.startOffset ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first of what a whole rule must have; its absence is our own bug. */
export function first<T>(elements: readonly T[] | undefined): T {
  return nth(elements, 0);
}

export function nth<T>(elements: readonly T[] | undefined, index: number): T {
  const element = elements?.[index];
  if (element === undefined) throw new Error("a rule that parsed without errors lacks a part");
  return element;
}

export function tokenSpan(context: BuildContext, token: IToken): Span {
  return { path: context.path, start: token.startOffset, end: (token.endOffset ?? token.startOffset) + 1 };
}

export function nodeSpan(context: BuildContext, node: CstNode): Span {
  const start = node.location?.startOffset ?? 0;
  return { path: context.path, start, end: (node.location?.endOffset ?? start - 1) + 1 };
}

export function nameOf(context: BuildContext, token: IToken): Name {
  return { kind: "Name", span: tokenSpan(context, token), text: token.image };
}

/** The word that was written, where the grammar offers a choice of words; several tokens make one word (`not worse`). */
export function wordOf<Text extends string>(context: BuildContext, ...tokens: (IToken | undefined)[]): Word<Text> {
  const written = tokens.filter((token) => token !== undefined);
  const start = tokenSpan(context, first(written));
  const end = tokenSpan(context, nth(written, written.length - 1));
  const text = written.map((token) => token.image).join(" ");
  return { kind: "Word", span: { ...start, end: end.end }, text: text as Text };
}

/** The token of a rule in which each alternative is one token. */
export function onlyToken(node: CstNode): IToken {
  for (const elements of Object.values(node.children)) {
    for (const element of elements) if (!isNode(element)) return element;
  }
  throw new Error(`rule ${node.name} parsed without errors and has no token`);
}

/** The node of a rule in which each alternative is one rule. */
export function onlyNode(node: CstNode): CstNode | undefined {
  for (const elements of Object.values(node.children)) {
    for (const element of elements) if (isNode(element)) return element;
  }
  return undefined;
}

function isNode(element: CstElement): element is CstNode {
  return "children" in element;
}

/** Whether every part of a node was written: nothing skipped, nothing invented, no junk. */
export function isWhole(context: BuildContext, node: CstNode): boolean {
  return node.name !== "junk" && node.recoveredNode !== true && partsAreWhole(context, node, []);
}

/** The same for a block that was given up, without the parts under some keys. */
export function partsAreWhole(context: BuildContext, node: CstNode, except: readonly string[]): boolean {
  if (!context.hasErrors) return true;
  for (const key in node.children) {
    if (except.includes(key)) continue;
    for (const element of node.children[key] ?? []) {
      if (isNode(element) ? !isWhole(context, element) : element.isInsertedInRecovery === true) return false;
    }
  }
  return true;
}
