import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../support/folder.ts";
import { COMMAND, StepWorld } from "../../support/step-world.ts";

const dist = dirname(COMMAND);

/** Files that the command can load, from its first on. */
function reachable(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const left = ["retrain-runtime.js"];
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    if (files.has(name)) continue;
    const text = readFileSync(join(dist, name), "utf8");
    files.set(name, text);
    for (const [, next = ""] of text.matchAll(/["']\.\/([\w.-]+\.js)["']/g)) left.push(next);
  }
  return files;
}

it("the command loads nothing of the language or its parser", () => {
  const files = reachable();
  expect(files.size).toBeGreaterThan(5);
  expect([...files].filter(([, text]) => /chevrotain/i.test(text)).map(([name]) => name)).toEqual([]);
});

it("bundle and data engine are all that the image needs", async () => {
  const app = temporaryFolder();
  cpSync(dist, join(app, "dist"), { recursive: true });
  mkdirSync(join(app, "node_modules"));
  cpSync(join(dist, "../node_modules/@duckdb"), join(app, "node_modules/@duckdb"), { recursive: true });
  const world = await StepWorld.open();
  world.command = join(app, "dist/retrain-runtime.js");
  const run = await world.start();
  const { steps } = await world.drive(run, { until: "train" });
  expect(steps).toEqual([
    ["snapshot", "ready"],
    ["validate.parcels_shipped", "pass"],
  ]);
});
