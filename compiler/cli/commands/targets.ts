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
    .command("targets [name]")
    .summary("list what each engine can hold")
    .description("list the targets, and what of the language each of them holds, emulates or refuses")
    .option("--format <format>", "text or json", oneOf("text", "json"), "text")
    .addHelpText("after", examples("targets", "targets local --format json"))
    .action(async (name: string | undefined, options: { format: "text" | "json" }, self) => {
      const session = sessionOf(self);
      const [{ targets: all }, { Failure }, { wrapAfter }] = await Promise.all([
        import("../../../targets/registry.ts"),
        import("../../driver/failure.ts"),
        import("../wrap.ts"),
      ]);
      const wanted = [...all.values()].filter((target) => name === undefined || target.name === name);
      if (wanted.length === 0) {
        const known = `There are: ${[...all.keys()].join(", ")}.`;
        throw new Failure("usage", "usage/unknown-target", `there is no target \`${name}\``, known);
      }
      if (options.format === "json") {
        const list = wanted.map(({ name, capabilities }) => ({ name, capabilities }));
        const told = { schema: "retrain.targets/1", targets: list } satisfies Plain<z.infer<typeof TargetsOutput>>;
        session.print(JSON.stringify(told, null, 2));
        return;
      }
      const colors = { native: "green", emulated: "yellow", refused: "red" } as const;
      for (const target of wanted) {
        session.print(session.paint("bold", target.name));
        for (const { construct, support, how } of target.capabilities) {
          const word = session.paint(colors[support], support.padEnd(9));
          session.print(wrapAfter(`  ${word} ${construct.padEnd(24)} `, 37, how, session.columns));
        }
      }
    });
};
