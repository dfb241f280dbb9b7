import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { temporaryFolder } from "../../support/folder.ts";
import { retrain, startRetrain } from "../../support/retrain.ts";
import { readXml } from "../../support/xml.ts";

// Each test starts the real command several times.
vi.setConfig({ testTimeout: 180_000 });

const root = join(import.meta.dirname, "../../..");
const clean = readFileSync(join(root, "examples/flight_delays/flight_delays.retrain"), "utf8");
const broken = clean.replace("gate offline", "gaet offline");

/** A policy with one warning for each name: gates whose requirements name no confidence. */
function noisy(...names: readonly string[]): string {
  const gates = names.map((name) => `  gate ${name} {\n    require challenger.auc >= 0.5\n  }\n\n`);
  return clean.replace("  trigger {", `${gates.join("")}  trigger {`);
}

function project(text: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "p.retrain"), text);
  return folder;
}

const read = (folder: string, name: string): string => readFileSync(join(folder, name), "utf8");

function codes(text: string): string[] {
  return (JSON.parse(text) as { diagnostics: { code: string }[] }).diagnostics.map(({ code }) => code);
}

it("--fix writes what leaves no choice into the file, says so, and finds nothing to do in a second run", () => {
  const folder = project(broken);
  expect(retrain(folder, "check", "--fix")).toEqual({
    code: 0,
    out: "",
    err: "fixed 1 finding in 1 file\n1 policy, 0 errors, 0 warnings\n",
  });
  expect(read(folder, "p.retrain")).toBe(clean);
  expect(retrain(folder, "check", "--fix").err).toContain("fixed 0 findings in 0 files");
  expect(read(folder, "p.retrain")).toBe(clean);
});

it("--fix changes nothing of what it cannot mend, and still fails", () => {
  const missing = 'import "./nowhere.retrain" { latency }\n';
  const folder = project(`${broken}\n${missing}`);
  const { code, out } = retrain(folder, "check", "--fix", "--format", "json");
  expect(code).toBe(1);
  expect(codes(out)).toContain("import/not-found");
  expect(codes(out)).not.toContain("syntax/unknown-statement");
  expect(read(folder, "p.retrain")).toContain(missing);
  expect(read(folder, "p.retrain")).toContain("gate offline");
});

it("--fail-level decides which findings fail the command, and shows all of them at each level", () => {
  const folder = project(noisy("extra"));
  const outcomes = ["error", "warning", "info"].map((level) =>
    retrain(folder, "check", "--format", "json", "--fail-level", level),
  );
  expect(outcomes.map(({ code }) => code)).toEqual([0, 1, 1]);
  for (const { out } of outcomes) expect(codes(out)).toEqual(["gate/no-confidence"]);
  const failing = outcomes[1]?.err;
  expect(failing).toBe("1 policy, 0 errors, 1 warning\n");
  expect(retrain(folder, "check", "--fail-level", "fatal")).toMatchObject({ code: 2, out: "" });
});

it("--max-diagnostics keeps the weightiest, says how many are left, and changes neither tally nor exit code", () => {
  const folder = project(noisy("one", "two", "three").replace("gate offline", "gaet offline"));
  const all = retrain(folder, "check", "--format", "json");
  const found = codes(all.out);
  expect(found.filter((code) => code === "gate/no-confidence")).toHaveLength(3);
  const errors = found.filter((code) => code.startsWith("syntax/"));
  const few = retrain(folder, "check", "--format", "json", "--max-diagnostics", "1");
  expect(codes(few.out)).toEqual([errors[0], "check/too-many"]);
  expect(few.out).toContain(`${found.length - 1} more`);
  expect(few.err).toBe(all.err);
  expect([all.code, few.code]).toEqual([1, 1]);
  for (const wrong of ["-1", "1.5", "x", ""]) {
    expect(retrain(folder, "check", "--max-diagnostics", wrong).code, wrong).toBe(2);
  }
});

it("writes several formats at once, each to the file that follows it, and the last one to standard output", () => {
  const folder = project(noisy("extra"));
  const formats = ["json", "sarif", "github", "gitlab", "junit", "compact", "pretty"];
  const words = formats.flatMap((format) => ["--format", format, "--output", `found.${format}`]);
  const { code, out, err } = retrain(folder, "check", "--fail-level", "warning", ...words, "--format", "compact");
  expect({ code, err }).toEqual({ code: 1, err: "1 policy, 0 errors, 1 warning\n" });
  expect(out).toMatch(/^p\.retrain:\d+:\d+: warning gate\/no-confidence /);
  expect(read(folder, "found.compact")).toBe(out);
  expect(codes(read(folder, "found.json"))).toEqual(["gate/no-confidence"]);
  const [issue] = JSON.parse(read(folder, "found.gitlab")) as { fingerprint: string; location: { path: string } }[];
  expect(issue?.location.path).toBe("p.retrain");
  const sarif = JSON.parse(read(folder, "found.sarif")) as {
    runs: { results: { partialFingerprints: Record<string, string> }[] }[];
  };
  const names = sarif.runs[0]?.results.map((result) => result.partialFingerprints["retrainFinding/v1"]);
  expect(names).toEqual([issue?.fingerprint]);
  expect(readXml(read(folder, "found.junit")).attributes.get("failures")).toBe("1");
  expect(read(folder, "found.github")).toMatch(/^::warning file=p\.retrain,/);
  expect(read(folder, "found.pretty")).toContain("warning gate/no-confidence");
  expect(read(folder, "found.pretty")).not.toContain("\u001b");
});

it("takes options in an order that says which file is for which format, and refuses any other", () => {
  const folder = project(clean);
  for (const words of [
    ["--output", "a"],
    ["--format", "json", "--format", "sarif"],
    ["--format", "json", "--output", "a", "--output", "b"],
    ["--format", "json", "--format", "sarif", "--output", "a"],
  ]) {
    expect(retrain(folder, "check", ...words), words.join(" ")).toMatchObject({ code: 2, out: "" });
  }
  // Of an option that takes one value, the last one holds.
  const twice = ["--fail-level", "info", "--fail-level", "error"];
  expect(retrain(project(noisy("extra")), "check", ...twice).code).toBe(0);
  expect(retrain(folder, "check", "--format", "json", "--output", "no/such/folder")).toMatchObject({ code: 3 });
  expect(retrain(folder, "check", "p.retrain", "p.retrain", ".").err).toContain("1 policy,");
});

it("--write-baseline hides what is there, never errors, and shows what is new and what is gone", () => {
  const folder = project(noisy("one"));
  expect(retrain(folder, "check", "--write-baseline").err).toContain("wrote 1 finding to .retrain-baseline.json");
  const quiet = retrain(folder, "check", "--format", "json", "--fail-level", "info");
  expect(codes(quiet.out)).toEqual([]);
  expect(quiet).toMatchObject({ code: 0, err: expect.stringContaining("1 finding of the baseline is not shown") });
  writeFileSync(join(folder, "p.retrain"), noisy("one", "two"));
  const more = retrain(folder, "check", "--format", "compact", "--fail-level", "warning");
  expect(more.code).toBe(1);
  expect(more.out.trim().split("\n")).toEqual([expect.stringMatching(/gate\/no-confidence .*`two`/)]);
  writeFileSync(join(folder, "p.retrain"), clean);
  expect(codes(retrain(folder, "check", "--format", "json").out)).toEqual(["lint/baseline-stale"]);
  writeFileSync(join(folder, "p.retrain"), broken);
  const written = retrain(folder, "check", "--write-baseline");
  expect(written.code).toBe(1);
  expect(read(folder, ".retrain-baseline.json")).not.toContain("syntax/");
});

it("--watch checks again after each change of a policy, an import or the configuration, and ends by Ctrl-C", async () => {
  const folder = temporaryFolder();
  const policies = join(folder, "policies");
  mkdirSync(policies);
  const file = join(policies, "p.retrain");
  writeFileSync(file, clean);
  const config =
    'policies: ["policies/**/*.retrain"]\nenvironments: { local: { ledger: "sqlite:.retrain/ledger.db" } }\n';
  writeFileSync(join(folder, "retrain.config.yaml"), config);
  const words = [
    "check",
    "--watch",
    "--format",
    "json",
    "--output",
    join(policies, "found.json"),
    "--format",
    "compact",
  ];
  const watching = startRetrain(folder, ...words);
  await watching.says("1 policy, 0 errors, 0 warnings");
  await watching.says("waiting for a change");
  // As an editor saves: a new file in the place of the old one.
  writeFileSync(`${file}~`, broken);
  renameSync(`${file}~`, file);
  await watching.says("1 policy, 1 error, 0 warnings");
  await watching.says("waiting for a change");
  expect(codes(read(folder, "policies/found.json"))).toEqual(["syntax/unknown-statement"]);
  writeFileSync(file, clean);
  await watching.says("1 policy, 0 errors, 0 warnings");
  await watching.says("waiting for a change");
  // A folder that was not there, and a policy in it.
  mkdirSync(join(policies, "new"));
  await watching.says("waiting for a change");
  writeFileSync(join(policies, "new/q.retrain"), clean.replace("policy flight_delays", "policy other"));
  await watching.says("2 policies, 0 errors");
  await watching.says("waiting for a change");
  rmSync(join(policies, "new"), { recursive: true });
  await watching.says("1 policy, 0 errors");
  await watching.says("waiting for a change");
  // A configuration that is broken for a while does not end it.
  writeFileSync(join(folder, "retrain.config.yaml"), "policies: [");
  await watching.says("retrain.config.yaml:");
  await watching.says("waiting for a change");
  writeFileSync(join(folder, "retrain.config.yaml"), config);
  await watching.says("1 policy, 0 errors");
  await watching.says("waiting for a change");
  const end = await watching.end("SIGINT");
  expect(end.code).toBe(130);
  expect(end.out).not.toContain("\u001b[2J");
  expect(end.err).not.toContain("    at ");
});

it("--watch begins with nothing that a plain check refuses, and goes with no option that writes", () => {
  const folder = project(clean);
  expect(retrain(folder, "check", "--watch", "--fix")).toMatchObject({
    code: 2,
    err: expect.stringContaining("--fix"),
  });
  expect(retrain(folder, "check", "--watch", "--write-baseline").code).toBe(2);
  expect(retrain(folder, "check", "--watch", "gone.retrain").code).toBe(3);
  expect(retrain(temporaryFolder(), "check", "--watch").code).toBe(2);
});
