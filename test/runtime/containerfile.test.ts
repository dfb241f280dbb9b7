import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { emit } from "../../targets/argo/emit.ts";
import { argoPlan } from "../support/engine-plan.ts";

const recipe = readFileSync(join(import.meta.dirname, "../../runtime/Containerfile"), "utf8");

it("the image has the command that generated files call on its path", () => {
  const [link, file = "", name = ""] = /ln -s (\S+) \/usr\/local\/bin\/(\S+)/.exec(recipe) ?? [];
  expect(link).toBeDefined();
  expect(recipe).toContain(`chmod 755 ${file}`);
  expect(recipe).toContain(`ENTRYPOINT ["${name}"]`);
  const [retrain] = emit(argoPlan()).filter(({ path }) => path.endsWith("-retrain.yaml"));
  const called = retrain?.text.match(/command:\n\s+- "retrain[^"]*"/g) ?? [];
  expect(called.length).toBeGreaterThan(2);
  for (const one of called) expect(one).toContain(`- "${name}"`);
});
