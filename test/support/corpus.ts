import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

const root = fileURLToPath(new URL("../corpus/", import.meta.url));

/** A folder of the corpus: one policy and the baselines beside it. */
export type CorpusCase = { readonly name: string; readonly folder: string; readonly text: string };

/** The cases of one part of the corpus (`syntax`, `valid`), by name. */
export function corpusCases(part: string): CorpusCase[] {
  return readdirSync(`${root}${part}`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => {
      const folder = `${root}${part}/${entry.name}/`;
      return { name: entry.name, folder, text: readFileSync(`${folder}policy.retrain`, "utf8") };
    })
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** A file beside the cases of one part. */
export function corpusFile(part: string, name: string): string {
  return readFileSync(`${root}${part}/${name}`, "utf8");
}

/**
 * Compares results with the committed files of a case. A missing baseline fails, and so does a file that no result explains.
 * `RETRAIN_ACCEPT=1` writes what was found; read the difference before you commit it.
 */
export function expectBaselines(corpusCase: CorpusCase, results: Readonly<Record<string, string>>): void {
  if (process.env["RETRAIN_ACCEPT"] === "1") {
    for (const [name, text] of Object.entries(results)) writeFileSync(corpusCase.folder + name, text);
  }
  const known = new Set(["policy.retrain", ...Object.keys(results)]);
  const stale = readdirSync(corpusCase.folder).filter((name) => !known.has(name));
  expect(stale, `files of ${corpusCase.name} that nothing writes`).toEqual([]);
  for (const [name, text] of Object.entries(results)) {
    const path = corpusCase.folder + name;
    expect(existsSync(path), `${corpusCase.name}/${name} is missing: run with RETRAIN_ACCEPT=1`).toBe(true);
    expect(readFileSync(path, "utf8"), `${corpusCase.name}/${name}`).toBe(text);
  }
}
