import type { z } from "zod";
import { examples } from "../examples.ts";
import { exit } from "../exit.ts";
import type { Register } from "../program.ts";
import type { Plain } from "../schemas/plain.ts";
import type { DoctorOutput } from "../schemas/surroundings.ts";
import { sessionOf } from "../session.ts";
import { oneOf } from "../values.ts";

/** `retrain doctor`: what of the surroundings works. */
export const doctor: Register = (program, setExit) => {
  program
    .command("doctor")
    .summary("look whether everything needed works")
    .description("look whether Node, configuration, policies, ledger, model server, disk and permissions work")
    .option("--format <format>", "text or json", oneOf("text", "json"), "text")
    .addHelpText("after", examples("doctor", "doctor -e staging --format json"))
    .action(async (options: { format: "text" | "json" }, self) => {
      const session = sessionOf(self);
      const [{ examine }, { wrap, wrapAfter }] = await Promise.all([import("../examination.ts"), import("../wrap.ts")]);
      const findings = await examine(session);
      const problems = findings.filter((one) => one.state === "problem").length;
      if (options.format === "json") {
        const told = { schema: "retrain.doctor/1", findings } satisfies Plain<z.infer<typeof DoctorOutput>>;
        session.print(JSON.stringify(told, null, 2));
      } else {
        const styles = { ok: "green", problem: "red", note: "cyan" } as const;
        for (const { state, what, sentence, help } of findings) {
          const head = `${session.paint(styles[state], state.padEnd(8))} ${session.paint("bold", what.padEnd(15))} `;
          session.print(wrapAfter(head, 25, sentence, session.columns));
          if (help !== undefined) session.print(wrap(help, 25, session.columns));
        }
      }
      session.say(problems === 0 ? "no problem found" : `${problems} ${problems === 1 ? "problem" : "problems"} found`);
      if (problems > 0) setExit(exit.findings);
    });
};
