import { type Argument, Command, Option } from "commander";
import { version } from "./version.ts";

/** The command line without commands: what every one of them shares. Nothing of the surroundings is read before a help is shown. */
export function bareProgram(): Command {
  return new Command("retrain")
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
      get helpWidth() {
        return Math.min(process.stdout.columns ?? 80, 100);
      },
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
}

function argumentText(argument: Argument): string {
  const name = argument.variadic ? `${argument.name()}...` : argument.name();
  return argument.required ? `<${name}>` : `[${name}]`;
}
