import { examples } from "../examples.ts";
import type { Register } from "../program.ts";
import { sessionOf } from "../session.ts";

/** `retrain rollback`: takes the newest rollout back. */
export const rollback: Register = (program) => {
  program
    .command("rollback <policy>")
    .summary("take the newest rollout back")
    .description("take the newest rollout back: to the champion before it, or to another version")
    .option("--to <version>", "go back to this version of the registry")
    .requiredOption("--because <text>", "why; goes into the ledger")
    .addHelpText(
      "after",
      examples(
        'rollback flight_delays --because "wrong answers"',
        'rollback fraud_scorer --to 7 --because "incident 812"',
      ),
    )
    .action(async (policy: string, options: { to?: string; because: string }, self) => {
      const session = sessionOf(self);
      const { writeCommand } = await import("../run-command.ts");
      session.print(await writeCommand(session, policy, { command: "rollback", ...options }));
    });
};
