import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { fixProject } from "../../../compiler/driver/fix-project.ts";
import { loadProject } from "../../../compiler/driver/load-config.ts";
import { temporaryFolder } from "../../support/folder.ts";

const policy = readFileSync(join(import.meta.dirname, "../../../examples/flight_delays/flight_delays.retrain"), "utf8");

it("applies what leaves no choice until nothing is left, changes nothing in a second run, and writes nothing itself", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "p.retrain");
  const text = policy
    .replace("gate offline", "gaet offline")
    .replace("  train {", "  // retrain-ignore gate/slide: gone\n  train {");
  writeFileSync(file, text);
  const project = await loadProject(folder, undefined);
  const { texts, applied, checked } = fixProject(project, ["p.retrain"]);
  expect(applied).toBe(2);
  expect(texts.get("p.retrain")).toBe(policy);
  expect(checked.diagnostics.filter(({ fixes }) => fixes.length === 1)).toEqual([]);
  expect(readFileSync(file, "utf8")).toBe(text);
  writeFileSync(file, texts.get("p.retrain") ?? "");
  expect(fixProject(project, ["p.retrain"])).toMatchObject({ applied: 0, texts: new Map() });
  expect(existsSync(join(folder, ".retrain-baseline.json"))).toBe(false);
});
