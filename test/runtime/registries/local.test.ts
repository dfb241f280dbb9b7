import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { openLocalRegistry } from "../../../runtime/registries/local.ts";
import { digestOf } from "../../../runtime/registries/model-folder.ts";
import type { Registry } from "../../../runtime/registries/registry.ts";
import { killNow, startChild } from "../../support/child.ts";
import { temporaryFolder } from "../../support/folder.ts";

const registering = fileURLToPath(new URL("register.run.ts", import.meta.url));
const moving = fileURLToPath(new URL("move.run.ts", import.meta.url));

function model(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const small = (): string => model({ "predict.mjs": "export {}", "weights/a.bin": "\0\u0001", "weights/b.bin": "" });

async function withVersions(count: number): Promise<{ readonly folder: string; readonly registry: Registry }> {
  const folder = join(temporaryFolder(), "registry");
  const registry = openLocalRegistry(folder);
  for (let index = 1; index <= count; index += 1) {
    await registry.register(`run-${index}`, model({ "predict.mjs": String(index) }), {});
  }
  return { folder, registry };
}

it("copies a model in as version 1, 2, ... with its facts", async () => {
  const folder = join(temporaryFolder(), "deep", "registry");
  const registry = openLocalRegistry(folder);
  expect(await registry.versions()).toEqual([]);
  const source = small();
  const first = await registry.register("run-1", source, { rows: 3, window: null });
  expect(first).toEqual({
    version: "1",
    digest: await digestOf(source),
    run: "run-1",
    uri: join(folder, "versions/1/model"),
    facts: { rows: 3, window: null },
  });
  expect(await digestOf(first.uri)).toBe(first.digest);
  expect(readFileSync(join(first.uri, "weights/a.bin"), "latin1")).toBe("\0\u0001");
  expect((await registry.register("run-2", source, {})).version).toBe("2");
  expect(await registry.version("1")).toEqual(first);
  expect(await registry.version("3")).toBeUndefined();
  expect(await registry.version("../1")).toBeUndefined();
  expect((await openLocalRegistry(folder).versions()).map((version) => version.version)).toEqual(["1", "2"]);
  expect(readdirSync(join(folder, "incoming"))).toEqual([]);
});

it("lists versions in the order of their numbers past nine", async () => {
  const { registry } = await withVersions(11);
  expect((await registry.versions()).map((version) => Number(version.version))).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
  ]);
});

it("gives the same run the version that is there, whatever it brings", async () => {
  const { registry } = await withVersions(2);
  const again = await registry.register("run-1", small(), { other: true });
  expect(again).toEqual(await registry.version("1"));
  expect(await registry.versions()).toHaveLength(2);
});

it("digests names and bytes: any change of either gives another digest, and nothing else does", async () => {
  const digests = await Promise.all(
    [
      { a: "1", b: "2" },
      { b: "2", a: "1" },
      { a: "2", b: "1" },
      { a: "12", b: "" },
      { "a/b": "1", b: "2" },
      { a: "1" },
      { a: "1", "b\nx": "2" },
    ].map((files) => digestOf(model(files))),
  );
  expect(digests[0]).toBe(digests[1]);
  expect(new Set(digests).size).toBe(digests.length - 1);
});

it("refuses an empty folder, a missing one, links and pipes, by name, and keeps nothing of them", async () => {
  const folder = join(temporaryFolder(), "registry");
  const registry = openLocalRegistry(folder);
  const empty = temporaryFolder();
  mkdirSync(join(empty, "only/folders"), { recursive: true });
  const linked = small();
  symlinkSync("/etc/hostname", join(linked, "weights", "link"));
  const folderLinked = small();
  symlinkSync(linked, join(folderLinked, "more"));
  const piped = small();
  expect(spawnSync("sh", ["-c", 'mkfifo "$0"', join(piped, "pipe")]).status).toBe(0);
  const refusals = [
    [empty, "empty", empty],
    [join(empty, "missing"), "unavailable", "missing"],
    [linked, "unsafe", join(linked, "weights", "link")],
    [folderLinked, "unsafe", "more is a symbolic link"],
    [piped, "unsafe", "pipe is neither a file nor a folder"],
  ] as const;
  for (const [source, code, words] of refusals) {
    await expect(registry.register("run-1", source, {})).rejects.toMatchObject({
      name: "RegistryError",
      code,
      message: expect.stringContaining(words),
    });
  }
  await expect(registry.register("run-1", small(), { loss: Number.NaN })).rejects.toThrow(TypeError);
  expect(await registry.versions()).toEqual([]);
  expect(readdirSync(join(folder, "incoming"))).toEqual([]);
});

it("moves an alias only from what is expected, and a repeated move holds", async () => {
  const { registry } = await withVersions(2);
  expect(await registry.alias("champion")).toBeUndefined();
  expect(await registry.moveAlias("champion", "1", "2", 1)).toEqual({ moved: false, version: undefined, fence: 0 });
  expect(await registry.moveAlias("champion", undefined, "1", 1)).toEqual({ moved: true, version: "1", fence: 1 });
  expect(await registry.moveAlias("champion", undefined, "1", 1)).toEqual({ moved: true, version: "1", fence: 1 });
  expect(await registry.moveAlias("champion", undefined, "2", 1)).toEqual({ moved: false, version: "1", fence: 1 });
  expect(await registry.moveAlias("champion", "1", "2", 1)).toEqual({ moved: true, version: "2", fence: 1 });
  expect(await registry.alias("champion")).toEqual({ version: "2", fence: 1 });
  expect(await registry.alias("challenger")).toBeUndefined();
});

it("refuses an older fence, also for an alias that was removed", async () => {
  const { registry } = await withVersions(2);
  await registry.moveAlias("champion", undefined, "1", 5);
  expect(await registry.moveAlias("champion", "1", "2", 4)).toEqual({ moved: false, version: "1", fence: 5 });
  expect(await registry.moveAlias("champion", "1", "1", 4)).toEqual({ moved: false, version: "1", fence: 5 });
  expect(await registry.moveAlias("champion", "1", "1", 6)).toEqual({ moved: true, version: "1", fence: 6 });
  expect(await registry.moveAlias("champion", "1", undefined, 7)).toEqual({
    moved: true,
    version: undefined,
    fence: 7,
  });
  expect(await registry.alias("champion")).toBeUndefined();
  expect(await registry.moveAlias("champion", undefined, "2", 6)).toEqual({
    moved: false,
    version: undefined,
    fence: 7,
  });
  expect(await registry.moveAlias("champion", undefined, "2", 7)).toEqual({ moved: true, version: "2", fence: 7 });
});

it("refuses to name a version that is not there", async () => {
  const { registry } = await withVersions(1);
  for (const version of ["2", "0", "../1", ""]) {
    await expect(registry.moveAlias("champion", undefined, version, 1)).rejects.toMatchObject({
      code: "unknown_version",
    });
  }
  for (const name of ["", "__proto__", "Champion", "a b"]) {
    await expect(registry.moveAlias(name, undefined, "1", 1)).rejects.toThrow(TypeError);
  }
  await expect(registry.moveAlias("constructor", undefined, undefined, 1)).resolves.toMatchObject({ moved: true });
  expect(await registry.alias("tostring")).toBeUndefined();
});

it("says which file is damaged", async () => {
  const { folder, registry } = await withVersions(2);
  await registry.moveAlias("champion", undefined, "1", 1);
  for (const [file, content, use] of [
    ["aliases.json", "{", () => registry.alias("champion")],
    [
      "aliases.json",
      '{"schema":"retrain.aliases/1","aliases":{"champion":{"version":1,"fence":1}}}',
      () => registry.alias("x"),
    ],
    ["versions/2/version.json", "{}", () => registry.versions()],
    [
      "versions/2/version.json",
      readFileSync(join(folder, "versions/1/version.json"), "utf8"),
      () => registry.version("2"),
    ],
  ] as const) {
    const path = join(folder, file);
    const before = readFileSync(path);
    writeFileSync(path, content);
    await expect(use()).rejects.toMatchObject({ code: "corrupt", message: expect.stringContaining(path) });
    writeFileSync(path, before);
  }
});

it("a registry that was moved gives the new places", async () => {
  const { folder } = await withVersions(1);
  renameSync(folder, `${folder}-moved`);
  const moved = await openLocalRegistry(`${folder}-moved`).version("1");
  expect(moved?.uri).toBe(join(`${folder}-moved`, "versions/1/model"));
});

it("copies of one run that are under way at the same moment end in one version", async () => {
  const folder = join(temporaryFolder(), "registry");
  const source = small();
  const versions = await Promise.all([1, 2, 3, 4].map(() => openLocalRegistry(folder).register("run-1", source, {})));
  expect(versions.map((version) => version.version)).toEqual(["1", "1", "1", "1"]);
  expect(await openLocalRegistry(folder).versions()).toEqual([versions[0]]);
  expect(readdirSync(join(folder, "incoming"))).toEqual([]);
});

it("processes that register the same runs at once give each run one version", async () => {
  const folder = join(temporaryFolder(), "registry");
  const source = small();
  const runs = Array.from({ length: 8 }, (_, index) => `run-${index}`);
  const children = [0, 1, 2, 3].map((shift) =>
    startChild(registering, [folder, source, ...runs.slice(shift), ...runs.slice(0, shift)]),
  );
  const told = await Promise.all(children.map(async (child) => new Set((await child.rest()).slice(1))));
  expect(told[0]?.size).toBe(8);
  for (const other of told) expect(other).toEqual(told[0]);
  expect((await openLocalRegistry(folder).versions()).map((version) => version.version)).toEqual([..."12345678"]);
});

it("a process killed at any moment of registering leaves no half version, and the repeated run finds its own", async () => {
  const folder = join(temporaryFolder(), "registry");
  const source = model(
    Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`part-${index}`, "x".repeat(50_000)])),
  );
  const digest = await digestOf(source);
  const registry = openLocalRegistry(folder);
  const first = startChild(registering, [folder, source, "run-0"]);
  await first.line();
  const start = performance.now();
  await first.line();
  const duration = performance.now() - start;
  let whole = 0;
  for (let round = 1; round <= 20; round += 1) {
    const child = startChild(registering, [folder, source, `run-${round}`]);
    await child.line();
    await sleep((round / 20) * 2 * duration);
    await killNow(child);
    const before = await registry.versions();
    for (const version of before) expect(await digestOf(version.uri)).toBe(digest);
    whole += before.length > round ? 1 : 0;
    const { version } = await registry.register(`run-${round}`, source, {});
    expect(version).toBe(String(round + 1));
    expect(readdirSync(join(folder, "incoming"))).toEqual([]);
  }
  // Both outcomes must have been seen, else the kills came too early or too late.
  expect(whole).toBeGreaterThan(0);
  expect(whole).toBeLessThan(20);
});

it("processes that move one alias at once never lose a move, and only the highest fence goes on", async () => {
  const { folder, registry } = await withVersions(3);
  const same = [0, 1, 2].map(() => startChild(moving, [folder, "1", "40"]));
  const moves = await Promise.all(same.map(async (child) => Number(await child.line())));
  const total = moves.reduce((sum, moved) => sum + moved, 0);
  expect(total).toBeGreaterThanOrEqual(40);
  await registry.moveAlias("champion", (await registry.alias("champion"))?.version, "1", 2);
  expect(await startChild(moving, [folder, "1", "5"]).line()).toBe("0");
  expect(await startChild(moving, [folder, "2", "5"]).line()).toBe("5");
  expect(await registry.alias("champion")).toEqual({ version: "3", fence: 2 });
});
