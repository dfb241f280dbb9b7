import { spawnSync } from "node:child_process";
import { existsSync, globSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { type Frozen, V8_FLAGS } from "./launcher.ts";
import { withoutCodeCache } from "./trim-snapshot.ts";

/** The package's own Node, from a folder of the package. */
const NODE = "../node_modules/node/bin/node";
const BLOB = "check.blob";

/**
 * Writes the snapshot of `retrain check` into a folder of the package. Undefined, with a sentence on standard error, where there
 * can be none: the command then starts in the ordinary way. Only the package's own Node makes and reads it: an installation
 * that replaces that one writes a newer file, which the launcher sees.
 */
export async function buildSnapshot(folder: string, options: BuildOptions): Promise<Frozen | undefined> {
  const node = join(folder, NODE);
  const processor = processorLine();
  if (processor === undefined || !existsSync(node)) return undefined;
  const script = join(folder, "snapshot.cjs");
  const blob = join(folder, BLOB);
  await build({
    ...options,
    entryPoints: ["compiler/cli/snapshot.ts"],
    outfile: script,
    format: "cjs",
    logOverride: { "empty-import-meta": "silent" },
  });
  const { NODE_OPTIONS: _options, NODE_V8_COVERAGE: _coverage, ...surroundings } = process.env;
  const examples = globSync(join(folder, "../examples/*/"));
  const start = (snapshot: string, flags: readonly string[], ...words: readonly string[]) =>
    spawnSync(node, [...V8_FLAGS, "--snapshot-blob", snapshot, ...flags, script, ...words], {
      encoding: "utf8",
      env: surroundings,
    });
  const { status, stderr } = start(blob, ["--build-snapshot"], ...examples);
  if (status === 0) trim(blob, (snapshot) => start(snapshot, [], "-C", examples[0] ?? folder, "check"));
  rmSync(script);
  if (status === 0) return { node: NODE, blob: BLOB, processor };
  rmSync(blob, { force: true });
  process.stderr.write(`\`retrain check\` will start slowly: its snapshot could not be made\n${stderr}\n`);
  return undefined;
}

/** Takes out of a snapshot what a check does without, where the snapshot then still does the same. */
function trim(
  blob: string,
  tried: (snapshot: string) => { status: number | null; stdout: string; stderr: string },
): void {
  const trimmed = withoutCodeCache(readFileSync(blob));
  if (trimmed === undefined) return;
  const expected = tried(blob);
  const file = `${blob}.trimmed`;
  writeFileSync(file, trimmed);
  const found = tried(file);
  const isSame = (["status", "stdout", "stderr"] as const).every((name) => found[name] === expected[name]);
  if (isSame) renameSync(file, blob);
  else rmSync(file);
}

/** The features of this machine's processor as Linux names them; undefined elsewhere. */
function processorLine(): string | undefined {
  if (process.platform !== "linux") return undefined;
  return readFileSync("/proc/cpuinfo", "utf8")
    .split("\n")
    .find((line) => /^(flags|Features)/.test(line));
}
