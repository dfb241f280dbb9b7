import type { Span } from "../text/source.ts";
import { singleCauses } from "./blocks/trigger.ts";
import type { CheckedProgram } from "./checked/condition.ts";
import type { CheckedRollout } from "./checked/rollout.ts";
import type { CheckedTrigger } from "./checked/trigger.ts";
import type { Collector } from "./collector.ts";
import { mostWithin, shortestInterval } from "./schedule.ts";
import { duration } from "./wording.ts";

/** Compares how often a policy wants to run with what its own parts allow. */
export function checkCadence(
  trigger: CheckedTrigger,
  rollout: CheckedRollout | undefined,
  gates: readonly CheckedProgram[],
  place: { readonly trigger: Span; readonly budget?: Span; readonly cooldown?: Span },
  out: Collector,
): void {
  const causes = singleCauses(trigger);
  const schedules = causes.filter((cause) => cause.kind === "schedule");
  const full = rollout?.stages.find((stage) => stage.kind === "live" && stage.share === 1);
  for (const schedule of schedules) {
    const interval = shortestInterval(schedule.cron);
    if (interval === undefined) continue;
    const shortest = duration(interval);
    const run = (rollout?.stages ?? []).reduce((sum, stage) => sum + stage.atLeast, 0) + (full?.watch ?? 0);
    if (run > interval) {
      out.report("trigger/slower-than-schedule", schedule.span, { run: duration(run), interval: shortest });
    } else if (full?.keepChampion !== undefined && full.keepChampion > interval) {
      out.report(
        "rollout/keep-over-schedule",
        full.span,
        { keep: duration(full.keepChampion), interval: shortest },
        { labels: [{ span: schedule.span, text: "fires here" }] },
      );
    }
    const { promotion } = trigger.cooldown;
    if (promotion > interval) {
      out.report("trigger/cooldown-over-schedule", place.cooldown ?? schedule.span, {
        cooldown: duration(promotion),
        interval: shortest,
      });
    }
    const { budget } = trigger;
    if (budget?.runs !== undefined) {
      const needed = mostWithin(schedule.cron, budget.per);
      if (needed > budget.runs) {
        out.report("trigger/budget-below-schedule", place.budget ?? schedule.span, {
          budget: budget.runs,
          per: duration(budget.per),
          needed,
        });
      }
    }
  }
  if (schedules.length > 0 && causes.length === schedules.length) lintSuperiority(gates, out);
}

/** `better than` on a schedule over nearly the same rows refuses most runs. */
function lintSuperiority(gates: readonly CheckedProgram[], out: Collector): void {
  for (const gate of gates) {
    for (const item of gate.requirements) {
      if (item.kind !== "requirement" || item.role !== "require") continue;
      if (item.test.kind !== "comparison" || item.test.claim !== "better" || item.test.left.kind !== "prediction")
        continue;
      out.report("gate/superiority-on-schedule", item.span, { measure: `challenger.${item.test.left.metric}` });
    }
  }
}
