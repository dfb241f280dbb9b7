import { type Capabilities, emulated, native, refused } from "../shared/capability.ts";
import { ofTheRuntime } from "../shared/engine-capabilities.ts";

const everyStepAPod = "every step is a pod of its own";

/** What Argo Workflows can hold. */
export const capabilities: Capabilities = {
  ...ofTheRuntime,
  causes: emulated("a CronWorkflow, the monitor's tick, at most once a minute"),
  oneRun: native("the ledger's lease, and a mutex of the engine"),
  steps: native("containers of their own, started from argument arrays"),
  runValues: native("parameters, in words and variables"),
  workingFolder: native("the policy's folder on the shared disk"),
  image: native("the container's image"),
  noImage: refused(everyStepAPod),
  secret: native("secretKeyRef"),
  processor: native("requests and limits, the same"),
  disk: native("ephemeral-storage"),
  gpu: native("nvidia.com/gpu"),
  partOfGpu: refused("Kubernetes gives whole ones"),
  spot: native("node selector and toleration `retrain.dev/capacity=spot`, which the cluster's nodes must carry"),
  workers: refused("a step is one pod"),
  retry: native("retryStrategy; the runtime's own steps by exit code"),
  timeout: native("activeDeadlineSeconds of each attempt"),
  doubleBrace: refused("read as a placeholder, and there is no way to write one as it stands"),
  braceAtEnd: native("no placeholder follows it"),
  dollarParenthesis: native("written as `$$(`, which Kubernetes gives back as it was"),
  nullCharacter: refused("it ends a text of the operating system"),
  shadow: emulated("one small waiting pod; the tick goes on with a stage whose pod is gone"),
  shares: emulated("one small waiting pod a stage; the tick goes on with a stage whose pod is gone"),
  sqlite: refused("pods on several machines would share a file"),
  rehearsal: refused("pods live in real time"),
  noRuntimeImage: refused(everyStepAPod),
  noDisk: refused("what one step writes, the next could not read"),
  volume: native("mounted in every step"),
  longPlan: native("the tick mounts the plan as a file"),
  hugePlan: refused("a ConfigMap holds no more"),
};
