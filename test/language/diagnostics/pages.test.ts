import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, it } from "vitest";
import { lower } from "../../../compiler/lower/lower.ts";
import { type Code, catalog } from "../../../language/diagnostics/catalog/catalog.ts";
import type { Entry } from "../../../language/diagnostics/catalog/entry.ts";
import { checkFiles } from "../../support/check-files.ts";
import { checkText } from "../../support/check-text.ts";
import { examplePolicy } from "../../support/example-policy.ts";
import { localBindings } from "../../support/local-bindings.ts";

const folder = join(import.meta.dirname, "../../../docs/diagnostics");
const today = Date.UTC(2026, 10, 24);

/** Codes whose wrong example would be megabytes long, a thousand levels deep, no policy, or a bug of ours. */
const withoutExample = [
  "config/ledger-not-shared",
  "syntax/too-deep",
  "syntax/too-large",
  "internal/formatter",
  "check/too-many",
  "import/too-many",
  "import/unreadable",
  "lint/baseline-stale",
];

/** Codes whose examples are compiled for an environment that serves by KServe and has no prediction log. */
const forKserve = ["config/no-prediction-log"];

const pages = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".md"))
  .map((path) => relative(folder, join(folder, path)).replaceAll("\\", "/").replace(/\.md$/u, ""))
  .sort();
const codes = (Object.keys(catalog) as Code[]).sort();
/** Codes of policies; those of engines and of the machine have pages too, and other examples. */
const ofPolicies = codes.filter((code) => !/^(?:target|runtime)\//u.test(code));

function examplesOf(code: string, kind: "wrong" | "right"): string[] {
  const page = readFileSync(join(folder, `${code}.md`), "utf8");
  return [...page.matchAll(new RegExp(`\`\`\`retrain ${kind}\\n([\\s\\S]*?)\n\`\`\``, "gu"))].map(
    (match) => match[1] ?? "",
  );
}

/** All codes that checking and compiling an example for this machine gives. */
function codesOf(example: string, code: string): string[] {
  const page = readFileSync(join(folder, `${code}.md`), "utf8");
  const beside = [...page.matchAll(/```retrain file (\S+)\n([\s\S]*?)\n```/gu)];
  if (beside.length > 0) {
    const texts = beside.map(([, path = "", text = ""]) => [path, text] as const);
    return checkFiles(new Map([["example.retrain", examplePolicy(example)], ...texts])).all.map((one) => one.code);
  }
  const { diagnostics, policies } = checkText(examplePolicy(example), "example.retrain", { today });
  const bindings = localBindings("example");
  const serving = { kind: "kserve", name: "example", namespace: "models" } as const;
  const bound = forKserve.includes(code) ? { ...bindings, serving } : bindings;
  const lowered = policies.flatMap((policy) => lower(policy, bound).diagnostics);
  return [...diagnostics, ...lowered].map(({ code }) => code);
}

it("has a page for every code and a code for every page", () => {
  expect(pages).toEqual(codes);
});

it.each(ofPolicies)("says on the page of %s what it is, why it matters and what to do", (code) => {
  const page = readFileSync(join(folder, `${code}.md`), "utf8");
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

it.each(ofPolicies.filter((code) => !withoutExample.includes(code)))(
  "gives %s for its wrong examples and not for its right ones",
  (code) => {
    for (const example of examplesOf(code, "wrong")) expect(codesOf(example, code), example).toContain(code);
    for (const example of examplesOf(code, "right")) expect(codesOf(example, code), example).not.toContain(code);
  },
);

it("gives every code a why of its own", () => {
  const pagesByWhy = new Map<string, string[]>();
  for (const code of pages) {
    const page = readFileSync(join(folder, `${code}.md`), "utf8");
    const [, why = ""] = /\n## Why it matters\n\n([\s\S]*?)\n\n## /u.exec(page) ?? [];
    expect(why.length, code).toBeGreaterThanOrEqual(20);
    const words = why
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/gu, " ")
      .trim();
    pagesByWhy.set(words, [...(pagesByWhy.get(words) ?? []), code]);
  }
  expect([...pagesByWhy.values()].filter((codes) => codes.length > 1)).toEqual([]);
});
