import { Option } from "commander";
import { examples } from "../examples.ts";
import type { Register } from "../program.ts";
import { sessionOf } from "../session.ts";

export interface CompileOptions {
  target?: string[];
  outDir?: string;
  check?: boolean;
  dryRun?: boolean;
  listFiles?: boolean;
  force?: boolean;
  prune?: boolean;
  verify?: boolean;
  format: "text" | "json";
}

/** `retrain compile`: writes what the targets run. */
export const compile: Register = (program, setExit) => {
  program
    .command("compile [policies...]")
    .summary("compile policies to pipelines")
    .description("compile policies to files of their targets; names, files, folders, or what the configuration lists")
    .option("-t, --target <names...>", "only these targets (default: those of the environment)")
    .option("-o, --out-dir <dir>", "write here instead of the configuration's `out`")
    .option("--check", "write nothing; exit with 1 when a file is missing, differs or is left over")
    .option("--dry-run", "write nothing; say what would be written")
    .option("--force", "also write over generated files that somebody edited, and remove them with --prune")
    .option("--prune", "remove generated files that nothing generates any more")
    .option("--verify", "read every generated file once more, as the engines' parsers do, before anything is written")
    .option("--list-files", "print the path of every generated file")
    .addOption(
      new Option("--format <format>", "text or json").choices(["text", "json"]).default("text").conflicts("listFiles"),
    )
    .addHelpText("after", examples("compile", "compile policies/fraud.retrain --target local --check"))
    .action(async (policies: string[], options: CompileOptions, self) => {
      const { compileFiles } = await import("../compile-files.ts");
      setExit(await compileFiles(sessionOf(self), policies, options));
    });
};
