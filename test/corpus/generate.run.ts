import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { corpusResults } from "../support/corpus-results.ts";
import { generatedPolicies } from "./generate/policies.ts";

/** Writes the generated part of the corpus anew, with the baselines of every phase: read the difference before you commit it. */
const root = join(import.meta.dirname, "generated");
const policies = generatedPolicies();
const names = new Set(policies.map(({ name }) => name));
mkdirSync(root, { recursive: true });
for (const name of readdirSync(root)) if (!names.has(name)) rmSync(join(root, name), { recursive: true });
for (const { name, text } of policies) {
  const folder = join(root, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of Object.entries({ "policy.retrain": text, ...corpusResults(text) })) {
    writeFileSync(join(folder, file), content);
  }
}
console.log(`wrote ${policies.length} policies to ${root}`);
