import { format } from "../../language/format/format.ts";
import { type Library, libraryOf } from "../../language/semantics/reuse/library.ts";
import { childrenOf, walk } from "../../language/syntax/child-keys.ts";
import { lex } from "../../language/syntax/lex.ts";
import { parse } from "../../language/syntax/parse.ts";
import type { FileNode, TreeNode } from "../../language/syntax/tree.ts";
import { createSource } from "../../language/text/source.ts";
import { pick, type Random, randomFrom } from "./random.ts";
import type { SeedFile } from "./seeds.ts";

/** A text cut up once, so that mutations are cheap. */
interface Seed {
  readonly text: string;
  readonly tokens: readonly { readonly start: number; readonly end: number }[];
  readonly nodes: readonly TreeNode[];
  /** What the text can import from; undefined where there is nothing. */
  readonly library: Library | undefined;
}

/** What mutations draw from. */
export interface Pool {
  readonly seeds: readonly Seed[];
  /** Texts of nodes by kind, each once. */
  readonly byKind: ReadonlyMap<string, readonly string[]>;
  readonly words: readonly string[];
}

export type Mutation = "bytes" | "tokens" | "grammar";

/** Shorter versions of each text that join the pool: most mistakes need few statements, and a short text is examined sooner. */
const thinned = 3;

/** Reads the texts that everything else is made of. */
export function poolOf(files: readonly SeedFile[]): Pool {
  const byKind = new Map<string, Set<string>>();
  const words = new Set<string>();
  const random = randomFrom(1);
  const seeds = files.flatMap(({ text, shared }): Seed[] => {
    const parsed = shared.map(([path, other]) => {
      const source = createSource(path, other);
      return { source, ...parse(source) };
    });
    const library = parsed.length === 0 ? undefined : libraryOf(parsed);
    const { file } = parse(createSource("p", text));
    for (const token of lex(text).tokens) words.add(token.image);
    for (const node of nodesIn(file)) {
      const known = byKind.get(node.kind) ?? new Set();
      byKind.set(node.kind, known.add(text.slice(node.span.start, node.span.end)));
    }
    const versions = [text, ...Array.from({ length: thinned }, () => thin(text, file, random))];
    return versions.map((version) => seedOf(version, library));
  });
  return {
    seeds: seeds.filter(({ tokens, nodes }) => tokens.length > 0 && nodes.length > 0),
    byKind: new Map([...byKind].map(([kind, found]) => [kind, [...found]])),
    words: [...words],
  };
}

function nodesIn(file: FileNode): TreeNode[] {
  const nodes: TreeNode[] = [];
  walk(file, (node) => {
    if (node.kind !== "File" && node.kind !== "Broken") nodes.push(node);
    return undefined;
  });
  return nodes;
}

function seedOf(text: string, library: Library | undefined): Seed {
  const tokens = lex(text).tokens.map(({ startOffset, image }) => ({
    start: startOffset,
    end: startOffset + image.length,
  }));
  return { text, tokens, nodes: nodesIn(parse(createSource("p", text)).file), library };
}

/** A text without some of its statements and blocks: two of three of those in a policy or template, one of three of those in other blocks. */
function thin(text: string, file: FileNode, random: Random): string {
  const cuts: Cut[] = [];
  const visit = (node: TreeNode): void => {
    const isPolicy = node.kind === "Policy" || node.kind === "Template" || node.kind === "Override";
    const statements = "items" in node && isPolicy ? node.items : "statements" in node ? node.statements : [];
    for (const child of childrenOf(node)) {
      const isStatement = (statements as readonly TreeNode[]).includes(child);
      if (isStatement && random(3) < (isPolicy ? 2 : 1)) cuts.push({ ...child.span, text: "" });
      else visit(child);
    }
  };
  visit(file);
  return format(createSource("p", applyCuts(text, cuts))).text;
}

export interface Mutated {
  readonly text: string;
  readonly mutation: Mutation;
  readonly library: Library | undefined;
}

/** One text of the pool with one to four changes of a kind. */
export function mutate(pool: Pool, random: Random): Mutated {
  const seed = pick(random, pool.seeds);
  // Most inputs keep to the grammar: those reach the checker.
  const mutation = pick<Mutation>(random, ["bytes", "tokens", "grammar", "grammar", "grammar"]);
  const changes = 1 + random(4);
  const { library } = seed;
  if (mutation === "bytes") return { text: changeBytes(seed.text, changes, random), mutation, library };
  const cuts: Cut[] = [];
  for (let index = 0; index < changes; index += 1) {
    cuts.push(mutation === "tokens" ? tokenCut(seed, pool, random) : nodeCut(seed, pool, random));
  }
  return { text: applyCuts(seed.text, cuts), mutation, library };
}

interface Cut {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** From the end to the start; of overlapping cuts the last one wins. */
function applyCuts(text: string, cuts: readonly Cut[]): string {
  let result = text;
  let limit = text.length;
  for (const cut of [...cuts].sort((left, right) => right.start - left.start)) {
    if (cut.end > limit) continue;
    result = result.slice(0, cut.start) + cut.text + result.slice(cut.end);
    limit = cut.start;
  }
  return result;
}

const odd = [
  "\u0000",
  "\uFEFF",
  "\r",
  "\r\n",
  "\uD800",
  "\u202E",
  "\u{1F600}",
  '"""',
  "/*",
  "*/",
  "//",
  "${",
  "\\",
  "9".repeat(400),
  "{".repeat(70),
  "(".repeat(70),
  "__proto__",
  "constructor",
];

function changeBytes(text: string, changes: number, random: Random): string {
  let result = text;
  for (let index = 0; index < changes; index += 1) {
    const at = random(result.length + 1);
    const length = random(3) === 0 ? random(60) : random(2);
    const insert = [
      () => "",
      () => String.fromCharCode(random(128)),
      () => String.fromCharCode(random(65_536)),
      () => pick(random, odd),
      () => result.slice(at, at + random(200)),
    ];
    result = result.slice(0, at) + pick(random, insert)() + result.slice(at + length);
  }
  return result;
}

function tokenCut({ text, tokens }: Seed, pool: Pool, random: Random): Cut {
  const { start, end } = pick(random, tokens);
  const word = pick(random, pool.words);
  const written = text.slice(start, end);
  return { start, end, text: pick(random, ["", ` ${word} `, `${written} ${written}`, `${written} ${word}`]) };
}

function nodeCut({ text, nodes }: Seed, pool: Pool, random: Random): Cut {
  const node = pick(random, nodes);
  const { start, end } = node.span;
  const others = pool.byKind.get(node.kind) ?? [];
  const written = text.slice(start, end);
  const action = random(16);
  if (action === 0) return { start, end, text: `${written}\n${written}` };
  if (action === 1) return { start, end, text: `/* c */ ${written} // d\n` };
  if (action === 2) return { start, end, text: "" };
  return { start, end, text: pick(random, others) };
}
