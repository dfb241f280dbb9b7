import { spawnSync } from "node:child_process";
import { delimiter, dirname, join } from "node:path";

/** How long the bundled command takes to start and to check, as ratios to an empty Node of the same run. */
const root = join(import.meta.dirname, "../..");
/** What `npx retrain` starts, and what it starts where there is no snapshot. */
const command = join(root, "dist/retrain");
const plain = join(root, "dist/retrain.js");
const story = join(root, "examples/flight_delays");
/** A certificate file named in the surroundings costs every Node the time to read it; options of Node put the snapshot aside. */
const { NODE_EXTRA_CA_CERTS: _left, NODE_OPTIONS: _options, ...surroundings } = process.env;
const env = { ...surroundings, PATH: `${dirname(process.execPath)}${delimiter}${surroundings["PATH"] ?? ""}` };

function once([program = "", ...words]: readonly string[]): number {
  const began = performance.now();
  const { status, stderr } = spawnSync(program, words, { env, encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${words.join(" ")} ended with ${status}: ${stderr}`);
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
    "node -e 0": [process.execPath, "-e", "0"],
    "--version": [command, "--version"],
    "check one policy": [command, "-C", story, "check"],
    "the same without snapshot": [process.execPath, plain, "-C", story, "check"],
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
  console.log(`${name.padEnd(26)} ${time.toFixed(0).padStart(5)} ms  ${ratio.toFixed(2)} x${verdict}`);
}
process.exitCode = missed ? 1 : 0;
