import { examples } from "../examples.ts";
import type { Register } from "../program.ts";
import { sessionOf } from "../session.ts";
import { instant } from "../values.ts";
import { version } from "../version.ts";

/** `retrain watch`: the monitor on this machine. */
export const watch: Register = (program) => {
  program
    .command("watch [policy]")
    .summary("start runs when the triggers say so")
    .description("evaluate the policy's triggers when they are due, and carry out the runs that they start")
    .option(
      "--until <instant>",
      "stop when the policy's clock has reached this instant and no run is under way",
      instant,
    )
    .addHelpText("after", examples("watch flight_delays", "watch flight_delays --until 2001-04-16"))
    .action(async (policy: string | undefined, options: { until?: number }, self) => {
      const session = sessionOf(self);
      const [{ openPolicy }, { openEngine }, { watch: watchPolicy }, { interruptible }] = await Promise.all([
        import("../open-policy.ts"),
        import("../../../runtime/engine/engine.ts"),
        import("../../../runtime/engine/watch.ts"),
        import("../interruption.ts"),
      ]);
      const { plan, root } = await openPolicy(session, policy);
      await interruptible(session.say, async (signal) => {
        const engine = await openEngine(plan, root, version(), session.say);
        try {
          await watchPolicy(engine, {
            signal,
            ...(options.until === undefined ? {} : { until: options.until }),
            ended: (run, end) => session.print(`${run}: ${end.outcome.replaceAll("_", " ")}: ${end.sentence}`),
          });
        } finally {
          await engine.close();
        }
      });
    });
};
