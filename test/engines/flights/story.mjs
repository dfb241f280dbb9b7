import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";

/** Command line of a step: `--NAME VALUE` for each name. */
export function argumentsOf(names) {
  const options = Object.fromEntries(names.map((name) => [name, { type: "string", default: "" }]));
  return parseArgs({ options }).values;
}

/** What `story.json` tells the steps of the world in whose folder a path lies. Without one everything goes well. */
export function storyAbove(path) {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    const file = join(folder, "story.json");
    if (existsSync(file)) return { folder, ...JSON.parse(readFileSync(file, "utf8")) };
    if (folder === dirname(folder)) return { folder: undefined, train: "well", evaluate: "well" };
  }
}
