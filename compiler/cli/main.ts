import { carryOut } from "./command-line.ts";
import { makeProgram } from "./program.ts";

/** Runs one command line of `retrain` and returns its exit code. */
export function main(argv: readonly string[]): Promise<number> {
  return carryOut(argv, makeProgram);
}
