import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const FOLDERS = ["language", "compiler", "targets", "runtime", "examples", "test"];

interface Import {
  readonly file: string;
  /** Path from the root for our own files, the package or `node:` name otherwise. */
  readonly to: string;
}

const files = globSync(
  FOLDERS.map((folder) => `${folder}/**/*.ts`),
  { cwd: root, exclude: (name) => name === "node_modules" },
).sort();

const imports: readonly Import[] = files.flatMap((file) => {
  const text = readFileSync(join(root, file), "utf8");
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s[^;"']*?from\s+"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)|(?:^|\n)import\s+"([^"]+)"/g,
  );
  return [...found].map((match) => {
    const name = match[1] ?? match[2] ?? match[3] ?? "";
    const to = name.startsWith(".") ? relative(root, join(root, dirname(file), name)) : name;
    return { file, to };
  });
});

/** Which of our own rooms a room may import from, besides itself. The first matching line counts. */
const MAY_IMPORT: readonly (readonly [room: string, allowed: readonly string[]])[] = [
  ["language/", []],
  ["compiler/cli/", ["language/", "compiler/", "targets/", "runtime/"]],
  ["compiler/plan/", []],
  ["compiler/", ["language/", "compiler/"]],
  ["targets/", ["language/", "compiler/", "runtime/judge/", "runtime/rollout/", "runtime/stats/"]],
  ["runtime/stats/", []],
  ["runtime/judge/", ["compiler/plan/", "runtime/stats/"]],
  ["runtime/rollout/", ["compiler/plan/", "runtime/"]],
  ["runtime/", ["compiler/plan/", "runtime/"]],
  ["examples/", []],
  ["test/", ["language/", "compiler/", "targets/", "runtime/", "examples/", "test/"]],
];

/** Rooms that do no input or output, have no clock and no randomness. */
const PURE = [
  "language/",
  "compiler/plan/",
  "compiler/lower/",
  "runtime/stats/",
  "runtime/judge/",
  "runtime/rollout/",
  "runtime/triggers/",
];

const isOurs = (path: string) => FOLDERS.some((folder) => path.startsWith(`${folder}/`));

it("imports go one way", () => {
  const wrong = imports.filter(({ file, to }) => {
    if (!isOurs(to)) return false;
    const [room = "", allowed = []] = MAY_IMPORT.find(([name]) => file.startsWith(name)) ?? [];
    return !to.startsWith(room) && !allowed.some((name) => to.startsWith(name));
  });
  expect(wrong).toEqual([]);
});

it("nothing imports the command line", () => {
  const wrong = imports.filter(
    ({ file, to }) => to.startsWith("compiler/cli/") && !file.startsWith("compiler/cli/") && !file.startsWith("test/"),
  );
  expect(wrong).toEqual([]);
});

it("pure rooms have no imports from Node, no clock and no randomness", () => {
  const pure = files.filter((file) => PURE.some((room) => file.startsWith(room)));
  expect(pure.length).toBeGreaterThan(20);
  const fromNode = imports.filter(({ file, to }) => pure.includes(file) && to.startsWith("node:"));
  expect(fromNode).toEqual([]);
  const impure = pure.filter((file) =>
    /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bprocess\.|\bfetch\(/.test(readFileSync(join(root, file), "utf8")),
  );
  expect(impure).toEqual([]);
});

it("the import test sees what it should see", () => {
  expect(imports).toContainEqual({ file: "runtime/clock/work.ts", to: "runtime/clock/clock.ts" });
  expect(imports.some(({ to }) => to === "node:fs")).toBe(true);
});

it("no file is more than one room", () => {
  const long = files
    .filter((file) => !file.includes(".gen."))
    .map((file) => ({ file, lines: readFileSync(join(root, file), "utf8").split("\n").length }))
    .filter(({ lines }) => lines > 450);
  expect(long).toEqual([]);
});

it("no room is a catch-all", () => {
  expect(files.filter((file) => /(^|\/)(utils?|helpers?|types|misc|common-utils)\.ts$/.test(file))).toEqual([]);
});
