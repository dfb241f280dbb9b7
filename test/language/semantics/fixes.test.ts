import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Diagnostic, Fix } from "../../../language/diagnostics/diagnostic.ts";
import { checkText } from "../../support/check-text.ts";

const corpus = join(import.meta.dirname, "../../corpus/semantics");

function applied(text: string, fix: Fix): string {
  return [...fix.edits]
    .sort((left, right) => right.span.start - left.span.start)
    .reduce((result, { span, text: edit }) => result.slice(0, span.start) + edit + result.slice(span.end), text);
}

/** How often the same is said: what a fix uncovers behind it is something else. */
const count = (found: readonly Diagnostic[], { code, message }: Diagnostic) =>
  found.filter((one) => one.code === code && one.message === message).length;

it("settles with every fix the diagnostic that offers it, in every policy of the corpus", () => {
  let fixes = 0;
  const left: string[] = [];
  for (const name of readdirSync(corpus)) {
    const text = readFileSync(join(corpus, name, "policy.retrain"), "utf8");
    const { diagnostics } = checkText(text);
    for (const found of diagnostics) {
      for (const fix of found.fixes) {
        fixes += 1;
        const after = checkText(applied(text, fix)).diagnostics;
        if (count(after, found) >= count(diagnostics, found)) left.push(`${name}: ${found.code}: ${fix.label}`);
      }
    }
  }
  expect(left).toEqual([]);
  expect(fixes).toBeGreaterThan(95);
});
