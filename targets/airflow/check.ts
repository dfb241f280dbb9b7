import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import { diagnostic } from "../../language/diagnostics/report.ts";
import { checkCapabilities } from "../shared/capability.ts";
import { type Locate, policyPlace } from "../shared/constructs/construct.ts";
import { capabilities } from "./capabilities.ts";
import { optionsOf } from "./options.ts";

/** What Airflow cannot hold. */
export function check(plan: PipelinePlan, locate: Locate): readonly Diagnostic[] {
  const found = checkCapabilities(plan, locate, "airflow", capabilities);
  if (optionsOf(plan).executor !== "kubernetes") return found;
  const construct = "steps as pods (`executor: kubernetes`)";
  const how = "this release writes processes of the worker only";
  return [...found, diagnostic("target/unsupported", locate(policyPlace(plan)), { target: "airflow", construct, how })];
}
