import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { withoutCodeCache } from "../../../compiler/cli/trim-snapshot.ts";
import { temporaryFolder } from "../../support/folder.ts";

const node = join(import.meta.dirname, "../../../node_modules/node/bin/node");
const dist = join(import.meta.dirname, "../../../dist");

const SCRIPT = `const { startupSnapshot } = require("node:v8");
startupSnapshot.setDeserializeMainFunction(() => console.log(require("node:querystring").stringify({ a: 1 })));
`;

/** A snapshot of the package's Node, which loads a module that stands in no snapshot. */
function snapshot(...flags: readonly string[]): Buffer {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "main.cjs"), SCRIPT);
  const words = [...flags, "--snapshot-blob", "it.blob", "--build-snapshot", "main.cjs"];
  const { status, stderr } = spawnSync(node, words, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return readFileSync(join(folder, "it.blob"));
}

function start(blob: Buffer, ...flags: readonly string[]): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "it.blob"), blob);
  const { stdout, stderr } = spawnSync(node, [...flags, "--snapshot-blob", "it.blob", "main.cjs"], {
    cwd: folder,
    encoding: "utf8",
  });
  return stdout + stderr;
}

/** Groups of four bytes, wherever they begin, that one snapshot has more often than the other, as a share. */
function difference(one: Buffer, other: Buffer): number {
  const [mine, theirs] = [one, other].map((bytes) =>
    Uint32Array.from({ length: bytes.length - 3 }, (_, at) => bytes.readUInt32LE(at)).sort(),
  ) as [Uint32Array, Uint32Array];
  let missing = 0;
  let at = 0;
  for (const group of mine) {
    while ((theirs[at] ?? Number.POSITIVE_INFINITY) < group) at += 1;
    if (theirs[at] === group) at += 1;
    else missing += 1;
  }
  return missing / mine.length;
}

if (!existsSync(node) || process.platform !== "linux") {
  it("is NOT TESTED: snapshots are made by the package's own Node, on Linux", () => {
    process.stderr.write("NOT TESTED: snapshots\n");
  });
} else {
  it("a snapshot without its code cache starts, also with modules that it does not hold", () => {
    const whole = snapshot();
    const trimmed = withoutCodeCache(whole);
    expect(trimmed?.length).toBeLessThan(whole.length - 2_000_000);
    expect(start(trimmed ?? whole)).toBe("a=1\n");
    expect(start(trimmed ?? whole, "--no-maglev", "--no-rehash-snapshot")).toBe("a=1\n");
  });

  it("the snapshot of the package is a trimmed one", () => {
    expect(withoutCodeCache(readFileSync(join(dist, "check.blob")))).toBeUndefined();
  });

  it("what is no snapshot, is cut off or goes on behind its end is left alone", () => {
    const whole = snapshot();
    expect(withoutCodeCache(Buffer.alloc(100_000))).toBeUndefined();
    expect(withoutCodeCache(whole.subarray(0, whole.length - 1))).toBeUndefined();
    expect(withoutCodeCache(Buffer.concat([whole, Buffer.from("x")]))).toBeUndefined();
  });

  it("the seed of hashes is another one in every snapshot, so that keeping it at the start tells it to nobody", () => {
    const part = (...flags: readonly string[]) =>
      (withoutCodeCache(snapshot(...flags)) ?? Buffer.alloc(0)).subarray(0, 1 << 20);
    const same = difference(part("--hash-seed=7"), part("--hash-seed=7"));
    const random = difference(part(), part());
    expect(random).toBeGreaterThan(3 * same);
  });
}
