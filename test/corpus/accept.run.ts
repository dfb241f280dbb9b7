import { rmSync, writeFileSync } from "node:fs";
import { createTwoFilesPatch } from "diff";
import { corpusCases, corpusParts, corpusProjects, differences } from "../support/corpus.ts";
import { corpusResults, projectResults } from "../support/corpus-results.ts";

/**
 * `npm run corpus:accept [-- --dry-run]`: writes what every phase makes of every policy of the corpus, and shows what
 * changed: a summary by kind of baseline, then each changed file with three lines around every change. New files are
 * named only, and of many files with the very same change the first is shown.
 */
const dry = process.argv.includes("--dry-run");
const most = 60;
const counts = new Map<string, { new: number; changed: number; gone: number }>();
const shown = new Map<string, string[]>();
const patches: { readonly key: string; readonly text: string }[] = [];
const cases = [
  ...corpusParts.flatMap((part) => corpusCases(part)).map((one) => ({ one, results: () => corpusResults(one) })),
  ...corpusProjects().map((one) => ({ one, results: () => projectResults(one) })),
];
for (const { one, results } of cases) {
  for (const { file, before, now } of differences(one, results())) {
    const name = `${one.part}/${one.name}/${file}`;
    const kind = before === undefined ? "new" : now === undefined ? "gone" : "changed";
    const count = counts.get(file) ?? { new: 0, changed: 0, gone: 0 };
    counts.set(file, { ...count, [kind]: count[kind] + 1 });
    if (before === undefined || now === undefined) console.log(`${kind.padEnd(8)} ${name}`);
    else {
      const lines = createTwoFilesPatch(name, name, before, now, undefined, undefined, { context: 3 }).split("\n");
      const key = lines.filter((line) => /^[-+](?![-+])/u.test(line)).join("\n");
      const same = shown.get(key);
      if (same === undefined) {
        shown.set(key, [name]);
        patches.push({ key, text: lines.slice(3, most + 3).join("\n") + (lines.length > most + 3 ? "\n..." : "") });
      } else same.push(name);
    }
    if (dry) continue;
    if (now === undefined) rmSync(one.folder + file);
    else writeFileSync(one.folder + file, now);
  }
}
for (const { key, text } of patches) {
  const [first = "", ...others] = shown.get(key) ?? [];
  console.log(`\nchanged  ${first}${others.length === 0 ? "" : ` and ${others.length} more, alike: ${others.slice(0, 3).join(", ")}`}`);
  console.log(text);
}
console.log(counts.size === 0 ? "nothing changed" : `\n${dry ? "would write" : "wrote"}:`);
for (const [file, count] of counts) {
  console.log(`  ${file.padEnd(18)} ${count.changed} changed, ${count.new} new, ${count.gone} gone`);
}
