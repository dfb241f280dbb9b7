import type { Target } from "../target.ts";
import { capabilities, variants } from "./capabilities.ts";
import { check } from "./check.ts";
import { emit } from "./emit.ts";

/** Apache Airflow: one Python file a policy, with a DAG that ticks and a DAG that retrains. */
export const airflow: Target = { name: "airflow", capabilities, variants, check, emit };
