import type { StepEngine } from "../../compiler/plan/engines.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import { airflowStarter } from "./airflow.ts";
import { argoStarter } from "./argo.ts";
import { kfpStarter } from "./kfp.ts";
import type { Starter } from "./starter.ts";

/** What starts runs on an engine. Throws StarterError where the environment lacks it. */
export function openStarter(engine: StepEngine, plan: PipelinePlan): Starter {
  switch (engine) {
    case "argo":
      return argoStarter(plan);
    case "kfp":
      return kfpStarter(plan);
    case "airflow":
      return airflowStarter();
  }
}
