import { AirflowOptions } from "../../compiler/plan/engines.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import { type Disk, diskOn } from "../shared/disk.ts";

/** What the environment says about Airflow; every field has its default where it says nothing. */
export function optionsOf(plan: PipelinePlan): AirflowOptions {
  return plan.bindings.engines.airflow ?? AirflowOptions.parse({});
}

/** The disk that all pods of a run share; undefined where there is none. */
export function diskOf(plan: PipelinePlan): Disk | undefined {
  const { volume } = optionsOf(plan);
  return volume === undefined ? undefined : diskOn(plan, volume);
}
