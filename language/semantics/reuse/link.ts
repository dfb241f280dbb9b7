import { suggest } from "../../diagnostics/suggest.ts";
import type { Dataset, Declaration, Gate, Import, Metric, Name, Template } from "../../syntax/tree.ts";
import type { Span } from "../../text/source.ts";
import { duplicate } from "../blocks/dataset.ts";
import { Collector } from "../collector.ts";
import { unknown } from "../scope.ts";
import { every } from "../statements.ts";
import { importPath } from "./import-path.ts";
import type { Library, ParsedFile, Unreadable } from "./library.ts";

/** A declaration that can be imported. */
export type Importable = Dataset | Metric | Gate | Template;

/** A name that an import brings into a file. */
export interface Imported {
  readonly name: Name;
  readonly node: Importable;
  readonly home: LinkedFile;
}

/** A file with what its imports bring in. */
export interface LinkedFile {
  readonly parsed: ParsedFile;
  readonly imported: readonly Imported[];
  /** Names that imports were to bring in and did not, which was reported: what uses them is not reported again. */
  readonly unresolved: ReadonlySet<string>;
  readonly out: Collector;
  /** This file, or one that it imports from, has errors: what comes from it cannot be relied on. */
  readonly broken: boolean;
}

/** Most files that are read for imports in one check, and most import statements of one file. */
export const importLimit = 1000;

/** Reads the files that imports name, each once, and finds the declarations that they bring in. */
export class Linker {
  private readonly library: Library;
  private readonly linked = new Map<string, LinkedFile>();
  /** Files that are being linked, outermost first. */
  private readonly open: string[] = [];
  private read = 0;

  constructor(library: Library) {
    this.library = library;
  }

  /** All files that were linked, in the order in which they were finished. */
  get files(): readonly LinkedFile[] {
    return [...this.linked.values()];
  }

  link(parsed: ParsedFile): LinkedFile {
    const { path } = parsed.source;
    const known = this.linked.get(path);
    if (known !== undefined) return known;
    this.open.push(path);
    const out = new Collector();
    const imported: Imported[] = [];
    const unresolved = new Set<string>();
    const seen = new Map<string, Span>();
    for (const declaration of parsed.file.declarations) {
      if (isImportable(declaration)) seen.set(`${declaration.kind} ${declaration.name.text}`, declaration.name.span);
    }
    const brought = new Map<string, Span>();
    let broken = parsed.diagnostics.some(({ severity }) => severity === "error");
    for (const [index, node] of every(parsed.file.declarations, "Import").entries()) {
      if (index === importLimit) {
        out.report("import/too-many", node.span, { limit: importLimit, of: "imports in one file" });
      }
      const home = index < importLimit ? this.target(node, path, out) : undefined;
      broken ||= home?.broken === true;
      for (const name of node.names) {
        const first = brought.get(name.text);
        if (first !== undefined) {
          duplicate(name.span, first, "import", name.text, out);
          continue;
        }
        brought.set(name.text, name.span);
        const found = home === undefined ? undefined : find(name, home, out);
        if (home === undefined || found === undefined) unresolved.add(name.text);
        else {
          const own = seen.get(`${found.kind} ${name.text}`);
          if (own !== undefined) duplicate(name.span, own, found.kind.toLowerCase(), name.text, out);
          else imported.push({ name, node: found, home });
        }
      }
    }
    this.open.pop();
    const file: LinkedFile = { parsed, imported, unresolved, out, broken: broken || out.hasErrors };
    this.linked.set(path, file);
    return file;
  }

  private target(node: Import, from: string, out: Collector): LinkedFile | undefined {
    const written = node.path.value;
    const place = node.path.span;
    const meant = importPath(from, written);
    if ("refused" in meant) {
      if (meant.refused === "leaves") return out.report("import/leaves-project", place, { written, how: "" });
      return out.report("import/not-a-path", place, { written, why: meant.why });
    }
    const { path } = meant;
    const at = this.open.indexOf(path);
    if (at >= 0) return out.report("import/cycle", place, { cycle: [...this.open.slice(at), path] });
    const known = this.linked.get(path);
    if (known === undefined && this.read >= importLimit)
      return out.once("too many")
        ? out.report("import/too-many", place, { limit: importLimit, of: "files are imported" })
        : undefined;
    if (known === undefined) this.read += 1;
    // Asked again for a file that is known: it may be one that is checked, and still none to import from.
    const found = this.library.read(path);
    return "problem" in found ? refuse(found, node, path, out) : (known ?? this.link(found));
  }
}

function refuse(found: Unreadable, node: Import, path: string, out: Collector): undefined {
  const written = node.path.value;
  const place = node.path.span;
  switch (found.problem) {
    case "missing":
      return out.report("import/not-found", place, { written, path, suggestion: found.near });
    case "folder":
      return out.report("import/is-a-folder", place, { written });
    case "outside":
      return out.report("import/leaves-project", place, { written, how: ": the file is a link that leads out of it" });
    case "letter-case":
      return out.report("import/letter-case", place, { written, real: found.real });
    case "unreadable":
      return out.report("import/unreadable", place, { path, why: found.why });
  }
}

/** The declaration that a name of an import means; reports one that is not there. */
function find(name: Name, home: LinkedFile, out: Collector): Importable | undefined {
  const { declarations } = home.parsed.file;
  const path = home.parsed.source.path;
  const importables = declarations.filter(isImportable);
  const found = importables.find((declaration) => declaration.name.text === name.text);
  if (found !== undefined) return found;
  const other = declarations.find((declaration) => "name" in declaration && declaration.name.text === name.text);
  if (other !== undefined)
    return out.report("import/not-importable", name.span, { name: name.text, kind: other.kind.toLowerCase() });
  // What does not parse may be what is looked for.
  if (declarations.some(({ kind }) => kind === "Broken") || home.unresolved.has(name.text)) return undefined;
  const passedOn = home.imported.find((one) => one.name.text === name.text);
  const known = importables.map((declaration) => declaration.name.text);
  return unknown(name, known, (suggestion, fixes) =>
    out.report(
      "import/unknown-name",
      name.span,
      {
        name: name.text,
        path,
        suggestion: passedOn === undefined ? (suggestion ?? suggest(name.text, known)) : undefined,
        known,
        ...(passedOn === undefined ? {} : { from: passedOn.home.parsed.source.path }),
      },
      { fixes },
    ),
  );
}

function isImportable(declaration: Declaration): declaration is Importable {
  return (
    declaration.kind === "Dataset" ||
    declaration.kind === "Metric" ||
    declaration.kind === "Gate" ||
    declaration.kind === "Template"
  );
}
