import type {
  CheckedCause,
  CheckedFreeze,
  CheckedSingleCause,
  CheckedTrigger,
} from "../../language/semantics/checked/trigger.ts";
import type { Cause, Monitor, SingleCause } from "../plan/monitor.ts";
import { lowerTest } from "./conditions.ts";
import type { Places } from "./places.ts";

function lowerSingle(cause: CheckedSingleCause, places: Places): SingleCause {
  if (cause.kind === "drift" || cause.kind === "decay") {
    const { span, ...rest } = cause;
    return { ...rest, place: places(span), test: lowerTest(cause.test) };
  }
  const { span, ...rest } = cause;
  return { ...rest, place: places(span) };
}

function lowerCause(cause: CheckedCause, places: Places): Cause {
  if (cause.kind !== "group") return lowerSingle(cause, places);
  const { span, members, ...rest } = cause;
  return { ...rest, place: places(span), members: members.map((member) => lowerSingle(member, places)) };
}

/** When to retrain, for the monitor's tick. */
export function lowerMonitor(trigger: CheckedTrigger, freezes: readonly CheckedFreeze[], places: Places): Monitor {
  const { causes, cooldown, budget, breaker, missing, every, check, settle, grace, queue } = trigger;
  return {
    every,
    check,
    causes: causes.map((cause) => lowerCause(cause, places)),
    settle,
    grace,
    queue,
    cooldown: { ...cooldown },
    ...(budget === undefined ? {} : { budget: { ...budget } }),
    breaker: { ...breaker },
    missing: { ...missing },
    freezes: freezes.map(({ span, ...freeze }) => ({ ...freeze, place: places(span) })),
  };
}
