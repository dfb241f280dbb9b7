import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** Every benchmark in turn; ends with 1 when a goal was missed. */
const ROOMY = ["--expose-gc", "--min-semi-space-size=256", "--max-semi-space-size=256"];
const benchmarks: readonly (readonly [name: string, flags?: readonly string[]])[] = [
  ["start.ts"],
  ["check.ts"],
  ["scaling.ts", ROOMY],
  ["psi.ts"],
  ["ledger.ts"],
];
let missed = false;
for (const [name, flags = []] of benchmarks) {
  const { status } = spawnSync(process.execPath, [...flags, join(import.meta.dirname, name)], { stdio: "inherit" });
  missed ||= status !== 0;
}
if (missed) console.log("A goal was MISSED.");
process.exitCode = missed ? 1 : 0;
