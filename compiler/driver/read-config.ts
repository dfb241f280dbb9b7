import { relative } from "node:path";
import { isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { suggest } from "../../language/diagnostics/suggest.ts";
import { Config } from "./config.ts";
import { configJsonSchema } from "./config-schema.ts";
import { Failure } from "./failure.ts";

const HELP = "docs/configuration.md lists every field.";

/** Reads the text of a configuration; `folder` is what paths in messages start from. Throws Failure (`usage`) with file, line and column. */
export function readConfig(file: string, text: string, folder: string): Config {
  const shown = relative(folder, file) || file;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${shown}:${line}:${col}`;
  };
  const [problem] = document.errors;
  if (problem !== undefined) {
    throw new Failure(
      "usage",
      "config/not-yaml",
      `${place(problem.pos[0])}: ${firstLower(problem.message)}`,
      "Correct the YAML.",
    );
  }
  const parsed = Config.safeParse(plainValue(document, shown) ?? {});
  if (parsed.success) return parsed.data;
  // A misspelled key makes another one missing: the key is what to tell.
  const { issues } = parsed.error;
  const issue = issues.find((one) => one.code === "unrecognized_keys") ?? issues[0];
  if (issue === undefined) throw new Error("a failed parse without an issue");
  const unknown = issue.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const path = issue.path.map(String);
  const at = place(offsetOf(document.contents, unknown === undefined ? path : [...path, unknown]));
  const where = path.length === 0 ? "" : `\`${path.join(".")}\`: `;
  if (unknown === undefined) {
    throw new Failure("usage", "config/invalid", `${at}: ${where}${firstLower(issue.message)}`, HELP);
  }
  const near = suggest(unknown, knownKeys(path));
  const help = near === undefined ? HELP : `Did you mean \`${near}\`? ${HELP}`;
  throw new Failure("usage", "config/unknown-key", `${at}: ${where}unknown key \`${unknown}\``, help);
}

/** A few aliases are expanded; a file that grows a thousandfold by them is refused. */
function plainValue(document: ReturnType<typeof parseDocument>, shown: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 50 });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Failure("usage", "config/not-yaml", `${shown}: ${firstLower(message)}`, "Write it without aliases.");
  }
}

function firstLower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Where the value at a path stands; of the deepest part that is there. */
function offsetOf(contents: unknown, path: readonly string[]): number {
  let node = contents as Node | null;
  let offset = node?.range?.[0] ?? 0;
  for (const name of path) {
    if (isSeq(node)) {
      const item = node.items[Number(name)] as Node | undefined;
      if (item === undefined) break;
      offset = item.range?.[0] ?? offset;
      node = item;
      continue;
    }
    if (!isMap(node)) break;
    const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === name);
    if (pair === undefined) break;
    offset = (pair.key as Node).range?.[0] ?? offset;
    node = pair.value as Node | null;
  }
  return offset;
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
}

/** Keys that may stand at a path, for a suggestion. */
function knownKeys(path: readonly string[]): string[] {
  let node: SchemaNode | undefined = configJsonSchema() as SchemaNode;
  for (const name of path) {
    const rest: SchemaNode | boolean | undefined = node?.additionalProperties;
    node = node?.properties?.[name] ?? (typeof rest === "object" ? rest : undefined);
  }
  return Object.keys(node?.properties ?? {});
}
