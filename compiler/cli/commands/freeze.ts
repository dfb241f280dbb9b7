import { Failure } from "../../driver/failure.ts";
import { examples } from "../examples.ts";
import type { FreezeOrder } from "../freeze-order.ts";
import type { Register } from "../program.ts";
import { type Session, sessionOf } from "../session.ts";
import { instant, oneOf } from "../values.ts";

interface Options {
  all?: boolean;
  until: number;
  scope: "all" | "rollout";
  because: string;
}

/** `retrain freeze`: starts no run and moves no rollout for a while. */
export const freeze: Register = (program) => {
  program
    .command("freeze [policy]")
    .summary("start nothing and move nothing for a while")
    .description(
      "start no run and move no rollout of a policy, or of all, until an instant; a rollout in flight keeps its share, its longest time stands still, and a rollback is never frozen",
    )
    .option("--all", "all policies of the environment")
    .requiredOption("--until <instant>", "when it ends, on the policies' clock", instant)
    .option("--scope <scope>", "all, or rollout: then runs still start", oneOf("all", "rollout"), "all")
    .requiredOption("--because <text>", "why; goes into the ledger")
    .addHelpText(
      "after",
      examples(
        'freeze fraud_scorer --until 2026-12-01 --because "peak season"',
        'freeze --all --until 2026-12-01T06:00Z --scope rollout --because "migration"',
      ),
    )
    .action(async (policy: string | undefined, { all, until, scope, because }: Options, self) => {
      await order(sessionOf(self), policy, all ?? false, { command: "freeze", scope, until, because });
    });
};

/** `retrain unfreeze`: ends the freezes that people set. */
export const unfreeze: Register = (program) => {
  program
    .command("unfreeze [policy]")
    .summary("end the freezes set by hand")
    .description("end the freezes that were set by hand; those that policies declare are not touched")
    .option("--all", "all policies of the environment")
    .option("--because <text>", "why; goes into the ledger")
    .addHelpText("after", examples("unfreeze fraud_scorer", 'unfreeze --all --because "migration done"'))
    .action(async (policy: string | undefined, options: { all?: boolean; because?: string }, self) => {
      const because = options.because ?? "";
      await order(sessionOf(self), policy, options.all ?? false, { command: "unfreeze", because });
    });
};

async function order(session: Session, policy: string | undefined, all: boolean, what: FreezeOrder): Promise<void> {
  if (all === (policy !== undefined)) {
    const message = all ? "a policy and --all were both given" : "which policy is meant?";
    throw new Failure("usage", "usage/which-policy", message, "Name a policy, or say --all.");
  }
  const { writeFreeze } = await import("../freeze-order.ts");
  for (const line of await writeFreeze(session, policy, what)) session.print(line);
}
