import { resolve } from "node:path";
import type { Command } from "commander";
import { type ColorChoice, type Paint, painter, usesColor } from "./terminal.ts";

/** What the global flags say, and where output goes: data on stdout, everything else on stderr. */
export interface Session {
  /** Absolute folder in which the command works. */
  readonly folder: string;
  /** `--config`, absolute. */
  readonly config: string | undefined;
  /** `--environment`. */
  readonly environment: string | undefined;
  readonly quiet: boolean;
  /** How often `-v` was given. */
  readonly verbose: number;
  readonly paint: Paint;
  readonly errorPaint: Paint;
  /** A line of data. */
  readonly print: (line: string) => void;
  /** A line about the work; left out under `--quiet`. */
  readonly say: (line: string) => void;
}

interface GlobalOptions {
  cwd?: string;
  config?: string;
  environment?: string;
  color: ColorChoice;
  quiet?: boolean;
  verbose?: number;
}

/** Reads the global flags of the command that runs. */
export function sessionOf(command: Command): Session {
  const options = command.optsWithGlobals<GlobalOptions>();
  const folder = resolve(options.cwd ?? ".");
  const quiet = options.quiet ?? false;
  return {
    folder,
    config: options.config === undefined ? undefined : resolve(folder, options.config),
    environment: options.environment,
    quiet,
    verbose: options.verbose ?? 0,
    paint: painter(usesColor(options.color, process.env, process.stdout.isTTY === true)),
    errorPaint: painter(usesColor(options.color, process.env, process.stderr.isTTY === true)),
    print: (line) => void process.stdout.write(`${line}\n`),
    say: (line) => {
      if (!quiet) process.stderr.write(`${line}\n`);
    },
  };
}
