import { type Command, InvalidArgumentError } from "commander";

export type CheckFormat = "pretty" | "compact" | "json" | "sarif" | "github" | "gitlab" | "junit";

/** Diagnostics shown to a person where the command line does not say how many. */
export const SHOWN = 100;

const FORMATS: readonly CheckFormat[] = ["pretty", "compact", "json", "sarif", "github", "gitlab", "junit"];

/** One way in which diagnostics are written; to standard output where there is no file. */
export interface Output {
  readonly format: CheckFormat;
  readonly file?: string;
}

/** Adds `--format` and `--output`, which may be repeated: an output belongs to the format before it. Returns what was asked for. */
export function outputOptions(command: Command): () => readonly Output[] {
  const outputs: { format: CheckFormat; file?: string }[] = [];
  command.option("--format <format>", `${FORMATS.join(", ")}; may be repeated (default: "pretty")`, (text: string) => {
    const format = FORMATS.find((one) => one === text);
    if (format === undefined) throw new InvalidArgumentError(`It must be one of: ${FORMATS.join(", ")}.`);
    if (outputs.some((one) => one.file === undefined)) {
      throw new InvalidArgumentError("Only one format can go to standard output: give the one before an --output.");
    }
    outputs.push({ format });
    return format;
  });
  command.option("-o, --output <file>", "write the --format before it to this file", (file: string) => {
    const last = outputs.at(-1);
    if (last === undefined || last.file !== undefined) {
      throw new InvalidArgumentError("It stands after the --format that it is for.");
    }
    last.file = file;
    return file;
  });
  return () => (outputs.length === 0 ? [{ format: "pretty" }] : outputs);
}
