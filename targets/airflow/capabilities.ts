import { type Capabilities, emulated, native, refused, type Variant } from "../shared/capability.ts";
import { ofTheRuntime } from "../shared/engine-capabilities.ts";
import { optionsOf } from "./options.ts";

const neither = "a worker has neither";

/** What Airflow can hold. */
export const capabilities: Capabilities = {
  ...ofTheRuntime,
  causes: emulated("a DAG of its own that ticks, in UTC; it triggers the run's"),
  oneRun: native("the ledger's lease, and max_active_runs"),
  steps: native("processes of the worker, started from argument arrays without a shell"),
  runValues: native("filled in by the generated program"),
  workingFolder: native("the process's working folder"),
  image: emulated("the command runs with the programs of the worker; the image is not used"),
  noImage: native("the command runs with the programs of the worker"),
  secret: emulated("files below .retrain/secrets of the project's folder"),
  processor: emulated("recorded, not enforced"),
  disk: emulated("recorded, not enforced"),
  gpu: emulated("counted for the budget, not enforced"),
  partOfGpu: emulated("counted for the budget, not enforced"),
  approval: emulated(
    "3.3 asks a person in Airflow while the challenger answers nobody; else the stage waits for `retrain approve`",
  ),
  spot: refused(neither),
  workers: refused(neither),
  retry: native("retries; a verb only by the exit codes that are worth it"),
  timeout: native("execution_timeout of each attempt, dagrun_timeout of the run"),
  doubleBrace: native("the step operator has no templated fields"),
  braceAtEnd: native("the step operator has no templated fields"),
  dollarParenthesis: native("there is no shell"),
  nullCharacter: refused("it ends a text of the operating system"),
  shadow: emulated("one waiting task; the tick goes on with a stage whose task is gone"),
  shares: emulated("one waiting task a stage; the tick goes on with a stage whose task is gone"),
  sqlite: native("one worker machine; several need PostgreSQL"),
  rehearsal: refused("the scheduler lives in real time"),
  noRuntimeImage: native("the runtime is a command of the worker"),
  noDisk: native("steps are processes of one machine"),
  volume: emulated("not used by processes of the worker"),
  longPlan: refused("the tick is given the plan as one argument"),
  hugePlan: refused("the tick is given the plan as one argument"),
};

/** What the options of an environment change. */
export const variants: readonly Variant[] = [
  {
    option: "executor: kubernetes",
    isChosen: (plan) => optionsOf(plan).executor === "kubernetes",
    capabilities: {
      steps: native("a pod of its own; an argument array without a shell"),
      workingFolder: native("the container's working folder"),
      image: native("the image of the pod"),
      noImage: refused("a step's image is its environment"),
      secret: native("a secret of Kubernetes, as a variable"),
      processor: native("a request and a limit"),
      disk: native("a request and a limit"),
      gpu: native("a limit of `nvidia.com/gpu`"),
      partOfGpu: refused("a processor of its kind is given whole"),
      spot: native("label and taint `retrain.dev/capacity: spot` of the nodes"),
      workers: refused("a step is one pod"),
      dollarParenthesis: native("written so that Kubernetes leaves it alone"),
      sqlite: refused("pods of several machines do not share a file"),
      noRuntimeImage: refused("the runtime's own steps are pods"),
      noDisk: refused("a step reads what the one before it wrote"),
      volume: native("mounted into every pod"),
    },
  },
];
