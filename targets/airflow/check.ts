import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import { diagnostic } from "../../language/diagnostics/report.ts";
import {
  checkCarriedOut,
  checkPlanArgument,
  checkStepTexts,
  type Locate,
  policyPlace,
  stepNodes,
} from "../shared/check.ts";
import { inertJson } from "../shared/inert.ts";
import { optionsOf } from "./options.ts";

const target = "airflow";

/** Ends a text of the operating system: no argument and no variable of a process can hold it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
const NO_PROCESS_TAKES = /\u0000/;

/** What Airflow cannot hold. */
export function check(plan: PipelinePlan, locate: Locate): readonly Diagnostic[] {
  const unsupported = (construct: string, place = policyPlace(plan)) =>
    diagnostic("target/unsupported", locate(place), { target, construct });
  const found = [
    ...checkPlanArgument(plan, inertJson(plan), locate, target),
    ...checkStepTexts(plan, NO_PROCESS_TAKES, locate, target),
    ...checkCarriedOut(plan, locate, target),
  ];
  if (optionsOf(plan).executor === "kubernetes") found.push(unsupported("steps as pods (`executor: kubernetes`)"));
  if (plan.bindings.clock.pace !== "real") found.push(unsupported("the clock of a rehearsal"));
  for (const { step, place } of stepNodes(plan)) {
    if (step.spot) found.push(unsupported("a step on spot instances", place));
    if (step.workers > 1) found.push(unsupported("a step with several workers", place));
  }
  return found;
}
