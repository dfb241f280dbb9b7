import type { CstNode } from "chevrotain";
import { type BuildContext, isWhole, nodeSpan, onlyNode, tokenIndexAt } from "./build-context.ts";
import { recoveryRules } from "./grammar-sets.ts";
import type { TreeNode } from "./tree.ts";
import type { Broken } from "./tree-values.ts";

/** What may stand in a block: the rule of its statements, and how people call the block. */
export type ElementKind = { readonly elementRule: string; readonly block: string };

/** Builds one statement or block; undefined when too little of it was written. */
export type ElementBuilder = (context: BuildContext, node: CstNode) => TreeNode | undefined;

/** Kinds whose last token is a brace: what follows on the same line is no part of them. */
const blockEnd = /\}$/;

/**
 * Builds the statements of a block in their order. What does not parse becomes one `Broken` node a statement: tokens that no
 * rule wanted join the statement before them when they stand on its line.
 */
export function buildElements<T extends TreeNode>(
  context: BuildContext,
  nodes: readonly CstNode[] | undefined,
  kind: ElementKind,
  build: ElementBuilder,
): readonly (T | Broken)[] {
  const built: (T | Broken)[] = [];
  let lastLine = Number.NaN;
  let rule: string | undefined;
  for (const element of nodes ?? []) {
    const inner = onlyNode(element);
    const isJunk = inner === undefined || recoveryRules.has(inner.name);
    const node = isJunk ? undefined : build(context, inner);
    if (!isJunk) rule = inner.name;
    if (node !== undefined) {
      built.push(node as T);
    } else {
      const previous = built.at(-1);
      const joins =
        isJunk &&
        previous !== undefined &&
        element.location?.startLine === lastLine &&
        !endsWithBrace(context, previous);
      addBroken(context, built, element, { ...kind, isJunk, joins, rule: isJunk && !joins ? undefined : rule });
    }
    lastLine = element.location?.endLine ?? Number.NaN;
  }
  return built;
}

function addBroken<T extends TreeNode>(
  context: BuildContext,
  built: (T | Broken)[],
  element: CstNode,
  found: ElementKind & { readonly isJunk: boolean; readonly joins: boolean; readonly rule: string | undefined },
): void {
  const span = nodeSpan(context, element);
  const inner = found.isJunk ? undefined : junkIn(element);
  const junk = found.isJunk ? element : inner?.junk;
  const stray =
    junk === undefined ? undefined : context.tokens[tokenIndexAt(context.tokens, nodeSpan(context, junk).start)];
  const previous = found.joins ? built.pop() : undefined;
  const start = previous?.span.start ?? span.start;
  built.push({ kind: "Broken", span: { ...span, start } });
  const region = context.regions.at(-1);
  if (previous?.kind === "Broken" && region !== undefined && region.start === start) region.end = span.end;
  else {
    const { rule, elementRule, block } = inner === undefined ? found : { rule: undefined, ...inner };
    context.regions.push({ start, end: span.end, stray, rule, elementRule, block });
  }
}

/** How the braces are called in which such entries stand. */
const ENTRIES: Readonly<Record<string, string>> = { environmentElement: "environment", resourceElement: "resources" };

/** The first junk between the entries of a statement with braces of its own (`env`, `resources`), and whose entry it took the place of. */
function junkIn(node: CstNode): (ElementKind & { readonly junk: CstNode }) | undefined {
  for (const elements of Object.values(node.children)) {
    for (const element of elements) {
      if (!("children" in element)) continue;
      const own = element.children["junk"]?.[0];
      if (own !== undefined && "children" in own)
        return {
          junk: own,
          elementRule: element.name,
          block: ENTRIES[element.name] ?? element.name,
        };
      const found = junkIn(element);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function endsWithBrace(context: BuildContext, node: TreeNode): boolean {
  const next = tokenIndexAt(context.tokens, node.span.end);
  return node.kind !== "Broken" && blockEnd.test(context.tokens[next - 1]?.image ?? "");
}

/** A builder of statements without blocks: nothing unless the whole statement was written. */
export function whole(build: (context: BuildContext, node: never) => TreeNode): ElementBuilder {
  return (context, node) => (isWhole(context, node) ? build(context, node as never) : undefined);
}
