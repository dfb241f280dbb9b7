import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { format } from "../../language/format/format.ts";
import { check } from "../../language/semantics/check.ts";
import { parse } from "../../language/syntax/parse.ts";
import { createSource } from "../../language/text/source.ts";

/** Checking as people feel it: a thousand policies, a long one again and again, and formatting. `start.ts` checks one from a cold start. */
const root = join(import.meta.dirname, "../..");
const command = join(root, "dist/retrain");
const policy = join(root, "examples/flight_delays/flight_delays.retrain");
const text = readFileSync(policy, "utf8");
const folder = mkdtempSync(join(tmpdir(), "retrain-bench-"));
let missed = false;

function report(what: string, found: number, goal: number, unit: string): void {
  missed ||= found > goal;
  console.log(`${what}: ${found.toFixed(2)} ${unit} (goal ${goal}) ${found <= goal ? "met" : "MISSED"}`);
}

/** The least of some runs, milliseconds: other work on the machine only ever adds. */
function least(times: number, work: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < times; round += 1) {
    const begin = performance.now();
    work();
    best = Math.min(best, performance.now() - begin);
  }
  return best;
}

function run(...words: readonly string[]): void {
  const { status, stderr } = spawnSync(command, words, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}

function named(index: number): string {
  return text.replace("language 1", "").replace(/policy \w+/, `policy p${index}`);
}

mkdirSync(join(folder, "policies"));
for (let index = 0; index < 1_000; index += 1)
  writeFileSync(join(folder, "policies", `p${index}.retrain`), named(index));
const thousand = least(3, () => run("-C", folder, "check", "--quiet", "--format", "json"));
report("check of 1,000 policies", thousand / 1_000, 3, "s");

function ofLines(lines: number): string {
  let made = "language 1\n";
  for (let index = 0; made.split("\n").length < lines; index += 1) made += named(index);
  return made;
}

const source = createSource("p.retrain", ofLines(1_000));
const times = Array.from({ length: 220 }, () => {
  const begin = performance.now();
  check([{ source, ...parse(source) }]);
  return performance.now() - begin;
}).slice(20);
times.sort((left, right) => left - right);
report("check of 1,000 lines again, p95", times[Math.floor(times.length * 0.95)] ?? Number.NaN, 50, "ms");
const long = createSource("p.retrain", ofLines(10_000));
report("format of 10,000 lines", least(4, () => void format(long)) / 1_000, 1, "s");
rmSync(folder, { recursive: true, force: true });
process.exitCode = missed ? 1 : 0;
