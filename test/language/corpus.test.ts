import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { catalog } from "../../language/diagnostics/catalog/catalog.ts";
import { generatedPolicies } from "../corpus/generate/policies.ts";
import { corpusCases, corpusParts, expectBaselines } from "../support/corpus.ts";
import { corpusResults } from "../support/corpus-results.ts";

const root = join(import.meta.dirname, "../corpus");
const files = readdirSync(root, { recursive: true, encoding: "utf8" });

/** Codes that no policy of the corpus can have, and where they are tested. */
const elsewhere: Readonly<Record<string, string>> = {
  "check/too-many": "a hundred diagnostics: test/language/diagnostics/render.test.ts",
  "config/ledger-not-shared": "an engine: test/targets",
  "config/no-prometheus": "an environment without a store of metrics: test/compiler/lower/metric-store.test.ts",
  "import/too-many": "ten thousand files: test/language/semantics/reuse/limits.test.ts",
  "import/unreadable": "a file that the system refuses to read: test/compiler/driver/imports.test.ts",
  "internal/formatter": "a bug of ours, which test/property/syntax.test.ts looks for",
  "lint/baseline-stale": "a baseline beside policies: test/language/diagnostics/baseline",
  "syntax/too-large": "megabytes: test/language/syntax/parse.test.ts",
  "target/name-collision": "two policies: test/compiler/cli",
  "target/needs-image": "an engine: test/targets",
  "target/needs-runtime-image": "an engine: test/targets",
  "target/needs-shared-disk": "an engine: test/targets",
  "target/not-yet-carried-out": "an engine: test/targets",
  "target/plan-too-large": "an engine: test/targets",
  "target/unsafe-text": "an engine: test/targets",
  "target/unsupported": "a target: test/targets",
};

it("holds at least 250 policies, at most 100 of them generated, in less than 30 MB", () => {
  const found = files.filter((path) => path.endsWith("policy.retrain"));
  const generated = found.filter((path) => path.startsWith("generated"));
  expect(generated.length).toBeLessThanOrEqual(100);
  expect(found.length).toBeGreaterThanOrEqual(250);
  const bytes = files.reduce((sum, path) => sum + statSync(join(root, path)).size, 0);
  expect(bytes).toBeLessThan(30e6);
});

it("holds the policies that the generator makes, no other ones, all of them different", () => {
  const policies = generatedPolicies();
  expect(corpusCases("generated").map(({ name, text }) => ({ name, text }))).toEqual(
    [...policies].sort((left, right) => (left.name < right.name ? -1 : 1)),
  );
  expect(new Set(policies.map(({ text }) => text)).size).toBe(policies.length);
});

for (const part of corpusParts) {
  for (const corpusCase of corpusCases(part)) {
    it(`goes through every phase with ${part}/${corpusCase.name} as its baselines say`, () => {
      const results = corpusResults(corpusCase);
      expectBaselines(corpusCase, results);
      const diagnostics = results["diagnostics.txt"] ?? "";
      // A wrong comment is an error of the file, and the policy stays what it is.
      const hasErrors = /^[^ ]+: error (?!lint\/)/mu.test(diagnostics);
      // Files that hold no policy have neither a checked one nor a plan.
      if (results["checked.txt"] !== undefined) expect(results["plan.json"] === undefined).toBe(hasErrors);
      if (part === "generated") expect(hasErrors).toBe(corpusCase.name.startsWith("broken"));
      // Some of these serve by what no environment can be bound to yet, and one imports a file that is not beside it.
      if (part === "valid" || part === "reading") {
        expect(diagnostics).not.toMatch(/: error (?!config\/(?:registry|serving)-kind |import\/not-found )/u);
      }
    });
  }
}

it("has a policy for every diagnostic there is, but for those that no policy can have", () => {
  const baselines = files.filter((path) => path.endsWith("diagnostics.txt"));
  const text = baselines.map((path) => readFileSync(join(root, path), "utf8")).join("\n");
  const seen = new Set(
    [...text.matchAll(/(?:^|: )(?:error|warning|info) ([a-z]+\/[a-z0-9-]+)[: ]/gmu)].map(([, code]) => code),
  );
  const missing = Object.keys(catalog).filter((code) => !seen.has(code));
  expect(missing.sort()).toEqual(Object.keys(elsewhere).sort());
});

it("formats policies without errors to what they mean, with a plan of the same content", () => {
  for (const corpusCase of [...corpusCases("generated"), ...corpusCases("semantics")]) {
    const results = corpusResults(corpusCase);
    if (results["plan.json"] === undefined) continue;
    const again = corpusResults({ ...corpusCase, text: results["formatted.retrain"] ?? "" });
    expect(again["plan.json"], corpusCase.name).toBe(results["plan.json"]);
    expect(again["formatted.retrain"], corpusCase.name).toBe(results["formatted.retrain"]);
    expect(results["checked.txt"], corpusCase.name).toContain("\ndefault ");
  }
});
