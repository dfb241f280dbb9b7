import { type Command, CommanderError } from "commander";
import { Failure } from "../driver/failure.ts";
import { environmentError } from "./environment-error.ts";
import { exit } from "./exit.ts";
import { internalError } from "./internal-error.ts";
import { type ColorChoice, type Paint, painter, usesColor } from "./terminal.ts";
import { wrap } from "./wrap.ts";

/** Makes the program that a command line is for; it tells `setExit` the code of a command that came to its end. */
export type MakeProgram = (setExit: (code: number) => void) => Command;

/** Runs one command line and returns its exit code. The only place that turns what went wrong into words and a code. */
export async function carryOut(argv: readonly string[], makeProgram: MakeProgram): Promise<number> {
  let code: number = exit.done;
  surviveBrokenPipe();
  const program = makeProgram((given) => {
    code = given;
  });
  try {
    await program.parseAsync(argv as string[]);
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exit.done : exit.usage;
    const { color, verbose } = program.opts<{ color: ColorChoice; verbose?: boolean }>();
    const paint = painter(usesColor(color, process.env, process.stderr.isTTY === true));
    return explained(error, argv, paint, verbose ?? false);
  }
}

/** Says on standard error what went wrong, and gives the exit code. */
function explained(error: unknown, argv: readonly string[], paint: Paint, verbose: boolean): number {
  const complain = (code: string, message: string, help?: string) => {
    process.stderr.write(`${paint("red", "error")} ${code}: ${message}\n`);
    if (help !== undefined) process.stderr.write(`${wrap(help, 2)}\n`);
    for (let cause = causeOf(error); verbose && cause instanceof Error; cause = cause.cause) {
      process.stderr.write(`  caused by ${cause.name}: ${cause.message}\n`);
    }
  };
  if (error instanceof Failure) {
    complain(error.code, error.message, error.help);
    return error.kind === "usage" ? exit.usage : exit.environment;
  }
  if (error instanceof Error && error.name === "Findings") return exit.findings;
  if (error instanceof Error && error.name === "Interrupted") {
    return "signal" in error && error.signal === "SIGTERM" ? exit.terminated : exit.interrupted;
  }
  const known = environmentError(error);
  if (known !== undefined) {
    complain(known.code, known.message);
    return exit.environment;
  }
  process.stderr.write(internalError(error, argv, paint));
  return exit.internal;
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

/** `retrain ledger show | head`: whoever read our output has seen enough. The error comes after the write, so the listener stays. */
function surviveBrokenPipe(): void {
  if (process.stdout.listeners("error").includes(onBrokenPipe)) return;
  process.stdout.on("error", onBrokenPipe);
}

function onBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit(exit.done);
}
