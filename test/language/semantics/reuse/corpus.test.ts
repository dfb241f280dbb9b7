import { expect, it } from "vitest";
import { lower } from "../../../../compiler/lower/lower.ts";
import { format } from "../../../../language/format/format.ts";
import { createSource } from "../../../../language/text/source.ts";
import { checkFiles, textsIn } from "../../../support/check-files.ts";
import { corpusProjects, expectBaselines } from "../../../support/corpus.ts";
import { projectResults } from "../../../support/corpus-results.ts";
import { localBindings } from "../../../support/local-bindings.ts";

const projects = corpusProjects();

it.each(projects)("gives the committed trees, texts, diagnostics and plans of $name", (project) => {
  expectBaselines(project, projectResults(project));
});

it.each(projects)("plans the policies of $name just where no error is", ({ folder }) => {
  const { all, policies, freezes } = checkFiles(textsIn(folder));
  const environment = [...freezes.values()].flat();
  for (const policy of policies) {
    const { plan } = lower(policy, localBindings(policy.body?.model.registry.name ?? "none"), environment);
    expect(plan === undefined, policy.name).toBe(policy.broken);
  }
  const isBroken = all.some(({ severity }) => severity === "error");
  if (isBroken) expect(policies.length === 0 || policies.some(({ broken }) => broken)).toBe(true);
});

it("formats what it has formatted to itself, in every file", () => {
  for (const { name, folder } of projects) {
    for (const [path, text] of textsIn(folder)) {
      const once = format(createSource(path, text)).text;
      expect(format(createSource(path, once)).text, `${name}/${path}`).toBe(once);
    }
  }
});

it("holds at least 45 projects, at least 12 of them valid", () => {
  const texts = projects.map((project) => projectResults(project)["diagnostics.txt"] ?? "");
  expect(texts.length).toBeGreaterThanOrEqual(45);
  expect(texts.filter((text) => !/^error /mu.test(text)).length).toBeGreaterThanOrEqual(12);
});
