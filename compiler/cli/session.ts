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
  readonly verbose: boolean;
  /** Whether standard output has colours, and how to paint for it. */
  readonly color: boolean;
  readonly paint: Paint;
  /** The same of standard error. */
  readonly errorColor: boolean;
  readonly errorPaint: Paint;
  /** Width of the terminal, 40 to 120 columns; 80 where there is none. */
  readonly columns: number;
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
  verbose?: boolean;
}

/** Reads the global flags of the command that runs. */
export function sessionOf(command: Command): Session {
  const options = command.optsWithGlobals<GlobalOptions>();
  const folder = resolve(options.cwd ?? ".");
  const quiet = options.quiet ?? false;
  const color = usesColor(options.color, process.env, process.stdout.isTTY === true);
  const errorColor = usesColor(options.color, process.env, process.stderr.isTTY === true);
  const columns = process.stdout.columns ?? process.stderr.columns ?? 80;
  return {
    folder,
    config: options.config === undefined ? undefined : resolve(folder, options.config),
    environment: options.environment,
    quiet,
    verbose: options.verbose ?? false,
    color,
    paint: painter(color),
    errorColor,
    errorPaint: painter(errorColor),
    columns: Math.min(Math.max(columns, 40), 120),
    print: (line) => void process.stdout.write(`${line}\n`),
    say: (line) => {
      if (!quiet) process.stderr.write(`${line}\n`);
    },
  };
}
