import type { z } from "zod";
import { examples } from "../examples.ts";
import type { Register } from "../program.ts";
import type { Plain } from "../schemas/plain.ts";
import type { StatusOutput } from "../schemas/status.ts";
import { sessionOf } from "../session.ts";
import { oneOf } from "../values.ts";

/** `retrain status`: where each policy stands. */
export const status: Register = (program) => {
  program
    .command("status [policy]")
    .summary("tell where policies stand")
    .description("tell the champion, the run under way, open causes, the breaker and what is due next")
    .option("--format <format>", "text or json", oneOf("text", "json"), "text")
    .addHelpText("after", examples("status", "status flight_delays --format json"))
    .action(async (policy: string | undefined, options: { format: "text" | "json" }, self) => {
      const session = sessionOf(self);
      const [{ chainNamed, withView }, { policyNow }, { policyStatus }, { statusText }, { nextTick }] =
        await Promise.all([
          import("../environment.ts"),
          import("../policy-clock.ts"),
          import("../policy-status.ts"),
          import("../status-text.ts"),
          import("../next-tick.ts"),
        ]);
      await withView(session, policy, async (view) => {
        const chains =
          policy === undefined
            ? (await view.ledger.chains()).filter((chain) => chain.startsWith(`${view.environment}/`))
            : [await chainNamed(view, policy)];
        const position = await policyNow(view.project, view.environment, view.ledger);
        const now = position ?? Date.now();
        const found = await Promise.all(
          chains.map(async (chain) => ({
            ...(await policyStatus(view.ledger, chain, now)),
            nextTick: await nextTick(view, chain, now),
          })),
        );
        const isRehearsal = view.project.config.environments[view.environment]?.clock !== undefined;
        const clock = { kind: isRehearsal ? "rehearsal" : "real", at: new Date(now).toISOString() } as const;
        if (options.format === "json") {
          const { environment } = view;
          const told = { schema: "retrain.status/1", environment, clock, policies: found } satisfies Plain<
            z.infer<typeof StatusOutput>
          >;
          session.print(JSON.stringify(told, null, 2));
        } else session.print(statusText(session, view.environment, clock, found));
      });
    });
};
