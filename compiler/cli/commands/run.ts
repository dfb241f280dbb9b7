import type { z } from "zod";
import type { RunResult } from "../../../runtime/engine/run-now.ts";
import { Failure } from "../../driver/failure.ts";
import type { PipelinePlan } from "../../plan/plan.ts";
import { examples } from "../examples.ts";
import { exit } from "../exit.ts";
import type { Register } from "../program.ts";
import type { Plain } from "../schemas/plain.ts";
import type { RunOutput } from "../schemas/run.ts";
import { type Session, sessionOf } from "../session.ts";
import { oneOf } from "../values.ts";
import { version } from "../version.ts";

interface RunOptions {
  because?: string;
  exitCode?: boolean;
  format: "text" | "json";
}

/** `retrain run`: one retraining now, to the end of its watch. */
export const run: Register = (program, setExit) => {
  program
    .command("run [policy]")
    .summary("retrain now")
    .description(
      "retrain now, on this machine, and follow the rollout to the end of its watch; where an engine carries runs out, order one",
    )
    .option("--because <text>", "why a person starts it; goes into the ledger (required above risk low)")
    .option("--exit-code", "exit with 10 when the challenger was refused, 12 when it was rolled back")
    .option("--format <format>", "text or json", oneOf("text", "json"), "text")
    .addHelpText(
      "after",
      examples('run flight_delays --because "first model"', "run policies/fraud.retrain --exit-code"),
    )
    .action(async (policy: string | undefined, options: RunOptions, self) => {
      const session = sessionOf(self);
      if (await ordered(session, policy, options)) return;
      const [{ openPolicy }, { openEngine }, { runNow }, { interruptible }, { signature }] = await Promise.all([
        import("../open-policy.ts"),
        import("../../../runtime/engine/engine.ts"),
        import("../../../runtime/engine/run-now.ts"),
        import("../interruption.ts"),
        import("../signature.ts"),
      ]);
      const { plan, root } = await openPolicy(session, policy);
      requireReason(plan, options);
      const result = await interruptible(session.say, async (signal) => {
        const engine = await openEngine(plan, root, version(), session.say);
        try {
          return await runNow(engine, options.because ?? "started by hand", signal, signature().by);
        } finally {
          await engine.close();
        }
      });
      session.print(
        options.format === "json"
          ? JSON.stringify({ schema: "retrain.run/1", ...result } satisfies Plain<z.infer<typeof RunOutput>>, null, 2)
          : `${result.run}: ${result.outcome.replaceAll("_", " ")}: ${result.sentence}`,
      );
      setExit(exitOf(result, options.exitCode ?? false));
    });
};

/** Where an engine carries runs out, a run is ordered and not followed. */
async function ordered(session: Session, policy: string | undefined, options: RunOptions): Promise<boolean> {
  const [{ openProject }, { engineOf, orderRun, planOfPolicy }] = await Promise.all([
    import("../open-project.ts"),
    import("../order-run.ts"),
  ]);
  const project = await openProject(session, policy);
  const engine = engineOf(project, session.environment);
  if (engine === undefined) return false;
  if (options.exitCode === true || options.format === "json") {
    const message = `runs of this environment are carried out by ${engine}: this command only orders one`;
    throw new Failure("usage", "usage/only-ordered", message, "Leave out --exit-code and --format json.");
  }
  const plan = planOfPolicy(session, project, policy);
  requireReason(plan, options);
  session.print(await orderRun(project, plan, options.because ?? "started by hand"));
  return true;
}

function requireReason({ policy }: PipelinePlan, { because }: RunOptions): void {
  if (policy.risk === "low" || because !== undefined) return;
  const message = `policy \`${policy.name}\` has risk ${policy.risk}: a run by hand needs a reason`;
  throw new Failure("usage", "usage/because", message, 'Say why: --because "...".');
}

/** Refused and rolled back are normal ends; a broken run is a failure of the environment. */
function exitOf(result: RunResult, detailed: boolean): number {
  if (result.outcome === "failed" || result.outcome === "rollback_failed") return exit.environment;
  if (!detailed) return exit.done;
  if (result.outcome === "rolled_back") return exit.rolledBack;
  return result.outcome === "promoted" || result.outcome === "registered" ? exit.done : exit.refused;
}
