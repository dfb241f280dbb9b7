import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type Code, catalog } from "../../language/diagnostics/catalog/catalog.ts";
import type { Entry } from "../../language/diagnostics/catalog/entry.ts";
import { examplesOf, pageCodes, pageText } from "../support/diagnostic-pages.ts";

/**
 * What the checker refuses or warns of beyond names and types, in `refusals.json`: in words, by code and severity, and where it
 * is shown: cases of the corpus, or the test of a target for what only an engine refuses.
 */
interface Refusal {
  readonly refused: string;
  readonly code: Code;
  readonly severity: "error" | "warning" | "info";
  readonly cases?: readonly string[];
  readonly test?: string;
}

const project = join(import.meta.dirname, "../..");
const refusals = JSON.parse(readFileSync(join(import.meta.dirname, "refusals.json"), "utf8")) as readonly Refusal[];
const pages = new Set(pageCodes());

it.each(refusals)("refuses $refused: $code", ({ code, severity, cases, test }) => {
  const entry = catalog[code] as Entry<never> | undefined;
  expect(entry?.severity).toBe(severity);
  expect(pages).toContain(code);
  expect(pageText(code)).toContain("\n## Why it matters\n");
  expect([cases, test].filter((shown) => shown !== undefined)).toHaveLength(1);
  for (const name of cases ?? []) {
    const baseline = readFileSync(join(project, "test/corpus", name, "diagnostics.txt"), "utf8");
    expect(baseline, name).toMatch(new RegExp(`(?:^|: )${severity} ${code}[: ]`, "mu"));
  }
  if (cases !== undefined)
    for (const kind of ["wrong", "right"] as const) expect(examplesOf(code, kind), kind).not.toEqual([]);
  if (test !== undefined) {
    expect(existsSync(join(project, test)), test).toBe(true);
    expect(readFileSync(join(project, test), "utf8"), test).toContain(code);
  }
});

it("says each thing once, of at least seventy codes", () => {
  expect(new Set(refusals.map(({ refused }) => refused)).size).toBe(refusals.length);
  const codes = refusals.map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes.length).toBeGreaterThanOrEqual(70);
});
