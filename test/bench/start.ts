import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How long the bundled command takes to start and to check, as ratios to an empty Node of the same run. */
const root = join(import.meta.dirname, "../..");
const command = join(root, "dist/retrain.js");
const story = join(root, "examples/flight_delays");
/** A certificate file named in the surroundings costs every Node the time to read it. */
const { NODE_EXTRA_CA_CERTS: _left, ...surroundings } = process.env;

function once(words: readonly string[]): number {
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, words, { env: surroundings, encoding: "utf8" });
  if (status !== 0) throw new Error(`node ${words.join(" ")} ended with ${status}: ${stderr}`);
  return performance.now() - began;
}

/** Medians of commands that take turns, so that a busy moment of the machine hits all of them. */
function medians(commands: Readonly<Record<string, readonly string[]>>, rounds: number): Record<string, number> {
  const times = new Map(Object.keys(commands).map((name) => [name, [] as number[]]));
  for (const words of Object.values(commands)) once(words);
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, words] of Object.entries(commands)) times.get(name)?.push(once(words));
  }
  return Object.fromEntries(
    [...times].map(([name, all]) => [name, all.sort((one, other) => one - other)[Math.floor(all.length / 2)] ?? 0]),
  );
}

const found = medians(
  {
    "node -e 0": ["-e", "0"],
    "--version": [command, "--version"],
    "check one policy": [command, "-C", story, "check"],
  },
  21,
);
const base = found["node -e 0"] ?? 1;
const goals: Readonly<Record<string, number>> = { "--version": 1.7, "check one policy": 2.6 };
let missed = false;
for (const [name, time] of Object.entries(found)) {
  const ratio = time / base;
  const goal = goals[name];
  const verdict = goal === undefined ? "" : ` (goal ${goal}) ${ratio <= goal ? "met" : "MISSED"}`;
  missed ||= goal !== undefined && ratio > goal;
  console.log(`${name.padEnd(18)} ${time.toFixed(0).padStart(5)} ms  ${ratio.toFixed(2)} x${verdict}`);
}

const many = mkdtempSync(join(tmpdir(), "retrain-bench-"));
const text = readFileSync(join(story, "flight_delays.retrain"), "utf8");
mkdirSync(join(many, "policies"));
for (let number = 0; number < 1_000; number += 1) {
  writeFileSync(
    join(many, "policies", `policy_${number}.retrain`),
    text
      .replace("policy flight_delays", `policy flight_delays_${number}`)
      .replace("16_000 requests", `${16_000 + number} requests`),
  );
}
writeFileSync(join(many, "retrain.config.yaml"), 'policies: ["policies/*.retrain"]\n');
const time = once([command, "-C", many, "check"]);
rmSync(many, { recursive: true, force: true });
missed ||= time > 3_000;
console.log(`check 1,000 policies ${time.toFixed(0)} ms (goal 3000) ${time <= 3_000 ? "met" : "MISSED"}`);
process.exitCode = missed ? 1 : 0;
