import type { Capability } from "../target.ts";

/** What Kubeflow Pipelines can hold. */
export const capabilities: readonly Capability[] = [
  { construct: "trigger causes", support: "emulated", how: "a recurring run of a second pipeline, the monitor's tick" },
  { construct: "train and evaluate", support: "native", how: "containers of their own, started from argument arrays" },
  {
    construct: "variables that hold a value of the run",
    support: "emulated",
    how: "set by `env NAME=VALUE COMMAND`, which the image must have: the engine fills values into words only",
  },
  {
    construct: "working folder of a step",
    support: "emulated",
    how: "that of the image; paths of the run are absolute",
  },
  { construct: "step image", support: "native", how: "the container's image" },
  { construct: "step secrets", support: "native", how: "secretAsEnv; refused on Vertex AI, which has no such thing" },
  { construct: "step resources", support: "native", how: "cpu, memory, gpu as nvidia.com/gpu; on Vertex AI no gpu" },
  { construct: "disk of a step", support: "refused", how: "the engine has no request for it" },
  { construct: "on spot, workers", support: "refused", how: "the engine has neither" },
  { construct: "retry", support: "native", how: "retryPolicy; by count alone, whatever the exit code" },
  { construct: "timeout", support: "native", how: "activeDeadlineSeconds of each attempt; not on Vertex AI" },
  { construct: "validate and gates", support: "native", how: "conditions on one word, in groups of their own" },
  { construct: "caching of steps", support: "refused", how: "every task is written with caching off" },
  {
    construct: "shadow, traffic shares, watch",
    support: "emulated",
    how: "one small waiting pod a stage; the tick goes on with a stage whose pod is gone",
  },
  { construct: "approval", support: "emulated", how: "the stage waits for `retrain approve`, a record in the ledger" },
  { construct: "rollback", support: "native", how: "by the stage, and by the tick after the run" },
];
