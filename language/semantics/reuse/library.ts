import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { FileNode } from "../../syntax/tree.ts";
import type { Source } from "../../text/source.ts";

/** A file that was parsed: `{ source, ...parse(source) }`. */
export interface ParsedFile {
  readonly source: Source;
  readonly file: FileNode;
  /** What the parser said; policies of a file with syntax errors cannot be compiled. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Why a path of an import gives no file. */
export type Unreadable =
  | { readonly problem: "missing"; readonly near?: string }
  | { readonly problem: "folder" }
  /** The path is a link that leads out of the project. */
  | { readonly problem: "outside" }
  /** There is a file whose name differs in capital and small letters; `real` is its path. */
  | { readonly problem: "letter-case"; readonly real: string }
  | { readonly problem: "unreadable"; readonly why: string };

/** Files that imports may name, by path from the project's root with `/`. The same path gives the same file for one check. */
export interface Library {
  read(path: string): ParsedFile | Unreadable;
}

/** A library of files that are already there. */
export function libraryOf(files: Iterable<ParsedFile>): Library {
  const byPath = new Map([...files].map((file) => [file.source.path, file]));
  return {
    read(path) {
      const found = byPath.get(path);
      if (found !== undefined) return found;
      const lower = path.toLowerCase();
      for (const real of byPath.keys()) if (real.toLowerCase() === lower) return { problem: "letter-case", real };
      for (const other of byPath.keys()) if (other.startsWith(`${path}/`)) return { problem: "folder" };
      return { problem: "missing" };
    },
  };
}
