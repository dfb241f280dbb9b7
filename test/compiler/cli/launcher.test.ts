import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { bareProgram } from "../../../compiler/cli/bare-program.ts";
import { launcher, plainLauncher, V8_FLAGS } from "../../../compiler/cli/launcher.ts";
import { temporaryFolder } from "../../support/folder.ts";

const root = join(import.meta.dirname, "../../..");
const dist = join(root, "dist");
const policy = readFileSync(join(root, "examples/flight_delays/flight_delays.retrain"), "utf8");
const broken = policy.replace("gate offline", "gaet offline");
const hasSnapshot = existsSync(join(dist, "check.blob"));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function run(folder: string, program: string, words: readonly string[], more: NodeJS.ProcessEnv = {}): Ended {
  const { NO_COLOR: _no, FORCE_COLOR: _force, NODE_OPTIONS: _options, ...surroundings } = process.env;
  const path = [dirname(process.execPath), process.env["PATH"]].join(":");
  const env = { ...surroundings, PATH: path, ...more };
  const { status, stdout, stderr } = spawnSync(program, words, { cwd: folder, env, encoding: "utf8" });
  return { code: status, out: stdout, err: stderr };
}

const fast = (folder: string, words: readonly string[], more?: NodeJS.ProcessEnv) =>
  run(folder, join(dist, "retrain"), words, more);
const plain = (folder: string, words: readonly string[], more?: NodeJS.ProcessEnv) =>
  run(folder, process.execPath, [join(dist, "retrain.js"), ...words], more);

function project(text = policy, config?: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "one.retrain"), text);
  if (config !== undefined) writeFileSync(join(folder, "retrain.config.yaml"), config);
  return folder;
}

/** A launcher beside programs that only say which of them was started and with what. */
function tellingLauncher(): { folder: string; node: string; blob: string; start: (...words: string[]) => string } {
  const folder = temporaryFolder();
  const node = join(folder, "own/node");
  const blob = join(folder, "dist/check.blob");
  mkdirSync(join(folder, "dist"));
  mkdirSync(join(folder, "own"));
  mkdirSync(join(folder, "path"));
  writeFileSync(node, '#!/bin/sh\necho "own $*"\n');
  writeFileSync(join(folder, "path/node"), '#!/bin/sh\necho "path $*"\n');
  writeFileSync(blob, "");
  const processor = readFileSync("/proc/cpuinfo", "utf8")
    .split("\n")
    .find((line) => /^(flags|Features)/.test(line));
  const frozen = { node: "../own/node", blob: "check.blob", processor: processor ?? "" };
  writeFileSync(join(folder, "dist/retrain"), launcher(bareProgram(), frozen));
  for (const name of ["own/node", "path/node", "dist/retrain"]) chmodSync(join(folder, name), 0o755);
  const start = (...words: string[]) =>
    run(folder, join(folder, "dist/retrain"), words, { PATH: `${join(folder, "path")}:/usr/bin:/bin` }).out.trim();
  return { folder, node, blob, start };
}

it("the package's command is the launcher, which stands beside the plain entry", () => {
  const { bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { bin: { retrain: string } };
  expect(bin.retrain).toBe("dist/retrain");
  expect(fast(".", ["--version"])).toEqual(plain(".", ["--version"]));
  const own = existsSync(join(root, "node_modules/node/bin/node")) && process.platform === "linux";
  expect(hasSnapshot).toBe(own);
});

it("codes and outputs are the same with the snapshot and without it", () => {
  const cases: readonly (readonly [folder: string, words: readonly string[], env?: NodeJS.ProcessEnv])[] = [
    [project(), ["check"]],
    [project(broken), ["check"]],
    [project(broken), ["check", "--color", "always"]],
    [project(broken), ["check"], { FORCE_COLOR: "1" }],
    [project(broken), ["check"], { FORCE_COLOR: "1", NO_COLOR: "1", NODE_NO_WARNINGS: "1" }],
    [project(broken), ["check", "one.retrain", "--format", "json"]],
    [project(broken), ["check", "--format", "compact"]],
    [project(broken), ["check", "--format", "sarif"]],
    [project(broken), ["check", "--format", "github"]],
    [project(broken), ["--color", "never", "-v", "-q", "check"]],
    [project(), ["check", "no.retrain"]],
    [project(policy, "policies: ["), ["check"]],
    [project(policy, "polices: []\n"), ["check"]],
    [project(policy, "environments: { local: { clock: { start: data, pace: 0 } } }\n"), ["check"]],
    [project(), ["check", "--fromat", "json"]],
    [project(), ["check", "--format", "xml"]],
    [project(), ["-C", "nowhere", "check"]],
    [project(), ["check", "--help"]],
    [project(), ["chekc"]],
    [project(), ["fmt", "--check"]],
    [project(), []],
  ];
  const codes = cases.map(([folder, words, env]) => {
    const found = fast(folder, words, env);
    expect(found, words.join(" ")).toEqual(plain(folder, words, env));
    return found.code;
  });
  expect(new Set(codes)).toEqual(new Set([0, 1, 2, 3]));
});

it("folder, colours, options of output and baselines are those of the moment, not of the build", () => {
  const folder = project(broken);
  expect(fast(folder, ["check"], { FORCE_COLOR: "1" }).out).toContain("\u001b[");
  expect(fast(folder, ["check"]).out).not.toContain("\u001b[");
  mkdirSync(join(folder, "below"));
  expect(fast(join(folder, "below"), ["check", "../one.retrain", "--format", "compact"]).out).toMatch(/^\.\.\/one/);
  const summary = join(folder, "summary.md");
  writeFileSync(summary, "");
  const words = ["check", "--format", "json", "--output", "found.json"];
  expect(fast(folder, words).code).toBe(1);
  expect(JSON.parse(readFileSync(join(folder, "found.json"), "utf8"))).toBeTruthy();
  expect(fast(folder, ["check", "--write-baseline"])).toEqual(plain(folder, ["check", "--write-baseline"]));
});

it("only `check` begins from the snapshot, whatever stands before it", () => {
  const { start, blob } = tellingLauncher();
  const dist = dirname(blob);
  expect(start("check")).toBe(`own ${V8_FLAGS.join(" ")} --snapshot-blob ${blob} ${dist}/retrain.js check`);
  expect(start("-C", "a b", "--color", "never", "-q", "check", "x")).toMatch(
    /^own .* -C a b --color never -q check x$/,
  );
  expect(start("-C", "check", "fmt")).toBe(`path ${dist}/retrain.js -C check fmt`);
  for (const words of [["run", "check"], ["--version"], ["--cwd=x", "check"], []]) {
    expect(start(...words)).toBe(["path", `${dist}/retrain.js`, ...words].join(" "));
  }
});

it("a snapshot that is missing, older than its Node, of another processor or under NODE_OPTIONS is passed over", () => {
  const { folder, start, node, blob } = tellingLauncher();
  expect(start("check")).toMatch(/^own/);
  const later = new Date(Date.now() + 60_000);
  utimesSync(node, later, later);
  expect(start("check")).toMatch(/^path/);
  utimesSync(blob, later, later);
  expect(start("check")).toMatch(/^own/);
  for (const name of ["NODE_OPTIONS", "NODE_V8_COVERAGE"]) {
    const env = { [name]: "x", PATH: `${join(folder, "path")}:/usr/bin:/bin` };
    expect(run(folder, join(folder, "dist/retrain"), ["check"], env).out).toMatch(/^path/);
  }
  const text = readFileSync(join(folder, "dist/retrain"), "utf8");
  writeFileSync(join(folder, "dist/retrain"), text.replace(/' \]$/m, " another' ]"));
  expect(start("check")).toMatch(/^path/);
  writeFileSync(join(folder, "dist/retrain"), text);
  expect(start("check")).toMatch(/^own/);
  rmSync(blob);
  expect(start("check")).toMatch(/^path/);
  writeFileSync(blob, "");
  rmSync(node);
  expect(start("check")).toMatch(/^path/);
});

it("the launcher is found through links, and words reach the command as they were written", () => {
  const { folder, start } = tellingLauncher();
  symlinkSync("dist/retrain", join(folder, "first"));
  symlinkSync(join(folder, "first"), join(folder, "second"));
  const env = { PATH: `${join(folder, "path")}:/usr/bin:/bin` };
  expect(run("/", join(folder, "second"), ["check", "a  'b\" $c"], env).out.trim()).toBe(start("check", "a  'b\" $c"));
});

it("without a snapshot the same build works, and where there can be none the command is plain JavaScript", () => {
  const copy = temporaryFolder();
  cpSync(dist, join(copy, "dist"), { recursive: true, filter: (path) => !path.endsWith(".blob") });
  writeFileSync(join(copy, "package.json"), '{ "type": "module" }');
  expect(run(project(broken), join(copy, "dist/retrain"), ["check"]).code).toBe(1);
  writeFileSync(join(copy, "dist/retrain"), plainLauncher);
  expect(run(project(broken), join(copy, "dist/retrain"), ["check"]).code).toBe(1);
});
