import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { lower } from "../../../../compiler/lower/lower.ts";
import { renderPretty } from "../../../../language/diagnostics/render/pretty.ts";
import { checkFiles, textsIn } from "../../../support/check-files.ts";
import { localBindings } from "../../../support/local-bindings.ts";

const corpus = join(import.meta.dirname, "../../../corpus/reuse");
const accept = process.env["RETRAIN_ACCEPT"] === "1";
const names = readdirSync(corpus).sort();

/** Compares with a baseline, which must be there; with RETRAIN_ACCEPT=1 it is written instead. */
function expectBaseline(path: string, text: string): void {
  if (accept) writeFileSync(path, text);
  expect(existsSync(path), `${path} is missing: write it with RETRAIN_ACCEPT=1 and read it`).toBe(true);
  expect(text).toBe(readFileSync(path, "utf8"));
}

it.each(names)("gives the diagnostics of %s with both places, and plans just where no error is", (name) => {
  const folder = join(corpus, name);
  const others = readdirSync(folder).filter((file) => !file.endsWith(".retrain") && file !== "shared");
  expect(
    others.filter((file) => !["diagnostics.txt", "plans.json"].includes(file)),
    "files that no test reads",
  ).toEqual([]);
  const { all, sources, policies, freezes } = checkFiles(textsIn(folder));
  const uncoloured = renderPretty(all, sources, { columns: 100 });
  expectBaseline(join(folder, "diagnostics.txt"), uncoloured);
  const environment = [...freezes.values()].flat();
  const lowered = policies.map((policy) =>
    lower(policy, localBindings(policy.body?.model.registry.name ?? "none"), environment),
  );
  const plans = lowered.flatMap(({ plan }) => (plan === undefined ? [] : [plan]));
  const broken = all.some(({ severity }) => severity === "error");
  if (!broken) expect(plans).toHaveLength(policies.length);
  for (const [index, policy] of policies.entries()) {
    expect(lowered[index]?.plan === undefined, policy.name).toBe(policy.broken);
  }
  if (broken) expect(policies.length === 0 || policies.some((policy) => policy.broken)).toBe(true);
  const baseline = join(folder, "plans.json");
  if (others.includes("plans.json") || (accept && plans.length > 0 && !broken))
    expectBaseline(baseline, `${JSON.stringify(plans, null, 2)}\n`);
});

it("holds at least 45 projects, at least 12 of them valid", () => {
  const texts = names.map((name) => readFileSync(join(corpus, name, "diagnostics.txt"), "utf8"));
  expect(texts.length).toBeGreaterThanOrEqual(45);
  expect(texts.filter((text) => !/^error /mu.test(text)).length).toBeGreaterThanOrEqual(12);
});
