import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { hourFile, hourOf } from "../../../runtime/server/hours.ts";
import type { LogLine } from "../../../runtime/server/line.ts";
import { openLog, readHour } from "../../../runtime/server/log.ts";
import { Tally } from "../../../runtime/server/tally.ts";
import { temporaryFolder } from "../../support/folder.ts";

const NINE = Date.parse("2001-04-09T09:00:00Z");

const line = (change: Partial<LogLine> = {}): LogLine => ({
  key: "a",
  time: NINE,
  version: "3",
  mode: "live",
  score: 0.31,
  decision: true,
  latency: 0.42,
  error: null,
  request: "r1",
  mirrored: false,
  ...change,
});

it("writes one file an hour, each line as the format says", () => {
  const folder = temporaryFolder();
  const log = openLog(folder);
  log.append(line());
  log.append(line({ time: NINE + 3_600_000, mode: "mirror", score: null, decision: null, error: "exception: x" }));
  log.close();
  expect(readdirSync(join(folder, "log")).sort()).toEqual(["2001-04-09T09.jsonl", "2001-04-09T10.jsonl"]);
  expect(readFileSync(join(folder, "log", "2001-04-09T09.jsonl"), "utf8")).toBe(
    '{"key":"a","time":"2001-04-09T09:00:00.000Z","version":"3","mode":"live","score":0.31,"decision":true,"latency_ms":0.42,"error":null,"request":"r1"}\n',
  );
});

it("reads back what it wrote", async () => {
  const folder = temporaryFolder();
  const written = [line(), line({ key: 'odd "\n\u2028 key', mirrored: true }), line({ mode: "mirror", latency: null })];
  const log = openLog(folder);
  for (const each of written) log.append(each);
  log.close();
  const read: LogLine[] = [];
  expect(await readHour(hourFile(folder, hourOf(NINE)), (each) => read.push(each), false)).toBe(0);
  expect(read).toEqual(written);
});

it("stays right when hours come in any order, more of them than files stay open", async () => {
  const folder = temporaryFolder();
  const log = openLog(folder);
  const order = [5, 0, 9, 1, 8, 2, 7, 3, 6, 4, 0, 9, 5];
  for (const hour of order) expect(log.append(line({ time: NINE + hour * 3_600_000 }))).toBe(true);
  log.close();
  const tally = await Tally.read(folder);
  expect((await tally.counts(NINE, NINE + 10 * 3_600_000)).requests).toEqual({ "3": order.length });
});

it("cuts a line torn by a kill, when it writes on and when it counts", async () => {
  for (const restart of ["write", "count"]) {
    const folder = temporaryFolder();
    const first = openLog(folder);
    first.append(line());
    first.close();
    const file = hourFile(folder, hourOf(NINE));
    const whole = readFileSync(file, "utf8");
    appendFileSync(file, whole.slice(0, 40));
    if (restart === "write") {
      const second = openLog(folder);
      second.append(line());
      second.close();
      expect(readFileSync(file, "utf8")).toBe(whole + whole);
    } else {
      const tally = await Tally.read(folder);
      expect((await tally.counts(NINE, NINE + 1)).requests).toEqual({ "3": 1 });
      expect(readFileSync(file, "utf8")).toBe(whole);
    }
  }
});

it("a torn line longer than a block is cut whole", () => {
  const folder = temporaryFolder();
  const file = hourFile(folder, hourOf(NINE));
  mkdirSync(join(folder, "log"));
  writeFileSync(file, `{}\n${"x".repeat(200_000)}`);
  const log = openLog(folder);
  log.append(line());
  log.close();
  expect(readFileSync(file, "utf8")).toMatch(/^\{\}\n\{"key":"a".*\}\n$/);
});

it("lines that are not of this log are counted and passed over", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "log"));
  const good = '{"key":"a","time":"2001-04-09T09:00:00Z","version":"3","mode":"live","score":1,"request":"r"}';
  const bad = [
    "",
    "null",
    "[]",
    "{",
    '{"key":"a"}',
    good.replace("2001-04-09", "yesterday"),
    good.replace("live", "dead"),
  ];
  writeFileSync(hourFile(folder, hourOf(NINE)), [...bad, good, ""].join("\n"));
  writeFileSync(join(folder, "log", "notes.txt"), "not a log");
  const tally = await Tally.read(folder);
  expect(tally.unreadable).toBe(bad.length);
  expect((await tally.counts(NINE, NINE + 1)).requests).toEqual({ "3": 1 });
});

it.runIf(existsSync("/dev/full"))("a full disk loses the line, says so, and recovers", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "log"));
  const { symlinkSync, unlinkSync } = await import("node:fs");
  const file = hourFile(folder, hourOf(NINE));
  symlinkSync("/dev/full", file);
  const log = openLog(folder);
  expect(log.append(line())).toBe(false);
  expect(log.failures).toBe(1);
  expect(log.newestFailure).toContain("ENOSPC");
  unlinkSync(file);
  expect(log.append(line({ time: NINE + 3_600_000 }))).toBe(true);
  expect(log.newestFailure).toBeUndefined();
  log.close();
  expect(statSync(hourFile(folder, hourOf(NINE) + 1)).size).toBeGreaterThan(0);
});
