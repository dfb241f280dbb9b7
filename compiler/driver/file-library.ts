import { closeSync, fstatSync, openSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { suggest } from "../../language/diagnostics/suggest.ts";
import type { Library, ParsedFile, Unreadable } from "../../language/semantics/reuse/library.ts";
import { type Parsed, parse } from "../../language/syntax/parse.ts";
import { createSource } from "../../language/text/source.ts";
import { Failure } from "./failure.ts";
import { readText } from "./project.ts";

/** Files of a project that imports may name. Each is read once; nothing outside of the project's folder is. */
export class FileLibrary implements Library {
  private readonly root: string;
  private readonly instead: ReadonlyMap<string, string>;
  private readonly files = new Map<string, (ParsedFile & Parsed) | Unreadable>();

  /** `instead` holds texts that stand for what the files hold, by path. */
  constructor(root: string, instead: ReadonlyMap<string, string>) {
    this.root = root;
    this.instead = instead;
  }

  read(path: string): (ParsedFile & Parsed) | Unreadable {
    const known = this.files.get(path);
    if (known !== undefined) return known;
    const found = this.open(path);
    this.files.set(path, found);
    return found;
  }

  private open(path: string): (ParsedFile & Parsed) | Unreadable {
    const text = this.instead.get(path) ?? this.textOf(path);
    if (typeof text !== "string") return text;
    const source = createSource(path, text);
    return { source, ...parse(source) };
  }

  private textOf(path: string): string | Unreadable {
    const full = join(this.root, path);
    let handle: number;
    try {
      handle = openSync(full, "r");
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT" || code === "ENOTDIR") return this.missing(path);
      return { problem: "unreadable", why: code === "EACCES" ? "its permissions forbid it" : (code ?? "unknown") };
    }
    try {
      const opened = fstatSync(handle);
      if (opened.isDirectory()) return { problem: "folder" };
      if (!opened.isFile()) return { problem: "unreadable", why: "it is not a regular file" };
      const real = realpathSync.native(full);
      const inside = relative(realpathSync.native(this.root), real);
      if (inside === "" || inside.startsWith("..")) return { problem: "outside" };
      const named = inside.split(sep).join("/");
      if (named !== path && named.toLowerCase() === path.toLowerCase()) return { problem: "letter-case", real: named };
      const there = statSync(real);
      // What the path names now must be what was opened, or somebody is swapping files.
      if (there.ino !== opened.ino || there.dev !== opened.dev)
        return { problem: "unreadable", why: "it was replaced while it was read" };
      return readText(real, path);
    } catch (error) {
      if (error instanceof Failure) return { problem: "unreadable", why: error.message };
      return { problem: "unreadable", why: (error as NodeJS.ErrnoException).code ?? "unknown" };
    } finally {
      closeSync(handle);
    }
  }

  /** A file that differs in capital and small letters, or one with a similar name beside the place that was named. */
  private missing(path: string): Unreadable {
    let folder = "";
    let differs = false;
    const parts = path.split("/");
    for (const [index, part] of parts.entries()) {
      const names = namesIn(join(this.root, folder));
      const real = names.includes(part) ? part : names.find((name) => name.toLowerCase() === part.toLowerCase());
      if (real === undefined) {
        const near = suggest(part, names);
        const rest = parts.slice(index + 1);
        return near === undefined
          ? { problem: "missing" }
          : { problem: "missing", near: [folder, near, ...rest].filter((each) => each !== "").join("/") };
      }
      differs ||= real !== part;
      folder = folder === "" ? real : `${folder}/${real}`;
    }
    return differs ? { problem: "letter-case", real: folder } : { problem: "missing" };
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
