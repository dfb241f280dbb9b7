import { examples } from "../examples.ts";
import type { Register } from "../program.ts";
import { sessionOf } from "../session.ts";

export interface InitOptions {
  force?: boolean;
  dryRun?: boolean;
}

/** `retrain init`: the files to begin with. */
export const init: Register = (program) => {
  program
    .command("init [dir]")
    .summary("write a first policy and its surroundings")
    .description("write a configuration, a first policy that checks, a CI workflow and a pre-commit entry")
    .option("--force", "replace files that are there")
    .option("--dry-run", "write nothing; say what would be written")
    .addHelpText("after", examples("init", "init fraud --dry-run"))
    .action(async (dir: string | undefined, options: InitOptions, self) => {
      const { initialise } = await import("../starter.ts");
      await initialise(sessionOf(self), dir ?? ".", options);
    });
};
