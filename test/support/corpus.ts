import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import type { Bindings } from "../../compiler/plan/bindings.ts";

const root = fileURLToPath(new URL("../corpus/", import.meta.url));

/** Parts of the corpus whose cases are one policy each, with a baseline for every phase. */
export const corpusParts = ["generated", "reading", "semantics", "syntax", "valid"] as const;
export type CorpusPart = (typeof corpusParts)[number];

/** A folder of the corpus: one policy and the baselines beside it. */
export interface CorpusCase {
  readonly part: CorpusPart;
  readonly name: string;
  readonly folder: string;
  readonly text: string;
  /** What `bindings.json` beside it says of the environment that it is compiled for. */
  readonly bindings?: Partial<Bindings>;
}

/** The cases of one part of the corpus, by name. */
export function corpusCases(part: CorpusPart): CorpusCase[] {
  return readdirSync(`${root}${part}`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => {
      const folder = `${root}${part}/${entry.name}/`;
      const text = readFileSync(`${folder}policy.retrain`, "utf8");
      const bindings = `${folder}bindings.json`;
      return {
        part,
        name: entry.name,
        folder,
        text,
        ...(existsSync(bindings) ? { bindings: JSON.parse(readFileSync(bindings, "utf8")) as Partial<Bindings> } : {}),
      };
    })
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** A folder of `reuse`: one project of several files, and its baselines. */
export interface CorpusProject {
  readonly part: "reuse";
  readonly name: string;
  readonly folder: string;
}

/** The projects of the corpus, by name. */
export function corpusProjects(): CorpusProject[] {
  const names = readdirSync(`${root}reuse`).sort();
  return names.map((name) => ({ part: "reuse", name, folder: `${root}reuse/${name}/` }));
}

/** A file beside the cases of one part. */
export function corpusFile(part: CorpusPart, name: string): string {
  return readFileSync(`${root}${part}/${name}`, "utf8");
}

/** A baseline that is not what was found: `before` or `now` is undefined where there is no such file, or no such result. */
export interface Difference {
  readonly file: string;
  readonly before: string | undefined;
  readonly now: string | undefined;
}

/** Compares results with the committed files of a case, in both directions. */
export function differences(
  { folder }: CorpusCase | CorpusProject,
  results: Readonly<Record<string, string>>,
): Difference[] {
  const committed = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !isInput(entry.name))
    .map(({ name }) => name);
  const files = [...new Set([...committed, ...Object.keys(results)])].sort();
  return files.flatMap((file) => {
    const before = committed.includes(file) ? readFileSync(folder + file, "utf8") : undefined;
    const now = results[file];
    return before === now ? [] : [{ file, before, now }];
  });
}

function isInput(file: string): boolean {
  return file === "bindings.json" || (file.endsWith(".retrain") && file !== "formatted.retrain");
}

/** The committed files of a case are what was found, no more and no less. `npm run corpus:accept` shows and writes what changed. */
export function expectBaselines(
  corpusCase: CorpusCase | CorpusProject,
  results: Readonly<Record<string, string>>,
): void {
  for (const { file, before, now } of differences(corpusCase, results)) {
    expect(now, `${corpusCase.part}/${corpusCase.name}/${file}: see \`npm run corpus:accept\``).toBe(before);
  }
}
