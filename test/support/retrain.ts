import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const command = join(import.meta.dirname, "../../dist/retrain.js");

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the bundled command to its end, without a terminal and without colour. */
export function retrain(folder: string, ...words: readonly string[]): Outcome {
  if (!existsSync(command)) throw new Error("the command is not built; run `npm run build` first");
  const { NO_COLOR: _no, FORCE_COLOR: _force, ...surroundings } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, "-C", folder, ...words], {
    encoding: "utf8",
    env: surroundings,
  });
  return { code: status, out: stdout, err: stderr };
}
