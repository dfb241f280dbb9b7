import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { type FileSystem, writeWhole } from "../../../runtime/files/whole.ts";
import { killNow, startChild } from "../../support/child.ts";
import { temporaryFolder } from "../../support/folder.ts";

it("writes text and bytes, new and over an old file", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "a.json");
  await writeWhole(path, "é");
  expect(readFileSync(path)).toEqual(Buffer.from("é"));
  await writeWhole(path, Uint8Array.of(0, 255));
  expect(readFileSync(path)).toEqual(Buffer.of(0, 255));
  expect(readdirSync(folder)).toEqual(["a.json"]);
});

it("replaces a symbolic link and leaves what it pointed to", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "target"), "old");
  symlinkSync("target", join(folder, "link"));
  await writeWhole(join(folder, "link"), "new");
  expect(readFileSync(join(folder, "target"), "utf8")).toBe("old");
  expect(readFileSync(join(folder, "link"), "utf8")).toBe("new");
});

it("syncs the bytes before the rename and the folder after it", async () => {
  const folder = temporaryFolder();
  const steps: string[] = [];
  const recording: FileSystem = {
    open: async (path, flags) => {
      const handle = await open(path, flags);
      const name = path === folder ? "folder" : "file";
      return {
        writeFile: async (content: string | Uint8Array) => {
          steps.push(`write ${name}`);
          await handle.writeFile(content);
        },
        sync: async () => {
          steps.push(`sync ${name}`);
          await handle.sync();
        },
        close: () => handle.close(),
      } as Awaited<ReturnType<FileSystem["open"]>>;
    },
    rename: async (from, to) => {
      steps.push("rename");
      await rename(from, to);
    },
    rm,
  };
  await writeWhole(join(folder, "a"), "x", recording);
  expect(steps).toEqual(["write file", "sync file", "rename", "sync folder"]);
});

function failing(step: "open" | "writeFile" | "sync" | "close" | "rename", code: string): FileSystem {
  const fail = async (): Promise<never> => {
    throw Object.assign(new Error(`${code}: made to fail`), { code, syscall: step });
  };
  return {
    open:
      step === "open"
        ? fail
        : async (path, flags) => {
            const handle = await open(path, flags);
            return {
              writeFile: step === "writeFile" ? fail : handle.writeFile.bind(handle),
              sync: step === "sync" ? fail : handle.sync.bind(handle),
              close:
                step === "close"
                  ? async () => {
                      await handle.close();
                      await fail();
                    }
                  : handle.close.bind(handle),
            } as Awaited<ReturnType<FileSystem["open"]>>;
          },
    rename: step === "rename" ? fail : rename,
    rm,
  };
}

for (const step of ["open", "writeFile", "sync", "close", "rename"] as const) {
  it(`a full disk at ${step} gives a named error, keeps the old file and leaves nothing`, async () => {
    const folder = temporaryFolder();
    const path = join(folder, "a.json");
    writeFileSync(path, "old");
    await expect(writeWhole(path, "new", failing(step, "ENOSPC"))).rejects.toMatchObject({
      name: "FileError",
      code: "full",
      path,
      message: `cannot write ${path}: no space is left (ENOSPC); free some and run it again`,
    });
    await expect(writeWhole(path, "new", failing(step, "EIO"))).rejects.toMatchObject({ code: "unavailable" });
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(folder)).toEqual(["a.json"]);
  });
}

it("a limit of the operating system hit in the middle of the file is told as full, and leaves nothing", () => {
  const folder = temporaryFolder();
  const path = join(folder, "a.bin");
  const script = fileURLToPath(new URL("write-limited.run.ts", import.meta.url));
  const write = (size: number): string =>
    spawnSync("sh", ["-c", 'ulimit -f 64; exec "$0" "$@"', process.execPath, script, path, String(size)], {
      encoding: "utf8",
    }).stdout;
  expect(write(1_000)).toBe("written\n");
  expect(write(1_000_000)).toMatch(/^full cannot write .*a\.bin: no space is left \(EFBIG\)/);
  expect(readFileSync(path)).toHaveLength(1_000);
  expect(readdirSync(folder)).toEqual(["a.bin"]);
});

it("a missing folder and a folder in the file's place are told in words", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "taken"));
  for (const path of [join(folder, "missing", "a"), join(folder, "taken")]) {
    await expect(writeWhole(path, "x")).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining(`cannot write ${path}`),
    });
  }
  expect(readdirSync(folder)).toEqual(["taken"]);
});

it("a reader never sees a mixed file, also when the writer is killed", async () => {
  const path = join(temporaryFolder(), "a.txt");
  const script = fileURLToPath(new URL("write-often.run.ts", import.meta.url));
  for (let round = 0; round < 5; round += 1) {
    const child = startChild(script, [path]);
    await child.line();
    for (let read = 0; read < 20; read += 1) {
      const text = readFileSync(path, "utf8");
      expect(text).toHaveLength(200_000);
      expect(text).toBe((text[0] ?? "").repeat(200_000));
      await sleep(1);
    }
    await killNow(child);
    expect(existsSync(path)).toBe(true);
    expect(new Set(readFileSync(path, "utf8")).size).toBe(1);
  }
});
