import { dirname, relative, resolve } from "node:path";
import { isMap, isPair, isScalar, LineCounter, type Node, parseDocument } from "yaml";
import { suggest } from "../../language/diagnostics/suggest.ts";
import { Config } from "./config.ts";
import { Failure } from "./failure.ts";
import { findConfig, readText } from "./project.ts";

/** A configuration and the folder that its relative paths start from. */
export interface Project {
  readonly root: string;
  /** Path of the file; absent where there is none and every default holds. */
  readonly file: string | undefined;
  readonly config: Config;
}

/** Reads the configuration given, or the nearest one, or takes the defaults. A broken one is a usage failure that names the line. */
export function loadProject(folder: string, given: string | undefined): Project {
  const file = given ?? findConfig(folder);
  if (file === undefined) return { root: resolve(folder), file: undefined, config: Config.parse({}) };
  const shown = relative(folder, file) || file;
  const lines = new LineCounter();
  const document = parseDocument(readText(file), { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
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
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 50 });
  } catch (error) {
    throw new Failure(
      "usage",
      "config/not-yaml",
      `${shown}: ${firstLower((error as Error).message)}`,
      "Write it without aliases.",
    );
  }
  const parsed = Config.safeParse(value ?? {});
  if (parsed.success) return { root: dirname(file), file, config: parsed.data };
  const [issue] = parsed.error.issues;
  if (issue === undefined) throw new Error("a failed parse without an issue");
  const unknown = issue.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const path = issue.path.map(String);
  const offset = offsetOf(document.contents, unknown === undefined ? path : [...path, unknown]);
  const where = path.length === 0 ? "" : `\`${path.join(".")}\`: `;
  if (unknown !== undefined) {
    const near = suggest(unknown, knownKeys(path));
    const meant = near === undefined ? "Remove it, or correct its name." : `Did you mean \`${near}\`?`;
    throw new Failure("usage", "config/unknown-key", `${place(offset)}: ${where}unknown key \`${unknown}\``, meant);
  }
  throw new Failure("usage", "config/invalid", `${place(offset)}: ${where}${firstLower(issue.message)}`, HELP);
}

const HELP = "The configuration's fields are listed in docs/configuration.md.";

function firstLower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Where the key at a path stands; of the deepest part that is there. */
function offsetOf(contents: unknown, path: readonly string[]): number {
  let node = contents as Node | null;
  let offset = node?.range?.[0] ?? 0;
  for (const name of path) {
    if (!isMap(node)) break;
    const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === name);
    if (pair === undefined) break;
    offset = (pair.key as Node).range?.[0] ?? offset;
    node = pair.value as Node | null;
  }
  return offset;
}

/** Keys that may stand at a path, for a suggestion. */
function knownKeys(path: readonly string[]): string[] {
  let sample: unknown = Config.parse({ environments: { any: {} } });
  for (const name of path) {
    if (typeof sample !== "object" || sample === null) return [];
    const fields = sample as Record<string, unknown>;
    sample = Object.hasOwn(fields, name) ? fields[name] : Object.values(fields)[0];
  }
  const optional =
    path.length === 2 && path[0] === "environments"
      ? ["clock"]
      : path.at(-1) === "clock"
        ? ["start", "pace", "participants"]
        : [];
  return typeof sample === "object" && sample !== null ? [...Object.keys(sample), ...optional] : optional;
}
