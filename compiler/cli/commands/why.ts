import type { z } from "zod";
import type { MonitorState } from "../../../runtime/triggers/state.ts";
import { examples } from "../examples.ts";
import type { Register } from "../program.ts";
import type { Plain } from "../schemas/plain.ts";
import type { WhyOutput } from "../schemas/why.ts";
import { sessionOf } from "../session.ts";
import { oneOf, wholeNumber } from "../values.ts";

/** `retrain why`: what fired, what was suppressed and why, and what each cause said last. */
export const why: Register = (program) => {
  program
    .command("why [policy]")
    .summary("tell why a run started, or did not")
    .description("tell why a policy started a run, or why it did not")
    .option("--limit <n>", "only the newest n firings and suppressions", wholeNumber, 20)
    .option("--format <format>", "text or json", oneOf("text", "json"), "text")
    .addHelpText("after", examples("why flight_delays", "why flight_delays --format json"))
    .action(async (policy: string | undefined, options: { limit: number; format: "text" | "json" }, self) => {
      const session = sessionOf(self);
      const [{ chainNamed, withView }, { recordText }, { instantText, wrap }] = await Promise.all([
        import("../environment.ts"),
        import("../record-text.ts"),
        import("../wrap.ts"),
      ]);
      await withView(session, policy, async (view) => {
        const chain = await chainNamed(view, policy);
        const kinds = ["firing", "suppressed", "run_ended"] as const;
        const records = [...(await view.ledger.list({ chain, kinds, newest: true, limit: options.limit }))].reverse();
        const [tick] = await view.ledger.list({
          chain,
          kinds: ["tick", "firing", "suppressed"],
          newest: true,
          limit: 1,
        });
        const state = (tick?.body as { state?: MonitorState } | undefined)?.state;
        if (options.format === "json") {
          const told = { schema: "retrain.why/1", chain, records, state: state ?? null } satisfies Plain<
            z.infer<typeof WhyOutput>
          >;
          session.print(JSON.stringify(told, null, 2));
          return;
        }
        for (const record of records) session.print(recordText(record, session.paint));
        if (records.length === 0) session.print("nothing has fired or been suppressed yet");
        if (state === undefined || tick === undefined) return;
        session.print("");
        session.print(session.paint("bold", `Causes at the last tick, ${instantText(tick.at)}`));
        for (const condition of state.conditions) session.print(wrap(`- ${condition.text}: ${condition.sentence}`, 2));
        const open = state.episodes.filter((episode) => episode.servedBy === null);
        for (const episode of open) {
          session.print(wrap(`- open since ${instantText(episode.openedAt)}, not served: ${episode.sentence}`, 2));
        }
        if (state.breaker.openUntil !== null) {
          session.print(
            wrap(`- the breaker is open until ${instantText(state.breaker.openUntil)}: no run starts before`, 2),
          );
        }
      });
    });
};
