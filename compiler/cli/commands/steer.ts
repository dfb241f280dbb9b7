import type { Command } from "commander";
import { examples } from "../examples.ts";
import type { Register } from "../program.ts";
import { sessionOf } from "../session.ts";

const BECAUSE = "why; goes into the ledger";
const AS = "the name to sign with (default: the login name); the record says that it is only claimed";

async function steer(
  command: "approve" | "deny" | "hold" | "resume",
  subject: string,
  { because, as }: { readonly because?: string; readonly as?: string },
  self: Command,
) {
  const session = sessionOf(self);
  const { writeCommand } = await import("../run-command.ts");
  session.print(
    await writeCommand(session, subject, { command, because: because ?? "", ...(as === undefined ? {} : { as }) }),
  );
}

/** `retrain approve`: lets a run that waits for an approval go on. */
export const approve: Register = (program) => {
  program
    .command("approve <run>")
    .summary("approve a run that waits for it")
    .description("approve a run that waits for it; the run's name, or the policy's for the one under way")
    .option("--because <text>", BECAUSE)
    .option("--as <name>", AS)
    .addHelpText(
      "after",
      examples("approve fraud_scorer-1a2b3c4d", 'approve fraud_scorer --because "looked at the slices"'),
    )
    .action((run: string, options: { because?: string; as?: string }, self) => steer("approve", run, options, self));
};

/** `retrain deny`: ends a run that waits for an approval. */
export const deny: Register = (program) => {
  program
    .command("deny <run>")
    .summary("deny a run that waits for approval")
    .description("deny a run that waits for an approval: its rollout ends and the champion stays")
    .requiredOption("--because <text>", BECAUSE)
    .addHelpText(
      "after",
      examples('deny fraud_scorer-1a2b3c4d --because "wrong labels"', 'deny fraud_scorer --because "peak season"'),
    )
    .action((run: string, options: { because: string }, self) => steer("deny", run, options, self));
};

/** `retrain hold`: keeps a rollout at its share. */
export const hold: Register = (program) => {
  program
    .command("hold <run>")
    .summary("keep a rollout at its share")
    .description("keep a rollout at its share until it is resumed; rollback conditions are still judged")
    .option("--because <text>", BECAUSE)
    .addHelpText("after", examples("hold fraud_scorer-1a2b3c4d", 'hold fraud_scorer --because "incident 812"'))
    .action((run: string, options: { because?: string }, self) => steer("hold", run, options, self));
};

/** `retrain resume`: lets a held rollout go on, or closes a policy's breaker. */
export const resume: Register = (program) => {
  program
    .command("resume <run>")
    .summary("let a held rollout go on, or close the breaker")
    .description("let a held rollout go on; with a policy's name while nothing is held, close its breaker")
    .option("--because <text>", BECAUSE)
    .addHelpText("after", examples("resume fraud_scorer-1a2b3c4d", 'resume fraud_scorer --because "feed corrected"'))
    .action((run: string, options: { because?: string }, self) => steer("resume", run, options, self));
};
