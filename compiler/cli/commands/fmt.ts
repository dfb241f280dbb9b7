import { examples } from "../examples.ts";
import { exit } from "../exit.ts";
import type { Register } from "../program.ts";
import { sessionOf } from "../session.ts";

export interface FormatOptions {
  check?: boolean;
  diff?: boolean;
  stdin?: boolean;
  stdinFilename?: string;
}

/** `retrain fmt`: writes policies in the one way there is. */
export const fmt: Register = (program, setExit) => {
  program
    .command("fmt [paths...]")
    .summary("format policies")
    .description("format policies in place; what does not parse stays as it is, and comments are kept")
    .option("--check", "write nothing; exit with 1 when a file is not formatted")
    .option("--diff", "write nothing; show what would change")
    .option("--stdin", "format standard input to standard output")
    .option("--stdin-filename <name>", "name of standard input in messages")
    .addHelpText("after", examples("fmt", "fmt --check policies"))
    .action(async (paths: string[], options: FormatOptions, self) => {
      const session = sessionOf(self);
      const { formatFiles, formatInput } = await import("../format-files.ts");
      const clean = options.stdin ? await formatInput(session, options) : await formatFiles(session, paths, options);
      if (!clean) setExit(exit.findings);
    });
};
