import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import { type Capabilities, emulated, native, refused, type Variant } from "../shared/capability.ts";
import { ofTheRuntime } from "../shared/engine-capabilities.ts";

const everyStepAPod = "every step is a container";
const placeholder = "read as a placeholder, and there is no way to write one as it stands";

/** What Kubeflow Pipelines can hold. */
export const capabilities: Capabilities = {
  ...ofTheRuntime,
  causes: emulated("a recurring run of a second pipeline, the monitor's tick"),
  oneRun: native("the ledger's lease"),
  steps: native("containers of their own, started from argument arrays"),
  runValues: emulated("variables by `env NAME=VALUE COMMAND`: the engine fills values into words only"),
  workingFolder: emulated("that of the image; paths of the run are absolute"),
  image: native("the container's image"),
  noImage: refused(everyStepAPod),
  secret: native("secretAsEnv"),
  processor: native("requests and limits, the same"),
  disk: emulated("a folder `/tmp` of at most that size; nothing is set aside on the node"),
  gpu: native("accelerator nvidia.com/gpu"),
  partOfGpu: refused("Kubernetes gives whole ones"),
  spot: refused("the engine has no such thing"),
  workers: refused("a step is one container"),
  retry: native("retryPolicy; by count alone, whatever the exit code"),
  timeout: native("activeDeadlineSeconds of each attempt"),
  doubleBrace: refused(placeholder),
  braceAtEnd: refused("it could meet the brace of a placeholder"),
  dollarParenthesis: native("written as `$$(`, which Kubernetes gives back as it was"),
  nullCharacter: refused("it ends a text of the operating system"),
  shadow: emulated("one small waiting pod; the tick goes on with a stage whose pod is gone"),
  shares: emulated("one small waiting pod a stage; the tick goes on with a stage whose pod is gone"),
  sqlite: refused("pods on several machines would share a file"),
  rehearsal: refused("pods live in real time"),
  noRuntimeImage: refused(everyStepAPod),
  noDisk: refused("what one step writes, the next could not read"),
  volume: native("mounted in every step"),
  longPlan: refused("the tick is given the plan as one argument"),
  hugePlan: refused("the tick is given the plan as one argument"),
};

/** Vertex AI runs the same document, without what Kubernetes adds. */
export const variants: readonly Variant[] = [
  {
    option: "platform: vertex",
    isChosen: (plan: PipelinePlan) => plan.bindings.engines.kfp?.platform === "vertex",
    capabilities: {
      causes: emulated("its own schedules, which a person makes: neither they nor a starter are built"),
      secret: refused("its steps have no secrets"),
      disk: refused("its steps have no volumes"),
      gpu: refused("the type of an accelerator would have to be named"),
      dollarParenthesis: refused(placeholder),
      timeout: emulated("recorded; the engine has no limit of an attempt"),
      postgres: emulated("the image brings RETRAIN_LEDGER_URL, an address without a password"),
      noDisk: refused("`work` must be below /gcs/BUCKET"),
      volume: refused("its steps have no volumes"),
    },
  },
];
