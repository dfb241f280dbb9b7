import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import { diagnostic } from "../../language/diagnostics/report.ts";
import {
  checkCarriedOut,
  checkImages,
  checkLedger,
  checkPlanArgument,
  checkStepTexts,
  type Locate,
  policyPlace,
  stepNodes,
} from "../shared/check.ts";
import { inertJson } from "../shared/inert.ts";
import { diskOf } from "./options.ts";

/** Argo reads `{{...}}` in every text of a template and knows no way to write one as it stands. A brace before a substitution would meet the braces of ours. */
const PLACEHOLDER = /\{\{|\{(?=\$\{)/;

/** What Argo Workflows cannot hold. */
export function check(plan: PipelinePlan, locate: Locate): readonly Diagnostic[] {
  const { environment, clock } = plan.bindings;
  const target = "argo";
  const found = [
    ...checkImages(plan, locate, target),
    ...checkLedger(plan, locate, target),
    ...checkPlanArgument(plan, inertJson(plan), locate, target),
    ...checkStepTexts(plan, PLACEHOLDER, locate, target),
    ...checkCarriedOut(plan, locate, target),
  ];
  if (diskOf(plan) === undefined) {
    const needed = "`targets: { argo: { volume: { claim: NAME, mount: PATH } } }`";
    found.push(diagnostic("target/needs-shared-disk", locate(policyPlace(plan)), { target, environment, needed }));
  }
  const unsupported = (construct: string, place = policyPlace(plan)) =>
    found.push(diagnostic("target/unsupported", locate(place), { target, construct }));
  if (clock.pace !== "real") unsupported("the clock of a rehearsal");
  for (const { step, place } of stepNodes(plan)) {
    if (step.workers > 1) unsupported("a step with several workers", place);
    if (!Number.isInteger(step.resources["gpu"] ?? 0)) unsupported("a part of a gpu", place);
  }
  return found;
}
