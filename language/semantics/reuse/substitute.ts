import { childKeys } from "../../syntax/child-keys.ts";
import { scanSubstitutions } from "../../syntax/substitution.ts";
import { readText, readTripleText } from "../../syntax/text-value.ts";
import type { Quantity, Text, TreeNode } from "../../syntax/tree.ts";
import type { Span } from "../../text/source.ts";

/** What a parameter holds: written at the place that fills it in, or as its default. */
export type Filling = ReadonlyMap<string, Quantity | Text>;

/** Where a parameter was put in: the value's own place and the place that takes it. */
export interface Put {
  readonly value: Span;
  readonly place: Span;
  /** Part of a text, or a value of its own. */
  readonly as: "text" | "value";
}

/** Keys of nodes under which an amount stands: a quantity, or the name of a parameter. */
const amountKeys: ReadonlySet<string> = new Set([
  "above",
  "after",
  "amount",
  "at",
  "checkEvery",
  "confidence",
  "count",
  "every",
  "failures",
  "gains",
  "high",
  "hits",
  "keepChampion",
  "length",
  "low",
  "maturesAfter",
  "notifyAfter",
  "of",
  "over",
  "per",
  "runs",
  "share",
  "times",
  "under",
  "watch",
  "within",
]);

/** Keys under which a value stands: a literal, or an operand. */
const valueKeys: ReadonlySet<string> = new Set(["value", "right", "arguments"]);

/** Texts in which nothing is filled in: PromQL has `$` and braces of its own. */
const rawKinds: ReadonlySet<string> = new Set(["FromPrometheus", "CountedBy"]);

/** Every place of a tree where a parameter of the given names is put in. */
export function parameterPlaces(node: TreeNode, visit: (name: string, span: Span) => void): void {
  if (rawKinds.has(node.kind)) return;
  for (const { key, child } of children(node)) {
    if (child.kind === "Name" && amountKeys.has(key)) visit(child.text, child.span);
    else if (isBareOperand(child) && valueKeys.has(key)) visit(child.path[0].text, child.span);
    else if (child.kind === "Text") {
      if (!child.raw.includes("${")) continue;
      for (const part of scanSubstitutions(child).parts) if (part.kind === "parameter") visit(part.name, part.span);
    } else parameterPlaces(child, visit);
  }
}

/** A copy of a tree with parameters put in; parts without parameters are shared with the original. Spans stay: a value keeps its own. */
export function substitute<Node extends TreeNode>(node: Node, filling: Filling, puts: Put[]): Node {
  if (rawKinds.has(node.kind)) return node;
  const fields = node as unknown as Readonly<Record<string, TreeNode | readonly TreeNode[] | undefined>>;
  let changed: Record<string, unknown> | undefined;
  for (const key of childKeys[node.kind]) {
    const value = fields[key];
    if (value === undefined) continue;
    const next = Array.isArray(value)
      ? everyOf(value as readonly TreeNode[], key, filling, puts)
      : one(value as TreeNode, key, filling, puts);
    if (next === value) continue;
    changed ??= { ...fields };
    changed[key] = next;
  }
  return changed === undefined ? node : (changed as unknown as Node);
}

function everyOf(nodes: readonly TreeNode[], key: string, filling: Filling, puts: Put[]): readonly TreeNode[] {
  const next = nodes.map((node) => one(node, key, filling, puts));
  return next.some((node, index) => node !== nodes[index]) ? next : nodes;
}

function one(node: TreeNode, key: string, filling: Filling, puts: Put[]): TreeNode {
  if (node.kind === "Text") return fillText(node, filling, puts);
  const name =
    node.kind === "Name" && amountKeys.has(key)
      ? node.text
      : isBareOperand(node) && valueKeys.has(key)
        ? node.path[0].text
        : undefined;
  const value = name === undefined ? undefined : filling.get(name);
  if (value === undefined) return substitute(node, filling, puts);
  puts.push({ value: value.span, place: node.span, as: "value" });
  return value;
}

/** A text with its `${name}` filled in. What it is made of keeps its places: `offsets` leads from the new text back to the file. */
function fillText(text: Text, filling: Filling, puts: Put[]): Text {
  if (!text.raw.includes("${")) return text;
  const { parts } = scanSubstitutions(text);
  const put = parts.filter((part) => part.kind === "parameter" && filling.has(part.name));
  if (put.length === 0) return text;
  const { value, offsets } = text.triple ? readTripleText(text.raw) : readText(text.raw);
  let raw = '"';
  const places: number[] = [text.span.start];
  const write = (unit: string, place: number): void => {
    const written = escaped(unit);
    for (let index = 0; index < written.length; index += 1) places.push(place);
    raw += written;
  };
  const at = (index: number): number => text.span.start + (offsets[index] ?? text.raw.length);
  let filled = "";
  let index = 0;
  for (const part of put) {
    if (part.kind !== "parameter") continue;
    const parameter = filling.get(part.name);
    if (parameter === undefined) continue;
    const start = value.indexOf(`\${${part.name}}`, index);
    const real = startOf(value, offsets, text, part.span.start, start);
    for (; index < real; index += 1) {
      filled += value[index] ?? "";
      write(value[index] ?? "", at(index));
    }
    const inner = parameter.kind === "Text" ? parameter.value : parameter.raw;
    for (const unit of inner) write(unit, part.span.start);
    filled += inner;
    puts.push({ value: parameter.span, place: part.span, as: "text" });
    index = real + part.name.length + 3;
  }
  for (; index < value.length; index += 1) {
    filled += value[index] ?? "";
    write(value[index] ?? "", at(index));
  }
  raw += '"';
  places.push(text.span.end - 1, text.span.end);
  return { kind: "Text", span: text.span, raw, value: filled, triple: false, offsets: places };
}

/** The unit of a text's value that stands at a place of the file. */
function startOf(value: string, offsets: readonly number[], text: Text, place: number, from: number): number {
  let index = Math.max(from, 0);
  while (index < value.length && text.span.start + (offsets[index] ?? 0) < place) index += 1;
  return index;
}

function escaped(unit: string): string {
  switch (unit) {
    case "\\":
      return "\\\\";
    case '"':
      return '\\"';
    case "\n":
      return "\\n";
    case "\t":
      return "\\t";
    case "\r":
      return "\\u{d}";
    default:
      return unit;
  }
}

type BareOperand = Extract<TreeNode, { kind: "Operand" }>;

function isBareOperand(node: TreeNode): node is BareOperand {
  return node.kind === "Operand" && node.path.length === 1 && node.arguments === undefined;
}

function children(node: TreeNode): { readonly key: string; readonly child: TreeNode }[] {
  const fields = node as unknown as Readonly<Record<string, TreeNode | readonly TreeNode[] | undefined>>;
  return childKeys[node.kind].flatMap((key) => {
    const value = fields[key];
    if (value === undefined) return [];
    const all = Array.isArray(value) ? (value as readonly TreeNode[]) : [value as TreeNode];
    return all.map((child) => ({ key, child }));
  });
}
