import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { targets } from "../../targets/registry.ts";
import { casePlan } from "../support/capability-cases.ts";

const root = join(import.meta.dirname, "../../targets");

/** What every folder of an engine holds: who knows one knows where to look in the next. */
const ENGINE = ["options.ts", "capabilities.ts", "check.ts", "lower.ts", "emit.ts", "README.md"];
/** This machine has no options, and follows the plan as it is. */
const THIS_MACHINE = ENGINE.filter((name) => name !== "options.ts" && name !== "lower.ts");

it("each target has a folder with the same files, and its entry under its own name", () => {
  const folders = readdirSync(root, { withFileTypes: true }).filter(
    (one) => one.isDirectory() && one.name !== "shared",
  );
  expect(folders.map(({ name }) => name).sort()).toEqual([...targets.keys()].sort());
  for (const name of targets.keys()) {
    const files = readdirSync(join(root, name));
    for (const file of [...(name === "local" ? THIS_MACHINE : ENGINE), `${name}.ts`])
      expect(files, name).toContain(file);
  }
});

it.each([...targets.values()])(
  "the README of $name names every kind of file that is generated, and how to read them",
  (target) => {
    const text = readFileSync(join(root, target.name, "README.md"), "utf8");
    const policy = /^(example|retrain-example)/;
    for (const { path } of target.emit(casePlan("gate"))) {
      const [folder = "", file = ""] = path.split("/");
      expect(text, path).toContain(file.replace(policy, "NAME"));
      expect(folder).toBe(target.name);
    }
    expect(text).toMatch(/^## How (to read|a plan becomes)/m);
    expect(text).toMatch(/refused/);
  },
);

it("no room of a target imports another target's", () => {
  for (const name of targets.keys()) {
    for (const file of readdirSync(join(root, name)).filter((one) => one.endsWith(".ts"))) {
      const text = readFileSync(join(root, name, file), "utf8");
      const others = [...targets.keys()].filter((other) => other !== name && text.includes(`"../${other}/`));
      expect(others, `${name}/${file}`).toEqual([]);
    }
  }
  expect(existsSync(join(root, "shared"))).toBe(true);
});
