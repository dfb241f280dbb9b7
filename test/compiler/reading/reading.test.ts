import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readingText } from "../../../compiler/cli/reading-text.ts";
import { painter } from "../../../compiler/cli/terminal.ts";
import { readPolicy } from "../../../compiler/reading/reading.ts";
import { checkText } from "../../support/check-text.ts";
import { corpusCases } from "../../support/corpus.ts";
import { examplePolicy } from "../../support/example-policy.ts";

const plain = painter(false);
const cases = corpusCases("reading");

/** All sentences about a policy made of these parts, in one text. */
function read(parts: string): string {
  const [policy] = checkText(examplePolicy(parts)).policies;
  if (policy === undefined) throw new Error("there is no policy in the text");
  const { chapters } = readPolicy(policy);
  return chapters.flatMap(({ sentences }) => sentences.map(({ text }) => text)).join("\n");
}

it.each(cases)("reads the policy $name out as its baseline does", (one) => {
  const { policies, diagnostics } = checkText(one.text);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const [policy] = policies;
  if (policy === undefined) throw new Error(`${one.name} holds no policy`);
  expect(`${readingText(readPolicy(policy), plain, 80)}\n`).toBe(readFileSync(`${one.folder}reading.txt`, "utf8"));
});

it.each(cases)("stays within 80 columns and tells lines that exist for $name", ({ text }) => {
  const [policy] = checkText(text).policies;
  if (policy === undefined) throw new Error("there is no policy in the text");
  const reading = readPolicy(policy);
  const lines = text.split("\n").length;
  for (const { sentences } of reading.chapters) {
    for (const { line } of sentences) expect(line > 0 && line <= lines, `line ${line}`).toBe(true);
  }
  const long = readingText(reading, plain, 80)
    .split("\n")
    .filter((line) => line.length > 80 && line.trim().includes(" "));
  expect(long).toEqual([]);
});

it.each(cases)("marks every default of the trigger, the gates and the rollout of $name", ({ text }) => {
  const [policy] = checkText(text).policies;
  if (policy === undefined) throw new Error("there is no policy in the text");
  const said = readPolicy(policy)
    .chapters.flatMap(({ sentences }) => sentences.map((sentence) => sentence.text))
    .join("\n");
  // The monitor's own pace, machines and workers are ordinary: they stand in the table of defaults only.
  const told = policy.defaults.filter(({ path }) =>
    /confidence$|onInconclusive$|watch$|keepChampion$|cooldown/u.test(path),
  );
  expect(said.split("(default)").length - 1).toBeGreaterThanOrEqual(told.length);
});

it("says chapters in the order of the file", () => {
  for (const { text } of cases) {
    const [policy] = checkText(text).policies;
    const lines = policy === undefined ? [] : readPolicy(policy).chapters.map(({ line }) => line);
    expect(lines).toEqual([...lines].sort((left, right) => left - right));
  }
});

it("says a margin in points and a relative one apart", () => {
  expect(read("gate offline { require challenger.auc not worse than champion.auc by 1pp }")).toContain(
    "at most 1 percentage point below the champion's, shown with 95% confidence (default)",
  );
  expect(read("gate offline { require challenger.auc not worse than champion.auc by relative 2% }")).toContain(
    "at most 2% (of the champion's value) below the champion's",
  );
});

it("says which side is worse from the metric's direction", () => {
  expect(read("gate offline { require challenger.log_loss better than champion.log_loss by 0.1 }")).toContain(
    "log loss is more than 0.1 below the champion's",
  );
});

it("says a confidence that is written without calling it a default", () => {
  const said = read("gate offline { require challenger.auc >= 0.8 at 99% confidence }");
  expect(said).toContain("AUC is at least 0.80, shown with 99% confidence.");
});

it("says aloud that a gate only observes", () => {
  const said = read("gate offline { require challenger.auc >= 0.8 at 95% confidence observe only }");
  expect(said).toContain("THIS GATE STOPS NOTHING");
  expect(said).not.toContain("the challenger is refused as well");
});

it("says how seldom equal models pass in all of many slices", () => {
  const columns = 'columns { left boolean area category one of ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"] }';
  const dataset = `dataset customers { source csv "a.csv" time seen_at key id label left matures after 2d holdout 14d ${columns} }`;
  const gate =
    "gate offline { require for each area: challenger.auc not worse than champion.auc by 2pp at 95% confidence }";
  expect(read(`${dataset}\n${gate}`)).toContain("each of the 10 with 80% chance, it passes in all of them with 11%");
});

it("reads a policy with errors without failing", () => {
  expect(() => read("gate offline { require challenger.auc >= 3% by }")).not.toThrow();
});

it("says fairness, scores, shares of columns and sources of metrics in words", () => {
  const said = read(`
    metric failures { type ratio better lower fresh within 10m
      from prometheus """sum(increase(bad{version="$version"}[$window]))""" over """sum(increase(all{version="$version"}[$window]))""" }
    trigger { schedule "0 3 * * MON" in "UTC" drift share_drifted(customers, psi > 0.25) >= 50% }
    gate offline {
      require challenger.auc >= 0.8 at 95% confidence
      require demographic_parity_difference(country) <= 5pp, pool groups under 200 rows
      require disparate_impact(country, privileged: "de") in 0.8..1.25, exclude "xx" because "too few people"
      advisory psi(challenger.score, champion.score) <= 0.1
    }
    rollout {
      stage canary { traffic 10% for 2h..12h require challenger.failures not worse than champion.failures by 1pp }
      stage full { traffic 100% watch 24h keep champion 72h }
      rollback when challenger.failures > 2%
    }`);
  expect(said).toContain(
    "The largest difference between the groups of `country` in how often the challenger says yes is at most 5 percentage points",
  );
  expect(said).toContain("Groups with fewer than 200 rows are judged together as one.");
  expect(said).toContain("The group `xx` is left out, because: too few people.");
  expect(said).toContain("the PSI of the challenger's scores against the champion's is at most 0.1");
  expect(said).toMatch(
    /the share of the \d columns of `customers` whose PSI against the reference window is above 0.25 is at least 50%/u,
  );
  expect(said).toContain("asked from Prometheus; an answer older than 10 minutes counts as none");
  expect(said).toContain(
    "The challenger's `failures` (as Prometheus answers) is at most 1 percentage point above the champion's",
  );
});

it("reads a policy whose tree is not at hand, with the places that the checker noted", () => {
  const [policy] = checkText(examplePolicy("")).policies;
  if (policy === undefined) throw new Error("there is no policy in the text");
  const elsewhere = { ...policy, name: "made_from_a_template" };
  const titles = readPolicy(elsewhere).chapters.map(({ title }) => title);
  expect(titles).toContain("When to retrain");
  expect(titles.indexOf("The model")).toBeLessThan(titles.indexOf("Gate: offline"));
});

it("says aloud that a whole policy only observes, at its head and at each block", () => {
  const said = read("observe only\nvalidate customers { require rows >= 5_000 }");
  expect(said).toContain("THIS POLICY STOPS NOTHING BEFORE THE ROLLOUT");
  expect(said).toContain("THIS STOPS NOTHING");
  expect(said).toContain("THIS GATE STOPS NOTHING");
  expect(said).not.toContain("nothing is trained");
});
