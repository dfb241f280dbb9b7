import { type Source, spanText, withOneLineBreak } from "../text/source.ts";
import { childKeys } from "./child-keys.ts";
import type { TreeNode } from "./tree.ts";

/**
 * A tree as readable text, one node a line, indented by depth: `name: Name "offline"`. Without spans, so that two texts that
 * mean the same have the same dump; a broken statement is shown by its words.
 */
export function dumpTree(source: Source, node: TreeNode): string {
  const lines: string[] = [];
  dump(source, node, "", "", lines);
  return `${lines.join("\n")}\n`;
}

/** Whether two trees have the same dump, found without writing one. */
export function isSameTree(source: Source, node: TreeNode, otherSource: Source, other: TreeNode): boolean {
  if (node.kind !== other.kind || describe(source, node) !== describe(otherSource, other)) return false;
  for (const child of childKeys[node.kind]) {
    const nodes = childNodes(node, child);
    const others = childNodes(other, child);
    if (nodes.length !== others.length) return false;
    for (const [index, each] of nodes.entries()) {
      const counterpart = others[index];
      if (counterpart === undefined || !isSameTree(source, each, otherSource, counterpart)) return false;
    }
  }
  return true;
}

function dump(source: Source, node: TreeNode, indent: string, key: string, lines: string[]): void {
  lines.push(`${indent}${key === "" ? "" : `${key}: `}${node.kind}${describe(source, node)}`);
  for (const child of childKeys[node.kind]) {
    for (const each of childNodes(node, child)) dump(source, each, `${indent}  `, child, lines);
  }
}

function childNodes(node: TreeNode, key: string): readonly TreeNode[] {
  const value = (node as unknown as Readonly<Record<string, TreeNode | readonly TreeNode[] | undefined>>)[key];
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly TreeNode[]) : [value as TreeNode];
}

function describe(source: Source, node: TreeNode): string {
  switch (node.kind) {
    case "Name":
    case "Word":
      return ` ${JSON.stringify(node.text)}`;
    case "Text":
      return ` ${JSON.stringify(node.value)}${node.triple ? " triple" : ""}`;
    case "Quantity":
      return ` ${node.raw} (${node.unit} ${node.value})`;
    case "Broken":
      return ` ${JSON.stringify(withOneLineBreak(spanText(source, node.span)))}`;
    case "Quantifier":
      return ` ${node.word}`;
    case "Holdout":
      return node.last ? " last" : "";
    case "Column":
      return node.optional ? " optional" : "";
    case "DataCause":
      return `${node.labelled ? " labelled" : ""}${node.rows ? " rows" : ""}`;
    case "Margin":
      return node.relative ? " relative" : "";
    case "StreakFor":
      return node.checks ? " checks" : "";
    case "NotifyRule":
      return node.secret ? " secret" : "";
    case "Operand":
      return node.arguments === undefined ? "" : " with arguments";
    default:
      return "";
  }
}
