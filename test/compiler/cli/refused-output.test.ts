import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { examplePolicy } from "../../support/example-policy.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { type Outcome, retrain } from "../../support/retrain.ts";

const digest = "0123456789abcdef".repeat(4);
const image = `image "registry.example.com/step@sha256:${digest}"`;

/** A policy whose steps have images. */
const policy = (name = "example", more = "") =>
  examplePolicy(`train { ${image} command ["python", "train.py", "--out", "\${challenger.uri}"] ${more} }
evaluate { ${image} command ["python", "evaluate.py", "--out", "\${predictions.uri}"] }`).replace(
    "policy example",
    `policy ${name}`,
  );

const volume = "volume: { claim: retrain, mount: /work }";
const targets = { argo: `{ ${volume} }`, kfp: `{ ${volume} }`, airflow: "{}" };
type Targets = Partial<Record<keyof typeof targets, string>>;

/** A configuration that gives all engines what they need, but for what is changed. */
function config(change: { targets?: Targets; ledger?: string; runtime?: string; out?: string } = {}): string {
  const engines = Object.entries(change.targets ?? targets).map(([name, options]) => `${name}: ${options}`);
  const ledger = change.ledger ?? "{ postgres: { secret: retrain/ledger-url } }";
  const runtime = change.runtime ?? `runtime: { image: "registry.example.com/retrain@sha256:${digest}" },`;
  return `out: ${change.out ?? "pipelines"}
environments: { production: { ledger: ${ledger}, ${runtime} targets: { ${engines.join(", ")} } } }
`;
}

function project(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** Everything in a folder: path, kind and bytes. */
function contents(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .sort()
    .map((path) => {
      const found = lstatSync(join(folder, path));
      if (found.isSymbolicLink()) return `${path} is a link`;
      return found.isFile() ? `${path}: ${readFileSync(join(folder, path), "utf8")}` : path;
    });
}

/** Runs `retrain compile` and holds that it changed nothing. */
function refused(folder: string, ...words: readonly string[]): Outcome {
  const before = contents(folder);
  const outcome = retrain(folder, "compile", ...words);
  expect(contents(folder)).toEqual(before);
  return outcome;
}

const files = (text = policy(), configuration = config()) => ({
  "example.retrain": text,
  "retrain.config.yaml": configuration,
});

it("the project of these tests compiles, so that what is refused below is refused for its own reason", () => {
  const folder = project(files());
  expect(retrain(folder, "compile")).toMatchObject({ code: 0 });
  expect(readdirSync(join(folder, "pipelines")).sort()).toEqual(["airflow", "argo", "kfp", "retrain.lock.json"]);
});

it("a construct that one of three engines cannot hold is refused at its line, and none of them gets a file", () => {
  const { code, err } = refused(project(files(policy("example", "on spot"))));
  expect(code).toBe(1);
  expect(err).toMatch(/error target\/unsupported: target `kfp` cannot hold a step on spot instances\n +at example/);
  expect(err).toMatch(/target `airflow` cannot hold a step on spot/);
  expect(err).not.toMatch(/`argo` cannot/);
  expect(err).toMatch(/nothing is written/);
});

it.each([
  ["argo", "3.6", "3.7"],
  ["argo", "5.0", "4.1"],
  ["kfp", "2.15", "2.17"],
  ["airflow", "3.0", "2.11"],
])("version %s %s, which is not tested, is refused by name and with those that are", (engine, version, known) => {
  const options = engine === "airflow" ? `{ version: "${version}" }` : `{ version: "${version}", ${volume} }`;
  const folder = project(files(policy(), config({ targets: { ...targets, [engine]: options } })));
  const { code, err } = refused(folder);
  expect(code).toBe(2);
  expect(err).toMatch(new RegExp(`retrain\\.config\\.yaml[\\s\\S]*${engine}\\.version`));
  expect(err).toContain(known);
});

it.each([
  ["an image of the runtime", config({ runtime: "" }), "target/needs-runtime-image"],
  ["a ledger that pods share", config({ ledger: '"sqlite:ledger.db"' }), "config/ledger-not-shared"],
  ["a disk that pods share", config({ targets: { argo: "{}" } }), "target/needs-shared-disk"],
])("an environment without %s is refused", (_, configuration, expected) => {
  const { code, err } = refused(project(files(policy(), configuration)));
  expect(code).toBe(1);
  expect(err).toContain(`error ${expected}`);
});

it("a step without an image is refused where steps are containers", () => {
  const { code, err } = refused(project(files(examplePolicy(""))));
  expect(code).toBe(1);
  expect(err.match(/error target\/needs-image/g)).toHaveLength(4);
  expect(err).not.toMatch(/`airflow`/);
});

it("two policies that an engine would know by one name are refused, with the file that both become", () => {
  // Found by trying 133,783 names: shortened they are the same, and so are eight digits of their digests.
  const long = "a".repeat(70);
  const folder = project({ ...files(policy(`${long}_2g2l`)), "other.retrain": policy(`${long}_2v87`) });
  const { code, err } = refused(folder);
  expect(code).toBe(1);
  expect(err.replace(/\s+/g, " ")).toMatch(
    /error target\/name-collision: on `argo` this policy would have the same name as policy `a{70}_2g2l`: both become argo\/a{35}-81020d6e-retrain\.yaml at other\.retrain:1:8/,
  );
});

it("names that are the same once they are shortened stay two files for every engine", () => {
  const long = "a".repeat(70);
  const folder = project({ ...files(policy(`${long}_one`)), "other.retrain": policy(`${long}_two`) });
  const third = policy("a_b");
  writeFileSync(join(folder, "third.retrain"), third);
  writeFileSync(join(folder, "fourth.retrain"), policy("a__b"));
  expect(retrain(folder, "compile")).toMatchObject({ code: 0 });
  for (const [engine, count] of [
    ["argo", 12],
    ["kfp", 12],
    ["airflow", 4],
  ] as const) {
    const made = readdirSync(join(folder, "pipelines", engine)).filter((name) => !name.endsWith(".map.json"));
    expect(made.length, engine).toBe(count);
    for (const name of made) expect(name.length, name).toBeLessThanOrEqual(engine === "airflow" ? 250 : 90);
  }
});

it("an environment, a target and a policy that there are not are refused with those that there are", () => {
  const folder = project(files(policy(), config({ targets: { argo: targets.argo } })));
  expect(refused(folder, "-e", "staging")).toMatchObject({ code: 2, err: expect.stringContaining("production") });
  expect(refused(folder, "--target", "argoo")).toMatchObject({ code: 2, err: expect.stringContaining("`argo`") });
  expect(refused(folder, "--target", "kfp")).toMatchObject({ code: 2, err: expect.stringContaining("argo") });
  expect(refused(folder, "exmple")).toMatchObject({ code: 2, err: expect.stringContaining("example") });
});

it("an output folder that is a link, or has one in it, is refused, and nothing is written where it leads", () => {
  const elsewhere = temporaryFolder();
  const folder = project(files());
  symlinkSync(elsewhere, join(folder, "pipelines"));
  expect(refused(folder)).toMatchObject({ code: 3, err: expect.stringMatching(/file\/symbolic-link[\s\S]*pipelines/) });
  rmSync(join(folder, "pipelines"));
  mkdirSync(join(folder, "pipelines"));
  symlinkSync(elsewhere, join(folder, "pipelines/kfp"));
  expect(refused(folder)).toMatchObject({ code: 3, err: expect.stringMatching(/file\/symbolic-link[\s\S]*kfp/) });
  expect(readdirSync(elsewhere)).toEqual([]);
});

it("an output folder outside of the project is refused", () => {
  const { code, err } = refused(project(files(policy(), config({ out: "../elsewhere" }))));
  expect(code).toBe(2);
  expect(err).toContain("config/out-outside");
});

it("a generated file that somebody edited stops the whole compilation, and --force goes on", () => {
  const folder = project(files());
  expect(retrain(folder, "compile").code).toBe(0);
  const edited = join(folder, "pipelines/argo/retrain-example-retrain.yaml");
  const path = readdirSync(join(folder, "pipelines/argo")).find((name) => name.endsWith("-retrain.yaml")) ?? edited;
  const file = join(folder, "pipelines/argo", path);
  writeFileSync(file, `${readFileSync(file, "utf8")}# by hand\n`);
  writeFileSync(join(folder, "example.retrain"), policy("example", "timeout 3h"));
  expect(refused(folder)).toMatchObject({ code: 3, err: expect.stringContaining(`pipelines/argo/${path}`) });
  expect(refused(folder, "--check").err).toMatch(/differs .*: somebody edited it/);
  expect(retrain(folder, "compile", "--force").code).toBe(0);
  expect(readFileSync(file, "utf8")).not.toContain("by hand");
});

it("--dry-run and --list-files say what would be written, and --dry-run writes nothing", () => {
  const folder = project(files());
  const dry = refused(folder, "--dry-run", "--list-files");
  expect(dry.code).toBe(0);
  expect(dry.err).toMatch(/would write pipelines\/argo\//);
  const listed = dry.out.trim().split("\n");
  expect(retrain(folder, "compile", "--list-files").out.trim().split("\n")).toEqual(listed);
  const written = readdirSync(join(folder, "pipelines"), { recursive: true, encoding: "utf8" })
    .filter((name) => lstatSync(join(folder, "pipelines", name)).isFile())
    .map((name) => `pipelines/${name}`);
  expect(listed.toSorted()).toEqual(written.toSorted());
  expect(listed).toContain("pipelines/kfp/example-tick.recurring-run.yaml");
});
