import type { Capability } from "../target.ts";

/** What Argo Workflows can hold. */
export const capabilities: readonly Capability[] = [
  {
    construct: "trigger causes",
    support: "emulated",
    how: "a CronWorkflow, the monitor's tick, at most once a minute",
  },
  { construct: "train and evaluate", support: "native", how: "containers of their own, started from argument arrays" },
  { construct: "working folder of a step", support: "native", how: "the policy's folder on the shared disk" },
  { construct: "step image", support: "native", how: "the container's image; every step needs one" },
  { construct: "step secrets", support: "native", how: "secretKeyRef" },
  {
    construct: "step resources",
    support: "native",
    how: "cpu, memory, disk as ephemeral-storage, whole gpus as nvidia.com/gpu",
  },
  {
    construct: "on spot",
    support: "native",
    how: "node selector and toleration of the label `retrain.dev/capacity=spot`, which the cluster's nodes must carry",
  },
  { construct: "workers", support: "refused", how: "a step is one pod" },
  { construct: "retry", support: "native", how: "retryStrategy; the runtime's own steps by exit code" },
  { construct: "timeout", support: "native", how: "activeDeadlineSeconds of each attempt" },
  { construct: "validate and gates", support: "native", how: "`when` compares one word" },
  {
    construct: "shadow, traffic shares, watch",
    support: "emulated",
    how: "one small waiting pod a stage; the tick goes on with a stage whose pod is gone",
  },
  { construct: "approval", support: "emulated", how: "the stage waits for `retrain approve`, a record in the ledger" },
  { construct: "rollback", support: "native", how: "by the stage, and by the tick after the run" },
  { construct: "one run at a time", support: "native", how: "the ledger's lease, and a mutex of the engine" },
];
