import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generatedPolicies } from "./generate/policies.ts";

/** Writes the generated part of the corpus anew, its policies without their baselines: `npm run corpus:accept` writes those. */
const root = join(import.meta.dirname, "generated");
const policies = generatedPolicies();
const names = new Set(policies.map(({ name }) => name));
mkdirSync(root, { recursive: true });
for (const name of readdirSync(root)) if (!names.has(name)) rmSync(join(root, name), { recursive: true });
for (const { name, text } of policies) {
  mkdirSync(join(root, name), { recursive: true });
  writeFileSync(join(root, name, "policy.retrain"), text);
}
console.log(`wrote ${policies.length} policies to ${root}`);
