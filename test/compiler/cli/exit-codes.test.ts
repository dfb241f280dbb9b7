import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../support/folder.ts";
import { type Outcome, retrain } from "../../support/retrain.ts";

const story = join(import.meta.dirname, "../../../examples/flight_delays");
const policy = readFileSync(join(story, "flight_delays.retrain"), "utf8");

/** A project with one policy and, where given, a configuration. */
function project(text = policy, config?: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "flight_delays.retrain"), text);
  if (config !== undefined) writeFileSync(join(folder, "retrain.config.yaml"), config);
  return folder;
}

interface Case {
  readonly what: string;
  readonly run: () => Outcome;
  readonly code: number;
  /** What one of the outputs must hold. */
  readonly says: string | RegExp;
}

const unformatted = policy.replace("risk        low", "risk low");
const broken = policy.replace("gate offline", "gaet offline");

const cases: readonly Case[] = [
  { what: "--version", run: () => retrain(".", "--version"), code: 0, says: /^\d+\.\d+\.\d+\n$/ },
  { what: "--help", run: () => retrain(".", "--help"), code: 0, says: "Exit codes" },
  { what: "an unknown command", run: () => retrain(".", "chekc"), code: 2, says: "check" },
  { what: "an unknown option", run: () => retrain(".", "check", "--fromat", "json"), code: 2, says: "--format" },
  { what: "a bad value", run: () => retrain(".", "check", "--format", "xml"), code: 2, says: "pretty" },
  { what: "check of a clean policy", run: () => retrain(project(), "check"), code: 0, says: "0 errors" },
  {
    what: "check of a broken policy",
    run: () => retrain(project(broken), "check"),
    code: 1,
    says: "Did you mean `gate`",
  },
  {
    what: "check of a file that is not there",
    run: () => retrain(project(), "check", "no.retrain"),
    code: 3,
    says: "no.retrain",
  },
  {
    what: "check with broken YAML",
    run: () => retrain(project(policy, "policies: ["), "check"),
    code: 2,
    says: /retrain\.config\.yaml:\d+:\d+/,
  },
  {
    what: "check with an unknown key",
    run: () => retrain(project(policy, "polices: []\n"), "check"),
    code: 2,
    says: "Did you mean `policies`",
  },
  {
    what: "check with a bad value",
    run: () => retrain(project(policy, "out: 3\n"), "check"),
    code: 2,
    says: "retrain.config.yaml:1:1",
  },
  { what: "fmt --check of a formatted file", run: () => retrain(project(), "fmt", "--check"), code: 0, says: "" },
  {
    what: "fmt --check of another",
    run: () => retrain(project(unformatted), "fmt", "--check"),
    code: 1,
    says: "flight_delays.retrain",
  },
  { what: "compile", run: () => retrain(project(), "compile"), code: 0, says: "flight_delays.plan.json" },
  { what: "compile of a broken policy", run: () => retrain(project(broken), "compile"), code: 1, says: "Did you mean" },
  {
    what: "compile --check without output",
    run: () => retrain(project(), "compile", "--check"),
    code: 1,
    says: "flight_delays.plan.json",
  },
  {
    what: "compile for an unknown target",
    run: () => retrain(project(), "compile", "-t", "argo"),
    code: 2,
    says: "local",
  },
  {
    what: "an unknown environment",
    run: () => retrain(project(), "-e", "staging", "compile"),
    code: 2,
    says: "staging",
  },
  {
    what: "run of an unknown policy",
    run: () => retrain(project(), "run", "fligth_delays"),
    code: 2,
    says: "flight_delays",
  },
  { what: "run of a broken policy", run: () => retrain(project(broken), "run"), code: 1, says: "Did you mean" },
  {
    what: "ledger show before anything ran",
    run: () => retrain(project(), "ledger", "show"),
    code: 3,
    says: "there is no ledger",
  },
  { what: "status before anything ran", run: () => retrain(project(), "status"), code: 3, says: "there is no ledger" },
  {
    what: "explain of a code",
    run: () => retrain(".", "explain", "syntax/unknown-statement"),
    code: 0,
    says: "syntax/unknown-statement",
  },
  {
    what: "explain of no code",
    run: () => retrain(".", "explain", "syntax/unknwon-statement"),
    code: 2,
    says: "Did you mean `syntax/unknown-statement`",
  },
  {
    what: "rollback without a reason",
    run: () => retrain(project(), "rollback", "flight_delays"),
    code: 2,
    says: "--because",
  },
];

it.each(cases)("$what ends with $code", ({ run, code, says }) => {
  const { code: found, out, err } = run();
  expect(`${out}${err}`).toMatch(says);
  expect(found, `${out}${err}`).toBe(code);
  expect(err).not.toMatch(/\n\s+at .+\.(js|ts):\d+:\d+/);
});

it("data go to stdout and everything else to stderr", () => {
  const { out, err } = retrain(project(broken), "check", "--format", "json");
  const { schema, diagnostics } = JSON.parse(out) as { schema: string; diagnostics: unknown[] };
  expect(schema).toBe("retrain.check/1");
  expect(diagnostics).toHaveLength(1);
  expect(err).toContain("1 error");
});

it("the compact format is path:line:column: severity CODE message", () => {
  const { out } = retrain(project(broken), "check", "--format", "compact");
  expect(out).toMatch(/^flight_delays\.retrain:\d+:\d+: error syntax\/unknown-statement .+\n$/);
});

it("fmt writes the one way to write it, and the file is whole", () => {
  const folder = project(unformatted);
  expect(retrain(folder, "fmt").code).toBe(0);
  expect(readFileSync(join(folder, "flight_delays.retrain"), "utf8")).toBe(policy);
});

it("compile twice gives the same bytes, and --check agrees", () => {
  const folder = project();
  const file = join(folder, "pipelines/local/flight_delays.plan.json");
  retrain(folder, "compile");
  const first = readFileSync(file, "utf8");
  retrain(folder, "compile");
  expect(readFileSync(file, "utf8")).toBe(first);
  expect(retrain(folder, "compile", "--check").code).toBe(0);
});

it("nothing is written through a symlink", () => {
  const folder = project();
  const elsewhere = temporaryFolder();
  mkdirSync(join(folder, "pipelines"));
  symlinkSync(elsewhere, join(folder, "pipelines/local"));
  const { code, err } = retrain(folder, "compile");
  expect(code).not.toBe(0);
  expect(err).toContain("link");
});

it("the committed pipeline of the story is fresh", () => {
  expect(retrain(story, "compile", "--check").code).toBe(0);
});

it("a generated file that somebody edited is not written over without --force", () => {
  const folder = project();
  const file = join(folder, "pipelines/local/flight_delays.plan.json");
  retrain(folder, "compile");
  const first = readFileSync(file, "utf8");
  writeFileSync(file, "{}\n");
  const { code, err } = retrain(folder, "compile");
  expect(code).not.toBe(0);
  expect(err).toContain("somebody edited 1 generated file");
  expect(readFileSync(file, "utf8")).toBe("{}\n");
  expect(retrain(folder, "compile", "--check").err).toContain("somebody edited it");
  expect(retrain(folder, "compile", "--force").code).toBe(0);
  expect(readFileSync(file, "utf8")).toBe(first);
});
