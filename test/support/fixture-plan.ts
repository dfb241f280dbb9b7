import { readFileSync } from "node:fs";
import { join } from "node:path";
import { lower } from "../../compiler/lower/lower.ts";
import type { Bindings } from "../../compiler/plan/bindings.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import { checkText } from "./check-text.ts";
import { localBindings } from "./local-bindings.ts";

const policy = join(import.meta.dirname, "../../examples/flight_delays/flight_delays.retrain");

/** The plan of the flight delays example with bindings of one's own. */
export function fixturePlan(bindings: Partial<Bindings> = {}): PipelinePlan {
  return planOf(readFileSync(policy, "utf8"), { ...localBindings("flight-delays"), ...bindings });
}

/** The plan of the first policy of a text that is in order. */
export function planOf(text: string, bindings: Bindings): PipelinePlan {
  const { policies, diagnostics: found } = checkText(text);
  const [first] = policies;
  if (first === undefined) throw new Error("no policy");
  const { plan, diagnostics } = lower(first, bindings);
  if (plan === undefined) throw new Error([...found, ...diagnostics].map((one) => one.message).join("\n"));
  return plan;
}
