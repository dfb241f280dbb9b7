import type { Capability } from "../target.ts";

/** What Airflow can hold. */
export const capabilities: readonly Capability[] = [
  {
    construct: "trigger causes",
    support: "emulated",
    how: "a DAG of its own that ticks, in UTC; it triggers the run's",
  },
  {
    construct: "train and evaluate",
    support: "native",
    how: "processes of the worker, started from argument arrays without a shell",
  },
  {
    construct: "step image",
    support: "emulated",
    how: "the command runs with the programs of the worker; the image is not used",
  },
  {
    construct: "steps as pods (`executor: kubernetes`)",
    support: "refused",
    how: "this release writes processes of the worker only",
  },
  { construct: "step secrets", support: "emulated", how: "files below .retrain/secrets of the project's folder" },
  { construct: "step resources", support: "emulated", how: "recorded and counted for the budget; not enforced" },
  { construct: "on spot, workers", support: "refused", how: "a worker has neither" },
  { construct: "retry", support: "native", how: "retries; a verb only by the exit codes that are worth it" },
  { construct: "timeout", support: "native", how: "execution_timeout of each attempt, dagrun_timeout of the run" },
  { construct: "validate and gates", support: "native", how: "each follows the edge of its word; the rest is skipped" },
  {
    construct: "shadow, traffic shares, watch",
    support: "emulated",
    how: "one waiting task a stage; the tick goes on with a stage whose task is gone",
  },
  { construct: "approval", support: "emulated", how: "the stage waits for `retrain approve`, a record in the ledger" },
  { construct: "rollback", support: "native", how: "by the stage, and by the tick after the run" },
];
