import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { generatedPolicies } from "../corpus/generate/policies.ts";
import { corpusCases, expectBaselines } from "../support/corpus.ts";
import { corpusResults } from "../support/corpus-results.ts";

const root = join(import.meta.dirname, "../corpus");

it("holds at least 250 policies, at most 100 of them generated", () => {
  const found = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith("policy.retrain"),
  );
  const generated = found.filter((path) => path.startsWith("generated"));
  expect(generated.length).toBeLessThanOrEqual(100);
  expect(found.length).toBeGreaterThanOrEqual(250);
});

it("holds the policies that the generator makes, no other ones, all of them different", () => {
  const policies = generatedPolicies();
  expect(corpusCases("generated").map(({ name, text }) => ({ name, text }))).toEqual(
    [...policies].sort((left, right) => (left.name < right.name ? -1 : 1)),
  );
  expect(new Set(policies.map(({ text }) => text)).size).toBe(policies.length);
});

for (const corpusCase of corpusCases("generated")) {
  it(`goes through every phase with generated/${corpusCase.name} as its baselines say`, () => {
    const results = corpusResults(corpusCase.text);
    expectBaselines(corpusCase, results);
    const hasErrors = / error /.test(results["diagnostics.txt"] ?? "");
    expect(hasErrors).toBe(corpusCase.name.startsWith("broken"));
    expect(results["plan.json"] === undefined).toBe(hasErrors);
  });
}

it("formats generated policies to what they mean, with a plan of the same content", () => {
  for (const { name, folder, text } of corpusCases("generated").filter(({ name }) => name.startsWith("valid"))) {
    const results = corpusResults(text);
    const again = corpusResults(results["formatted.retrain"] ?? "");
    const plain = (plan: string | undefined) => plan?.replace(/"digest": "[^"]*"/, "");
    expect(plain(again["plan.json"]), name).toBe(plain(results["plan.json"]));
    expect(again["formatted.retrain"], name).toBe(results["formatted.retrain"]);
    expect(existsSync(join(folder, "plan.json"))).toBe(true);
    expect(readFileSync(join(folder, "checked.txt"), "utf8"), name).toContain("\ndefault ");
  }
});
