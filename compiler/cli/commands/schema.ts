import { examples } from "../examples.ts";
import type { Register } from "../program.ts";
import { sessionOf } from "../session.ts";

/** `retrain schema`: the JSON Schemas of files and outputs. */
export const schema: Register = (program) => {
  program
    .command("schema [name]")
    .summary("print the JSON Schema of a file or an output")
    .description("print the JSON Schema of a file or of a command's JSON; without a name, list what there is")
    .addHelpText("after", examples("schema", "schema config > retrain.config.schema.json"))
    .action(async (name: string | undefined, _options: unknown, self) => {
      const session = sessionOf(self);
      const [{ publishedSchemas, schemaText }, { Failure }, { suggest }] = await Promise.all([
        import("../schemas/published.ts"),
        import("../../driver/failure.ts"),
        import("../../../language/diagnostics/suggest.ts"),
      ]);
      const all = publishedSchemas();
      if (name === undefined) {
        for (const one of all) session.print(`${one.name.padEnd(13)} ${one.of}`);
        return;
      }
      const found = all.find((one) => one.name === name);
      if (found === undefined) {
        const names = all.map((one) => one.name);
        const near = suggest(name, names);
        const help = near === undefined ? `There are: ${names.join(", ")}.` : `Did you mean \`${near}\`?`;
        throw new Failure("usage", "usage/unknown-schema", `there is no schema \`${name}\``, help);
      }
      session.print(schemaText(found).trimEnd());
    });
};
