import { readFileSync, writeFileSync } from "node:fs";
import { generatorOf } from "./rehearsal.ts";
import { type Results, simulations, tablesOf } from "./table.ts";

/**
 * Runs the simulations at their full number of rehearsals and writes the figures beside them and into docs/simulations.md. The same figures come
 * out each time.
 *
 *     npm run simulations             all of them
 *     npm run simulations -- auc f1   those whose name has one of the words
 */
const words = process.argv.slice(2);
const file = new URL("results.json", import.meta.url);
const page = new URL("../../docs/simulations.md", import.meta.url);
const results: Record<string, Readonly<Record<string, number>>> = {};
let earlier: Results = {};
try {
  earlier = JSON.parse(readFileSync(file, "utf8")) as Results;
} catch {
  // The first run has nothing to keep.
}
for (const { name, rounds, run } of simulations) {
  const chosen = words.length === 0 || words.some((word) => name.includes(word));
  const kept = earlier[name];
  if (!chosen && kept !== undefined) results[name] = kept;
  else {
    const begun = performance.now();
    results[name] = run(rounds, generatorOf(name));
    console.log(`${name}: ${JSON.stringify(results[name])} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
  }
}
writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
const text = readFileSync(page, "utf8");
const generated = /(<!-- generated: simulations -->\n\n)[\s\S]*?(\n\n<!-- end -->)/;
writeFileSync(
  page,
  text.replace(generated, (_, begin: string, end: string) => `${begin}${tablesOf(results)}${end}`),
);
