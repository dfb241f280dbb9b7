import { Command, Option } from "commander";
import { version } from "./version.ts";

/** Adds one command to the program. Its action imports what it needs when it runs, so that `--help` stays fast. */
export type Register = (program: Command, setExit: (code: number) => void) => void;

/** The whole command line: global flags, and one file a command. */
export function makeProgram(setExit: (code: number) => void): Command {
  const program = new Command("retrain")
    .description("Checks .retrain policies, compiles them to pipelines, and runs them on this machine.")
    .version(version(), "--version", "print the version")
    .option("-C, --cwd <dir>", "work in this folder")
    .option("--config <file>", "use this configuration instead of the nearest retrain.config.yaml")
    .option("-e, --environment <name>", "environment of the configuration (default: the only one, or `local`)")
    .addOption(new Option("--color <when>", "when to use colour").choices(["auto", "always", "never"]).default("auto"))
    .option("-q, --quiet", "say less")
    .addOption(
      new Option("-v, --verbose", "say more (repeat for more still)").argParser(
        (_value, before: number | undefined) => (before ?? 0) + 1,
      ),
    )
    .showSuggestionAfterError(true)
    .showHelpAfterError("(add --help for usage)")
    .exitOverride();
  for (const register of commands) register(program, setExit);
  for (const command of program.commands) command.exitOverride();
  return program;
}

const commands: readonly Register[] = [];
