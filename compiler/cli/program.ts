import { type Argument, Command, Option } from "commander";
import { check } from "./commands/check.ts";
import { compile } from "./commands/compile.ts";
import { doctor } from "./commands/doctor.ts";
import { explain } from "./commands/explain.ts";
import { fmt } from "./commands/fmt.ts";
import { freeze, unfreeze } from "./commands/freeze.ts";
import { init } from "./commands/init.ts";
import { ledger } from "./commands/ledger.ts";
import { rollback } from "./commands/rollback.ts";
import { run } from "./commands/run.ts";
import { schema } from "./commands/schema.ts";
import { serve } from "./commands/serve.ts";
import { show } from "./commands/show.ts";
import { status } from "./commands/status.ts";
import { approve, deny, hold, resume } from "./commands/steer.ts";
import { targets } from "./commands/targets.ts";
import { watch } from "./commands/watch.ts";
import { why } from "./commands/why.ts";
import { version } from "./version.ts";

/** Adds one command to the program. Its action imports what it needs when it runs, so that `--help` stays fast. */
export type Register = (program: Command, setExit: (code: number) => void) => void;

const LOOK = "See what happened, and why:";

/** Commands in the order in which a person meets them. */
const groups: readonly (readonly [title: string, commands: readonly Register[]])[] = [
  ["Write policies:", [init, check, show, fmt, compile, targets]],
  ["Carry them out on this machine:", [run, watch, serve]],
  [LOOK, [status, why, ledger, explain, schema, doctor]],
  ["Decide by hand:", [approve, deny, hold, resume, rollback, freeze, unfreeze]],
];

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
    .option("-v, --verbose", "say more: files that are read, causes of errors")
    .helpOption("-h, --help", "show this help")
    .showSuggestionAfterError(true)
    .showHelpAfterError("(add --help for usage)")
    .configureHelp({
      helpWidth: Math.min(process.stdout.columns ?? 80, 100),
      styleTitle: (title) => `\u001b[1m${title}\u001b[22m`,
      subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(argumentText)].join(" "),
    })
    .addHelpText(
      "after",
      `
Examples:
  $ retrain init
  $ retrain check policies

Exit codes:
  0 done  1 findings  2 wrong usage or configuration  3 environment failed
  70 internal error  130, 143 interrupted`,
    )
    .exitOverride();
  program.addHelpCommand(
    new Command("help").argument("[command]").description("show the help of a command").helpGroup(LOOK),
  );
  for (const [title, commands] of groups) {
    program.commandsGroup(title);
    for (const register of commands) register(program, setExit);
  }
  return program;
}

function argumentText(argument: Argument): string {
  const name = argument.variadic ? `${argument.name()}...` : argument.name();
  return argument.required ? `<${name}>` : `[${name}]`;
}
