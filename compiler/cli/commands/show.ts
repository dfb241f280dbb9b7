import type { z } from "zod";
import { examples } from "../examples.ts";
import type { Register } from "../program.ts";
import type { Plain } from "../schemas/plain.ts";
import type { ShowOutput } from "../schemas/show.ts";
import { sessionOf } from "../session.ts";
import { oneOf, wholeNumber } from "../values.ts";

interface Options {
  next: number;
  tz?: string;
  format: "text" | "json";
}

/** `retrain show`: a policy read out sentence by sentence, and everything resolved. */
export const show: Register = (program) => {
  program
    .command("show [policy]")
    .summary("read a policy out in plain English")
    .description(
      "read a policy out in plain English, sentence by sentence, then list its defaults, next times, gates and stages",
    )
    .option("--next <n>", "list the next n scheduled times", wholeNumber, 10)
    .option("--tz <zone>", "write times in this zone (default: the schedule's own)")
    .option("--format <format>", "text or json", oneOf("text", "json"), "text")
    .addHelpText("after", examples("show flight_delays", "show policies/fraud.retrain --next 3 --tz Europe/Berlin"))
    .action(async (policy: string | undefined, options: Options, self) => {
      const session = sessionOf(self);
      const [{ shownPolicy }, { shownText }] = await Promise.all([
        import("../shown-policy.ts"),
        import("../shown-text.ts"),
      ]);
      const shown = await shownPolicy(session, policy, { next: options.next, zone: options.tz, now: Date.now() });
      session.print(
        options.format === "json"
          ? JSON.stringify({ schema: "retrain.show/1", ...shown } satisfies Plain<z.infer<typeof ShowOutput>>, null, 2)
          : shownText(shown, session.paint, session.columns),
      );
    });
};
