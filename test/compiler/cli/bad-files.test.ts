import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { temporaryFolder } from "../../support/folder.ts";
import { type Outcome, retrain } from "../../support/retrain.ts";

// Each case starts the real command.
vi.setConfig({ testTimeout: 180_000 });

const root = join(import.meta.dirname, "../../..");
const clean = readFileSync(join(root, "examples/flight_delays/flight_delays.retrain"), "utf8");

function check(content: string | Buffer, ...words: readonly string[]): Outcome {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "p.retrain"), content);
  return retrain(folder, "check", ...words);
}

/** Words, and neither a stack nor anything that moves the cursor or colours a terminal. */
function expectWords({ out, err }: Outcome): void {
  expect(out + err).not.toMatch(/^\s+at .*(?:file:|node:|dist).*:\d+:\d+/mu);
  expect(out + err).not.toContain("internal error");
  expect(out + err).not.toMatch(/[^\P{Cc}\n]/u);
}

it("reads a file with a byte order mark, with CR LF and with a lone CR as the same policy", () => {
  for (const text of [`\uFEFF${clean}`, clean.replaceAll("\n", "\r\n"), clean.replaceAll("\n", "\r")]) {
    expect(check(text)).toEqual({ code: 0, out: "", err: "1 policy, 0 errors, 0 warnings\n" });
  }
});

it("names the place of a NUL and of a byte that is no UTF-8", () => {
  const nul = check(clean.replace("risk        low", "risk        \0low"), "--format", "compact");
  expect(nul).toMatchObject({
    code: 1,
    out: expect.stringMatching(/^p\.retrain:\d+:\d+: error syntax\/bad-character /),
  });
  expectWords(nul);
  const at = Buffer.byteLength(clean.slice(0, clean.indexOf("risk")));
  const bytes = Buffer.from(clean);
  bytes[at] = 0xff;
  const invalid = check(bytes);
  expect(invalid.code).toBe(3);
  expect(invalid.err).toContain(`file/not-utf-8: p.retrain is not UTF-8: the byte at offset ${at} begins no character`);
  // The first half of a character at the end of a file, and a surrogate written as bytes.
  for (const tail of [[0xe2, 0x82], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0xf5]]) {
    const cut = check(Buffer.concat([Buffer.from(clean), Buffer.from(tail)]));
    expect(cut, tail.join()).toMatchObject({ code: 3, err: expect.stringContaining("file/not-utf-8") });
  }
});

it("reads no file of ten megabytes, and no device that never ends", () => {
  const large = check("// a\n".repeat(2 * 1024 * 1024));
  expect(large).toMatchObject({ code: 3, out: "", err: expect.stringContaining("file/too-large: p.retrain has more") });
  const endless = retrain(temporaryFolder(), "check", "/dev/zero");
  expect(endless).toMatchObject({
    code: 3,
    out: "",
    err: expect.stringContaining("zero has more than"),
  });
});

it("says of ten thousand imports in one file that they are too many, once", () => {
  const imports = Array.from({ length: 10_000 }, (_, index) => `import "./shared/${index}.retrain" { g${index} }\n`);
  const many = check(clean.replace("language 1\n", `language 1\n${imports.join("")}`), "--format", "compact");
  expect(many.code).toBe(1);
  expect(many.out.match(/ import\/too-many /gu)).toHaveLength(1);
  expectWords(many);
});

it("shows a name of a file with control characters so that it moves nothing on a terminal", () => {
  const folder = temporaryFolder();
  const name = "a\u001b[31mred\r\nfake.retrain:1:1: error\u202E.retrain";
  writeFileSync(join(folder, name), clean.replace("gate offline", "gaet offline"));
  for (const format of ["pretty", "compact", "github", "gitlab", "junit", "sarif"]) {
    const found = retrain(folder, "check", "--format", format);
    expect(found.code, format).toBe(1);
    expectWords(found);
    expect(found.out, format).not.toMatch(/^fake/mu);
    // Data for programs keeps the name as it is; JSON has its own escapes for what controls a terminal.
    if (format !== "gitlab" && format !== "sarif") expect(found.out, format).not.toContain("\u202E");
  }
});

it("answers names that are no UTF-8, on disk and on the command line, with words", () => {
  const folder = temporaryFolder();
  const name = Buffer.concat([Buffer.from(join(folder, "b")), Buffer.from([0xff]), Buffer.from(".retrain")]);
  writeFileSync(name, clean);
  const found = retrain(folder, "check", ".");
  expect(found.code).toBe(3);
  expect(found.err).toContain("file/not-found");
  expectWords(found);
  const command = join(root, "dist/retrain.js");
  const script = `cd "$1" && exec "$2" "$3" check "$(printf 'c\\377.retrain')"`;
  const { status, stdout, stderr } = spawnSync("sh", ["-c", script, "sh", folder, process.execPath, command], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  expect(status).toBe(3);
  expect(stderr).toContain("does not exist");
  expectWords({ code: status, out: stdout, err: stderr });
});

it("comes to an end where links lead in a circle", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "p.retrain"), clean);
  mkdirSync(join(folder, "inner"));
  symlinkSync(folder, join(folder, "inner/up"));
  symlinkSync("self.retrain", join(folder, "self.retrain"));
  const named = retrain(folder, "check", "self.retrain");
  expect(named.code).toBe(3);
  expectWords(named);
  expect(retrain(folder, "check", "inner")).toMatchObject({ code: 2 });
  expectWords(retrain(folder, "check", "."));
});

it.each([
  "p.retrain/x",
  "x".repeat(5_000),
  "-",
  "--",
  "",
  " ",
  "../../../../../../../../etc",
  "~",
  "*.retrain",
  "$(id).retrain",
  "-p.retrain",
])("answers %j in the place of a path with words and a code of its own", (word) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "p.retrain"), clean);
  const script = [process.execPath, join(root, "dist/retrain.js"), "-C", folder, "check", word];
  const { status, stdout, stderr } = spawnSync(script[0] ?? "", script.slice(1), { encoding: "utf8" });
  expect([0, 2, 3]).toContain(status);
  expectWords({ code: status, out: stdout, err: stderr });
});
