import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { catalog } from "../../language/diagnostics/catalog/catalog.ts";
import { suggest } from "../../language/diagnostics/suggest.ts";
import { Failure } from "../driver/failure.ts";

/** Folder of the pages, beside the sources and beside the bundle. */
const FOLDERS = [join(import.meta.dirname, "../../docs/diagnostics"), join(import.meta.dirname, "../docs/diagnostics")];

/** The page of a diagnostic's code, as Markdown. */
export function diagnosticPage(code: string): string {
  if (!Object.hasOwn(catalog, code)) {
    const near = suggest(code, Object.keys(catalog));
    const help =
      near === undefined
        ? "A code stands in every diagnostic, for example `unit/bare-percent-margin`."
        : `Did you mean \`${near}\`?`;
    throw new Failure("usage", "usage/unknown-code", `there is no diagnostic \`${code}\``, help);
  }
  const file = FOLDERS.map((folder) => join(folder, `${code}.md`)).find(existsSync);
  if (file === undefined) throw new Error(`the page of ${code} is missing`);
  return readFileSync(file, "utf8");
}
