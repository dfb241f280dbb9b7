import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type Launch, runProcess } from "../../../runtime/engine/process.ts";
import { temporaryFolder } from "../../support/folder.ts";

const node = (program: string, more: Partial<Launch> & { folder: string }): Launch => ({
  command: [process.execPath, "-e", program],
  environment: {},
  timeout: 20_000,
  log: join(more.folder, "log.txt"),
  ...more,
});

it("tells the exit code and keeps both outputs", async () => {
  const folder = temporaryFolder();
  const ending = await runProcess(node("console.log('out'); console.error('err'); process.exit(7)", { folder }));
  expect(ending).toEqual({ kind: "exited", code: 7 });
  const log = readFileSync(join(folder, "log.txt"), "utf8");
  expect(log).toContain("out\n");
  expect(log).toContain("err\n");
});

it("stops a step that hangs, with its children", async () => {
  const folder = temporaryFolder();
  const program = `
    const child = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    require("node:fs").writeFileSync("child", String(child.pid));
    setInterval(() => {}, 1000);`;
  const ending = await runProcess(node(program, { folder, timeout: 1_500 }));
  expect(ending).toEqual({ kind: "timed_out", after: 1_500 });
  const child = Number(readFileSync(join(folder, "child"), "utf8"));
  await expect.poll(() => isRunning(child)).toBe(false);
});

it("ends what a step leaves running, so that it cannot hold its output open", async () => {
  const folder = temporaryFolder();
  const program = `require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" }).unref()`;
  expect(await runProcess(node(program, { folder }))).toEqual({ kind: "exited", code: 0 });
});

it("is cancelled by its signal", async () => {
  const folder = temporaryFolder();
  const stop = new AbortController();
  const running = runProcess(
    node("setInterval(() => {}, 1000)", { folder, signal: stop.signal, started: () => stop.abort() }),
  );
  expect(await running).toEqual({ kind: "cancelled" });
});

it("says which program or folder is missing", async () => {
  const folder = temporaryFolder();
  const ending = await runProcess({ ...node("", { folder }), command: ["no-such-program"] });
  expect(ending).toMatchObject({ kind: "not_started", why: expect.stringContaining("`no-such-program`") });
});

it("hands over only what a step needs of the surroundings, with the project's own Node first", async () => {
  const folder = temporaryFolder();
  process.env["RETRAIN_TEST_CANARY"] = "secret";
  const program =
    "console.log(JSON.stringify({ canary: process.env.RETRAIN_TEST_CANARY, given: process.env.GIVEN, path: process.env.PATH }))";
  await runProcess(node(program, { folder, environment: { GIVEN: "$HOME `x`" } }));
  delete process.env["RETRAIN_TEST_CANARY"];
  const seen = JSON.parse(readFileSync(join(folder, "log.txt"), "utf8")) as Record<string, string>;
  expect(seen["canary"]).toBeUndefined();
  expect(seen["given"]).toBe("$HOME `x`");
  expect(existsSync(join(seen["path"]?.split(":")[0] ?? "", "node"))).toBe(true);
});

it("keeps only so much of an endless output", async () => {
  const folder = temporaryFolder();
  const program = "const line = 'x'.repeat(1 << 20); for (let i = 0; i < 20; i++) process.stdout.write(line)";
  await runProcess(node(program, { folder }));
  const log = join(folder, "log.txt");
  expect(statSync(log).size).toBeLessThan(17 * 1024 * 1024);
  expect(readFileSync(log, "utf8").slice(-80)).toContain("further bytes of output were left out");
});

function isRunning(pid: number): boolean {
  try {
    const state = readFileSync(`/proc/${pid}/stat`, "utf8");
    return !/\) [ZX] /.test(state);
  } catch {
    return false;
  }
}
