import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { outputFolder, planFiles, writeFiles } from "../../../compiler/cli/output-folder.ts";
import { DEFAULT_CONFIG } from "../../../compiler/driver/defaults.ts";
import { type FileSystem, writeWhole } from "../../../runtime/files/whole.ts";
import { temporaryFolder } from "../../support/folder.ts";

const project = (root: string, out = "pipelines") => ({ root, file: undefined, config: { ...DEFAULT_CONFIG, out } });

it("a configured folder outside of the project is refused, a folder named by hand is taken", () => {
  const root = temporaryFolder();
  for (const out of ["..", "../elsewhere", "/tmp", "."]) {
    expect(() => outputFolder(project(root, out), root, undefined), out).toThrow(/leads out of the project/);
  }
  const elsewhere = temporaryFolder();
  expect(outputFolder(project(root), root, elsewhere)).toBe(elsewhere);
});

it("a link in place of the configured folder, of a folder in it or of the file is refused", () => {
  const elsewhere = temporaryFolder();
  const out = (prepare: (root: string) => void) => () => {
    const root = temporaryFolder();
    prepare(root);
    planFiles(outputFolder(project(root), root, undefined), [{ path: "local/a.json", text: "a" }]);
  };
  expect(out((root) => symlinkSync(elsewhere, join(root, "pipelines")))).toThrow(/symbolic link/);
  const inside = (root: string) => {
    mkdirSync(join(root, "pipelines"));
    symlinkSync(elsewhere, join(root, "pipelines/local"));
  };
  expect(out(inside)).toThrow(/symbolic link/);
  const file = (root: string) => {
    mkdirSync(join(root, "pipelines/local"), { recursive: true });
    symlinkSync(join(elsewhere, "nowhere"), join(root, "pipelines/local/a.json"));
  };
  expect(out(file)).toThrow(/symbolic link/);
  expect(readdirSync(elsewhere)).toEqual([]);
});

it("a file that would lie outside of the folder is refused, and so is a folder in its place", () => {
  const out = temporaryFolder();
  for (const path of ["../a", "/etc/a", "a/../../b", "."]) {
    expect(() => planFiles(out, [{ path, text: "" }]), path).toThrow(/outside of/);
  }
  mkdirSync(join(out, "a"));
  expect(() => planFiles(out, [{ path: "a", text: "" }])).toThrow(/no file/);
});

it("files are new, changed or the same, and only the first two are written", async () => {
  const out = temporaryFolder();
  writeFileSync(join(out, "same"), "1");
  writeFileSync(join(out, "changed"), "1");
  const files = planFiles(out, [
    { path: "same", text: "1" },
    { path: "changed", text: "2" },
    { path: "deep/new", text: "3" },
  ]);
  expect(files.map((file) => file.state)).toEqual(["same", "changed", "new"]);
  const written: string[] = [];
  await writeFiles(out, files, async (path, text) => {
    written.push(path);
    await writeWhole(path, text);
  });
  expect(written).toEqual([join(out, "changed"), join(out, "deep/new")]);
  expect(readFileSync(join(out, "changed"), "utf8")).toBe("2");
});

it("a full disk leaves the old file, nothing half-written, and says what to do", async () => {
  const out = temporaryFolder();
  writeFileSync(join(out, "a"), "old");
  const { open, rename, rm } = await import("node:fs/promises");
  const full: FileSystem = {
    open: async (path, flags) => {
      const handle = await open(path, flags);
      const writeFile = () =>
        Promise.reject(Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC", syscall: "write" }));
      return { writeFile, sync: () => handle.sync(), close: () => handle.close() };
    },
    rename,
    rm,
  };
  const files = planFiles(out, [
    { path: "a", text: "new" },
    { path: "b", text: "new" },
  ]);
  const attempt = writeFiles(out, files, (path, text) => writeWhole(path, text, full));
  await expect(attempt).rejects.toMatchObject({ name: "FileError", code: "full", message: /free some/ });
  expect(readFileSync(join(out, "a"), "utf8")).toBe("old");
  expect(existsSync(join(out, "b"))).toBe(false);
  expect(readdirSync(out)).toEqual(["a"]);
});
