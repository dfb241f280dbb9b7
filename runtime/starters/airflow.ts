import type { Starter } from "./starter.ts";

/** Airflow starts its own run from the tick's word and value, with the run's name as that of the DAG run: no call and no credential is needed. */
export function airflowStarter(): Starter {
  return { start: async () => {} };
}
