import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { lower } from "../../../compiler/lower/lower.ts";
import { renderCompact } from "../../../language/diagnostics/render/compact.ts";
import { sourcesOf } from "../../../language/diagnostics/render/position.ts";
import { checkText } from "../../support/check-text.ts";
import { localBindings } from "../../support/local-bindings.ts";

const corpus = join(import.meta.dirname, "../../corpus/semantics");
const accept = process.env["RETRAIN_ACCEPT"] === "1";

/** Compares with a baseline, which must be there; with RETRAIN_ACCEPT=1 it is written instead. */
function expectBaseline(path: string, text: string): void {
  if (accept) writeFileSync(path, text);
  expect(existsSync(path), `${path} is missing: write it with RETRAIN_ACCEPT=1 and read it`).toBe(true);
  expect(text).toBe(readFileSync(path, "utf8"));
}

const names = readdirSync(corpus).sort();

it.each(names)("gives the diagnostics of %s, with code, line, column and count", (name) => {
  const folder = join(corpus, name);
  const files = readdirSync(folder);
  const known = ["policy.retrain", "diagnostics.txt", "plan.json"];
  expect(
    files.filter((file) => !known.includes(file)),
    "files that no test reads",
  ).toEqual([]);
  const { source, diagnostics, policies } = checkText(
    readFileSync(join(folder, "policy.retrain"), "utf8"),
    "policy.retrain",
  );
  expectBaseline(join(folder, "diagnostics.txt"), renderCompact(diagnostics, sourcesOf([source])));
  const [policy] = policies;
  const plan =
    policy === undefined ? undefined : lower(policy, localBindings(policy.body?.model.registry.name ?? "none")).plan;
  const baseline = join(folder, "plan.json");
  if (files.includes("plan.json") || (accept && plan !== undefined && diagnostics.length === 0)) {
    expectBaseline(baseline, `${JSON.stringify(plan, null, 2)}\n`);
  }
  const broken = diagnostics.some(({ severity }) => severity === "error");
  expect(plan === undefined, "a plan is there just when no error is").toBe(broken || policy === undefined);
});

it("holds at least 25 broken files, and at least 15 with several errors", () => {
  const counts = names.map((name) => {
    const lines = readFileSync(join(corpus, name, "diagnostics.txt"), "utf8").split("\n");
    return lines.filter((line) => /: error \w/u.test(line)).length;
  });
  expect(counts.filter((count) => count > 0).length).toBeGreaterThanOrEqual(40);
  expect(counts.filter((count) => count > 1).length).toBeGreaterThanOrEqual(15);
});
