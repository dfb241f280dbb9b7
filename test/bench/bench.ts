import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** Every benchmark in turn; ends with 1 when a goal was missed. */
let missed = false;
for (const name of ["start.ts", "psi.ts", "ledger.ts"]) {
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, name)], { stdio: "inherit" });
  missed ||= status !== 0;
}
process.exitCode = missed ? 1 : 0;
