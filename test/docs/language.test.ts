import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { applySuppressions } from "../../language/diagnostics/suppress/suppress.ts";
import { check } from "../../language/semantics/check.ts";
import { parse } from "../../language/syntax/parse.ts";
import { createSource } from "../../language/text/source.ts";
import { examplePolicy } from "../support/example-policy.ts";
import { functionTables } from "../support/function-tables.ts";

const docs = join(import.meta.dirname, "../../docs");
const pages = [
  "tutorial.md",
  ...readdirSync(join(docs, "language"))
    .filter((name) => name.endsWith(".md"))
    .sort()
    .map((name) => `language/${name}`),
];

interface Snippet {
  readonly page: string;
  readonly line: number;
  readonly info: string;
  readonly text: string;
}

function read(page: string): string {
  return readFileSync(join(docs, page), "utf8");
}

const snippets: Snippet[] = pages.flatMap((page) => {
  const text = read(page);
  return [...text.matchAll(/^```retrain([^\n]*)\n([\s\S]*?)^```$/gmu)].map((match) => ({
    page,
    line: text.slice(0, match.index).split("\n").length,
    info: (match[1] ?? "").trim(),
    text: match[2] ?? "",
  }));
});
const named = (kind: RegExp) =>
  snippets.filter(({ info }) => kind.test(info)).map((one) => ({ ...one, name: `${one.page}:${one.line}` }));
const today = Date.UTC(2026, 10, 24);

/** Codes of everything that the parser and the checker say about a snippet, beside the files that its page shows. */
function codesOf({ page, text }: Snippet): string[] {
  const beside = snippets.filter((one) => one.page === page && one.info.startsWith("file "));
  const files = [
    { path: "example.retrain", text: examplePolicy(text) },
    ...beside.map((one) => ({ path: one.info.slice("file ".length), text: one.text })),
  ].map((file) => {
    const source = createSource(file.path, file.text);
    return { source, ...parse(source) };
  });
  const found = [...files.flatMap(({ diagnostics }) => diagnostics), ...check(files, { today }).diagnostics];
  return files.flatMap((file) => {
    const inFile = found.filter(({ span }) => span.path === file.source.path);
    return applySuppressions(file, inFile).map(({ code }) => code);
  });
}

it.each(named(/^$/u))("has only examples that check clean: $name", (snippet) => {
  const codes = codesOf(snippet);
  // A page shows a template or a gate on its own where it explains one.
  expect(codes.filter((code) => code !== "import/used-nowhere")).toEqual([]);
});

it.each(named(/^wrong /u))("refuses the wrong example for the reason it names: $name", (snippet) => {
  expect([...new Set(codesOf(snippet))]).toEqual([snippet.info.slice("wrong ".length)]);
});

it("knows every kind of snippet", () => {
  expect(snippets.filter(({ info }) => !/^(?:|wrong [a-z]+\/[a-z-]+|file [\w./-]+)$/u.test(info))).toEqual([]);
  expect(snippets.length).toBeGreaterThan(40);
});

it.each(pages)("links only to what is there: %s", (page) => {
  const text = read(page);
  const links = [...text.matchAll(/\]\(([^)#\s]*)(?:#([\w-]+))?\)/gu)];
  for (const [, path = "", anchor] of links) {
    if (path.startsWith("http")) continue;
    const file = path === "" ? join(docs, page) : join(docs, dirname(page), path);
    expect(existsSync(file), `${path} in ${page}`).toBe(true);
    if (anchor === undefined) continue;
    const headings = [...readFileSync(file, "utf8").matchAll(/^#+ (.+)$/gmu)].map((match) =>
      (match[1] ?? "")
        .toLowerCase()
        .replace(/[^\w -]/gu, "")
        .replaceAll(" ", "-"),
    );
    expect(headings, `${path}#${anchor} in ${page}`).toContain(anchor);
  }
});

it("lists every page in the index", () => {
  const index = read("language/README.md");
  for (const page of pages.filter((one) => one.startsWith("language/") && !one.endsWith("README.md"))) {
    expect(index, page).toContain(`(${page.slice("language/".length)})`);
  }
});

it("shows tables that are those of the checker's signatures", () => {
  const page = read("language/functions.md");
  let fresh = page;
  for (const [name, table] of Object.entries(functionTables())) {
    const pattern = new RegExp(`(<!-- generated: ${name} -->\n)[\\s\\S]*?(<!-- end -->)`, "u");
    expect(page, `a place for the table of ${name}`).toMatch(pattern);
    fresh = fresh.replace(pattern, (_all, before: string, after: string) => `${before}\n${table}\n\n${after}`);
  }
  if (process.env["RETRAIN_ACCEPT"] === "1") writeFileSync(join(docs, "language/functions.md"), fresh);
  expect(read("language/functions.md"), "run with RETRAIN_ACCEPT=1").toBe(fresh);
});
