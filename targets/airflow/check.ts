import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import { checkCapabilities } from "../shared/capability.ts";
import type { Locate } from "../shared/constructs/construct.ts";
import { capabilities, variants } from "./capabilities.ts";

/** What Airflow cannot hold. */
export function check(plan: PipelinePlan, locate: Locate): readonly Diagnostic[] {
  return checkCapabilities(plan, locate, "airflow", capabilities, variants);
}
