import { CommanderError } from "commander";
import { Failure } from "../driver/failure.ts";
import { environmentError } from "./environment-error.ts";
import { exit } from "./exit.ts";
import { internalError } from "./internal-error.ts";
import { makeProgram } from "./program.ts";
import { painter, usesColor } from "./terminal.ts";

/** Runs one command line and returns its exit code. The only place that turns what went wrong into words and a code. */
export async function main(argv: readonly string[]): Promise<number> {
  let code: number = exit.done;
  const program = makeProgram((given) => {
    code = given;
  });
  try {
    await program.parseAsync(argv as string[]);
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exit.done : exit.usage;
    const paint = painter(usesColor("auto", process.env, process.stderr.isTTY === true));
    if (error instanceof Failure) {
      process.stderr.write(`${paint("red", "error")} ${error.code}: ${error.message}\n`);
      if (error.help !== undefined) process.stderr.write(`  ${error.help}\n`);
      return error.kind === "usage" ? exit.usage : exit.environment;
    }
    if (error instanceof Error && error.name === "Interrupted") {
      return "signal" in error && error.signal === "SIGTERM" ? exit.terminated : exit.interrupted;
    }
    const known = environmentError(error);
    if (known !== undefined) {
      process.stderr.write(`${paint("red", "error")} ${known.code}: ${known.message}\n`);
      return exit.environment;
    }
    process.stderr.write(internalError(error, argv, paint));
    return exit.internal;
  }
}
