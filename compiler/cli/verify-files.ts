import { isDeepStrictEqual } from "node:util";
import { parseAllDocuments } from "yaml";
import type { OutputFile } from "../../targets/target.ts";
import type { PipelinePlan } from "../plan/plan.ts";

/** Readers of YAML 1.1 (Python's) and of 1.2 must take a file for the same. */
const VERSIONS = ["1.1", "1.2"] as const;

/**
 * Reads what was generated once more, as the engines' own parsers would: YAML by both versions, without double keys, aliases and tags; the data in Python as JSON;
 * and the plan in it, which must be the one that was compiled. Throws Error where something does not come back: that is our own mistake, and nothing is written.
 */
export function verifyFiles(plan: PipelinePlan, files: readonly OutputFile[]): void {
  const plans = files.flatMap((file) => {
    const values = valuesOf(file);
    checkMap(file);
    return values.flatMap(textsOf).flatMap(planIn);
  });
  if (plans.length === 0) throw new Error(`no file generated from ${plan.policy.name} holds its plan`);
  const meant = JSON.parse(JSON.stringify(plan));
  if (!plans.every((found) => isDeepStrictEqual(found, meant)))
    throw new Error(`a file generated from ${plan.policy.name} holds another plan than the compiled one`);
}

/** The documents of a file, or the texts in it. */
function valuesOf({ path, text }: OutputFile): unknown[] {
  const wrong = (why: string) => new Error(`the generated file ${path} does not come back: ${why}`);
  if (path.endsWith(".json")) return [text];
  if (path.endsWith(".py")) {
    const blocks = [...text.matchAll(/r"""\n([\s\S]*?)\n"""/g)].map(([, block = ""]) => block);
    // Lines of the plan are joined by the program as they are here.
    for (const block of blocks) JSON.parse(block.replaceAll("\n", ""));
    return blocks.map((block) => block.replaceAll("\n", ""));
  }
  const [first, second] = VERSIONS.map((version) =>
    parseAllDocuments(text, { version, uniqueKeys: true, merge: false }).map((document) => {
      const [error] = [...document.errors, ...document.warnings];
      if (error !== undefined) throw wrong(error.message);
      return document.toJS({ maxAliasCount: 0 }) as unknown;
    }),
  );
  if (first === undefined || !isDeepStrictEqual(first, second)) throw wrong("YAML 1.1 and 1.2 read it differently");
  return first;
}

/** Every text in a value. */
function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

function planIn(text: string): unknown[] {
  return /^\s*\{\s*"schema":\s*"retrain\.plan\//.test(text) ? [JSON.parse(text)] : [];
}

function checkMap({ path, text, mapped = [] }: OutputFile): void {
  const lines = text.split("\n");
  const astray = mapped.find(({ line }) => (lines[line - 1] ?? "").trim() === "");
  if (astray !== undefined) throw new Error(`the source map of ${path} names line ${astray.line}, which says nothing`);
}
