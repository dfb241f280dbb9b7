import { AirflowOptions } from "../../compiler/plan/engines.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";

/** What the environment says about Airflow; every field has its default where it says nothing. */
export function optionsOf(plan: PipelinePlan): AirflowOptions {
  return plan.bindings.engines.airflow ?? AirflowOptions.parse({});
}
