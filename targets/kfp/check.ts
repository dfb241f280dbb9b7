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
import { planArgument } from "./lower.ts";
import { foldersOf, kfpOptions } from "./options.ts";

/** What an engine reads into a text: Kubeflow `{{$...}}` and, as Argo carries its steps out, `{{...}}`. A lone brace at an end could meet one of a placeholder. */
const PLACEHOLDER = /\{\{|\{(?=\$\{)|\{$/;
/** Vertex AI also fills in `$(NAME)` and says nothing of how to write one as it stands. */
const PLACEHOLDER_ON_VERTEX = /\{\{|\{(?=\$\{)|\{$|\$\(/;

/** What Kubeflow Pipelines cannot hold. */
export function check(plan: PipelinePlan, locate: Locate): readonly Diagnostic[] {
  const options = kfpOptions(plan);
  const { environment, clock } = plan.bindings;
  const target = "kfp";
  const isVertex = options.platform === "vertex";
  const whole = locate(policyPlace(plan));
  const found = [
    ...checkImages(plan, locate, target),
    ...checkLedger(plan, locate, target),
    ...checkPlanArgument(plan, planArgument(plan), locate, target),
    ...checkStepTexts(plan, isVertex ? PLACEHOLDER_ON_VERTEX : PLACEHOLDER, locate, target),
    ...checkCarriedOut(plan, locate, target),
  ];
  if (foldersOf(plan) === undefined) {
    const needed = isVertex
      ? "`work: /gcs/BUCKET/FOLDER`"
      : "`targets: { kfp: { volume: { claim: NAME, mount: PATH } } }`";
    found.push(diagnostic("target/needs-shared-disk", whole, { target, environment, needed }));
  }
  const unsupported = (construct: string, place = policyPlace(plan)) =>
    found.push(diagnostic("target/unsupported", locate(place), { target, construct }));
  if (clock.pace !== "real") unsupported("the clock of a rehearsal");
  if (isVertex && options.volume !== undefined) unsupported("a volume claim on Vertex AI");
  for (const { step, place } of stepNodes(plan)) {
    if (step.spot) unsupported("a step on spot instances", place);
    if (step.workers > 1) unsupported("a step with several workers", place);
    if (step.resources["disk"] !== undefined) unsupported("`disk` of a step", place);
    const gpu = step.resources["gpu"] ?? 0;
    if (!Number.isInteger(gpu)) unsupported("a part of a gpu", place);
    if (!isVertex) continue;
    if (gpu > 0) unsupported("a gpu of no named type on Vertex AI", place);
    if (Object.keys(step.secrets).length > 0) unsupported("secrets of a step on Vertex AI", place);
  }
  return found;
}
