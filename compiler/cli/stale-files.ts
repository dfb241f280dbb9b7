import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { GENERATED } from "../../targets/shared/header.ts";

/** Bytes of a file's beginning in which its mark stands. */
const HEAD = 1_024;

/** Files in the output folder that carry our own mark and are none of those that are generated now: their policy or target is gone. Files that somebody else wrote are never named, and links are not followed. Sorted. */
export function staleFiles(out: string, generated: readonly string[]): readonly string[] {
  const known = new Set(generated);
  return filesIn(out)
    .filter((path) => !known.has(path) && isOurs(headOf(path)))
    .toSorted();
}

function filesIn(folder: string): readonly string[] {
  let entries: ReturnType<typeof entriesOf>;
  try {
    entries = entriesOf(folder);
  } catch {
    return []; // It is not there, or may not be read: nothing in it can be told.
  }
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" || entry.name === ".git" ? [] : filesIn(path);
    return entry.isFile() ? [path] : [];
  });
}

function entriesOf(folder: string) {
  return readdirSync(folder, { withFileTypes: true });
}

function headOf(path: string): string {
  try {
    const file = openSync(path, "r");
    try {
      const bytes = Buffer.alloc(HEAD);
      return bytes.toString("utf8", 0, readSync(file, bytes, 0, HEAD, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return "";
  }
}

/** The comment that stands at the head of generated files, or the first field of a plan or a source map. */
function isOurs(head: string): boolean {
  return (
    new RegExp(`^(?:#|//|<!--)? ?${GENERATED} from policy `, "m").test(head) ||
    /^\{\s*"schema": "retrain\.(?:plan|map)\//.test(head)
  );
}
