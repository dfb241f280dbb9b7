import type { z } from "zod";
import { examples } from "../examples.ts";
import type { Register } from "../program.ts";
import type { Plain } from "../schemas/plain.ts";
import type { TargetsOutput } from "../schemas/surroundings.ts";
import { sessionOf } from "../session.ts";
import { oneOf } from "../values.ts";

/** `retrain targets`: what each engine holds, and how. */
export const targets: Register = (program) => {
  program
    .command("targets [target] [construct]")
    .summary("list what each engine can hold")
    .description(
      "print what of the language each engine holds, emulates or refuses; with a target how, with a construct (`spot`, `disk of a step`) what is said of it",
    )
    .option("--format <format>", "text or json", oneOf("text", "json"), "text")
    .addHelpText("after", examples("targets", "targets kfp disk"))
    .action(
      async (name: string | undefined, construct: string | undefined, options: { format: "text" | "json" }, self) => {
        const session = sessionOf(self);
        const [{ targets: all }, { rowsOf }, { chooseRows }, { printCell, printColumn, printMatrix }] =
          await Promise.all([
            import("../../../targets/registry.ts"),
            import("../../../targets/shared/table.ts"),
            import("../choose-capability.ts"),
            import("../capability-table.ts"),
          ]);
        const columns = chooseRows(new Map([...all].map(([key, target]) => [key, rowsOf(target)])), name, construct);
        if (options.format === "json") {
          const list = [...columns].map(([name, capabilities]) => ({ name, capabilities }));
          const told = { schema: "retrain.targets/1", targets: list } satisfies Plain<z.infer<typeof TargetsOutput>>;
          session.print(JSON.stringify(told, null, 2));
          return;
        }
        if (name === undefined) return printMatrix(session, columns);
        for (const [key, rows] of columns) {
          if (construct === undefined) printColumn(session, key, rows);
          else for (const row of rows) printCell(session, key, row);
        }
      },
    );
};
