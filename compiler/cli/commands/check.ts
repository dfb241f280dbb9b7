import { Option } from "commander";
import type { Severity } from "../../../language/diagnostics/diagnostic.ts";
import { examples } from "../examples.ts";
import { outputOptions, SHOWN } from "../outputs.ts";
import type { Register } from "../program.ts";
import { sessionOf } from "../session.ts";
import { oneOf, wholeNumber } from "../values.ts";

export interface CheckOptions {
  failLevel: Severity;
  maxDiagnostics?: number;
  fix?: boolean;
  writeBaseline?: boolean;
  watch?: boolean;
}

/** `retrain check`: names, units, types and rules of policies. */
export const check: Register = (program, setExit) => {
  const command = program
    .command("check [paths...]")
    .summary("check policies")
    .description("check the names, units, types and rules of policies; files, folders, or what the configuration lists")
    .option(
      "--fail-level <level>",
      "exit with 1 from this on: error, warning, info",
      oneOf("error", "warning", "info"),
      "error",
    )
    .option(
      "--max-diagnostics <n>",
      `show at most n, the weightiest (default: ${SHOWN} of pretty, else all)`,
      wholeNumber,
    )
    .option("--fix", "apply the fixes that leave no choice, and check again")
    .option("--write-baseline", "write what is found, except errors, to .retrain-baseline.json: it is not shown again");
  command.addOption(
    new Option("--watch", "check again whenever a file changes, until Ctrl-C").conflicts(["fix", "writeBaseline"]),
  );
  const outputs = outputOptions(command);
  command
    .addHelpText("after", examples("check", "check policies --format pretty --format json --output check.json"))
    .action(async (paths: string[], options: CheckOptions, self) => {
      const { checkFiles } = await import("../check-files.ts");
      const session = sessionOf(self);
      if (options.watch) {
        const { watchCheck } = await import("../watch-check.ts");
        await watchCheck(session, paths, outputs(), options);
      } else setExit(await checkFiles(session, paths, outputs(), options));
    });
};
