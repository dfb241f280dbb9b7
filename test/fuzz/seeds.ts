import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** A policy file of the corpus and, by path from it, the files that it can import from. */
export interface SeedFile {
  readonly text: string;
  readonly shared: readonly (readonly [path: string, text: string])[];
}

/** Every policy file of the corpus, valid and broken, with the files beside it. */
export function corpusSeeds(): SeedFile[] {
  const root = join(import.meta.dirname, "../corpus");
  const paths = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".retrain") && !path.endsWith("formatted.retrain"))
    .filter((path) => !path.endsWith("all.retrain"))
    .sort();
  const texts = new Map(paths.map((path) => [path, readFileSync(join(root, path), "utf8")]));
  return paths.map((path) => {
    const folder = dirname(path);
    const beside = paths.filter((other) => other !== path && other.startsWith(`${folder}/`));
    return {
      text: texts.get(path) ?? "",
      shared: beside.map((other) => [relative(folder, other), texts.get(other) ?? ""] as const),
    };
  });
}
