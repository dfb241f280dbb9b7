import { expect, it } from "vitest";
import { type Code, catalog } from "../../../language/diagnostics/catalog/catalog.ts";
import type { Entry } from "../../../language/diagnostics/catalog/entry.ts";
import { diagnosticsOf, examplesOf, pageCodes, pageText, whyOf } from "../../support/diagnostic-pages.ts";

/** Codes whose wrong example would be megabytes long, a thousand levels deep, two projects, no policy, or a bug of ours. */
const withoutExample = [
  "syntax/too-deep",
  "syntax/too-large",
  "internal/formatter",
  "check/too-many",
  "import/too-many",
  "import/unreadable",
  "lint/baseline-stale",
  "target/name-collision",
  "target/plan-too-large",
];

/** Warnings and notes that no comment sets aside, and why. */
const neverMeant: Readonly<Record<string, string>> = {
  "check/too-many": "it is about the list, and `--max-diagnostics` asks for more of it",
  "lint/baseline-stale": "it is about the baseline's file, which is written anew",
  "lint/ignore-unused": "a comment that hides nothing is removed, and not hidden by another one",
};

const pages = pageCodes();
const codes = (Object.keys(catalog) as Code[]).sort();

function codesOf(example: string, code: string): string[] {
  return diagnosticsOf(example, code).map((found) => found.code);
}

it("has a page for every code and a code for every page", () => {
  expect(pages).toEqual(codes);
});

it.each(codes)("says on the page of %s what it is, why it matters and what to do", (code) => {
  const page = pageText(code);
  const severity = (catalog[code] as Entry<never>).severity;
  expect(page.startsWith(`# ${code}\n\n${{ error: "Error", warning: "Warning", info: "Note" }[severity]}. `)).toBe(
    true,
  );
  expect(page).toContain("\n## Why it matters\n");
  expect(page).toContain("\n## What to do\n");
  const wrong = examplesOf(code, "wrong").length;
  const right = examplesOf(code, "right").length;
  if (withoutExample.includes(code)) expect([wrong, right]).toEqual([0, 0]);
  else expect(Math.min(wrong, right)).toBeGreaterThan(0);
});

it.each(codes.filter((code) => !withoutExample.includes(code)))(
  "gives %s for its wrong examples and not for its right ones",
  (code) => {
    for (const example of examplesOf(code, "wrong")) expect(codesOf(example, code), example).toContain(code);
    for (const example of examplesOf(code, "right")) expect(codesOf(example, code), example).not.toContain(code);
  },
);

it.each(codes.filter((code) => (catalog[code] as Entry<never>).severity !== "error" && !(code in neverMeant)))(
  "says on the page of %s how it is set aside, and that comment does it",
  (code) => {
    const [, comment = "", line = ""] =
      /\n## Where it is meant\n[^`]*```text\n(\/\/ retrain-ignore .*)\n(.*)\n/u.exec(pageText(code)) ?? [];
    expect(comment).toBe(`// retrain-ignore ${code}: the reason`);
    const [example = ""] = examplesOf(code, "wrong");
    const about = (edit?: (text: string) => string) =>
      diagnosticsOf(example, code, edit).filter((found) => found.code === code || found.code.startsWith("lint/"));
    expect(about().length).toBeGreaterThan(0);
    const above = (text: string) => {
      const at = text.lastIndexOf(line);
      return at < 0 ? text : `${text.slice(0, at)}${comment}\n${text.slice(at)}`;
    };
    expect(about(above)).toEqual([]);
  },
);

it.each(codes.filter((code) => !withoutExample.includes(code)))("says with %s why, or what to do", (code) => {
  for (const example of examplesOf(code, "wrong")) {
    const helps = diagnosticsOf(example, code).flatMap((found) => (found.code === code ? [found.help ?? ""] : []));
    for (const help of helps) expect(help).toMatch(/^[A-Z`].*[.?]$/su);
  }
});

it("gives every code a why of its own", () => {
  const pagesByWhy = new Map<string, string[]>();
  for (const code of pages) {
    const why = whyOf(code);
    expect(why.length, code).toBeGreaterThanOrEqual(20);
    const words = why
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/gu, " ")
      .trim();
    pagesByWhy.set(words, [...(pagesByWhy.get(words) ?? []), code]);
  }
  expect([...pagesByWhy.values()].filter((codes) => codes.length > 1)).toEqual([]);
});
