import type { Severity } from "../../../language/diagnostics/diagnostic.ts";
import { examples } from "../examples.ts";
import { exit } from "../exit.ts";
import { outputOptions } from "../outputs.ts";
import type { Register } from "../program.ts";
import { sessionOf } from "../session.ts";
import { oneOf, wholeNumber } from "../values.ts";

interface Options {
  failLevel: Severity;
  maxDiagnostics?: number;
}

/** Diagnostics shown to a person where the command line does not say how many. */
const SHOWN = 100;

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };

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
    );
  const outputs = outputOptions(command);
  command
    .addHelpText("after", examples("check", "check policies --format pretty --format json --output check.json"))
    .action(async (paths: string[], options: Options, self) => {
      const session = sessionOf(self);
      const [{ openProject }, { checkProject, policyFiles }, { asSeenFrom }, { writeDiagnostics }, { tally }] =
        await Promise.all([
          import("../open-project.ts"),
          import("../../driver/check-project.ts"),
          import("../findings.ts"),
          import("../write-diagnostics.ts"),
          import("../tally.ts"),
        ]);
      const project = await openProject(session, paths.length === 1 ? paths[0] : undefined);
      const { policies, ...found } = checkProject(project, policyFiles(project, session.folder, paths), Date.now());
      if (session.verbose) for (const file of found.files) session.say(`read ${file}`);
      const shown = asSeenFrom(session.folder, project.root, found);
      for (const output of outputs()) {
        const limit = options.maxDiagnostics ?? (output.format === "pretty" ? SHOWN : Number.POSITIVE_INFINITY);
        await writeDiagnostics(session, shown, output, limit);
      }
      session.say(tally(session, policies.length, found.diagnostics));
      if (found.diagnostics.some((one) => RANK[one.severity] >= RANK[options.failLevel])) setExit(exit.findings);
    });
};
