import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import { headerLines } from "../shared/header.ts";
import { Lines, outlineRow } from "../shared/lines.ts";
import { folded, marked, owned, writeYaml, type Yaml } from "../shared/yaml.ts";
import type { OutputFile } from "../target.ts";
import { lowerRetrain, lowerTick } from "./lower.ts";
import { kfpOptions } from "./options.ts";
import type { Container, Pipeline, Source, Task } from "./pipeline.ts";
import { platformDocument } from "./platform.ts";
import { recurringRun } from "./recurring-run.ts";
import { plain, specDefects } from "./spec-check.ts";

/** Format of the documents; the server takes no other: https://github.com/kubeflow/pipelines/blob/master/api/v2alpha1/pipeline_spec.proto */
const SCHEMA_VERSION = "2.1.0";
const SDK_VERSION = "retrain-1";

/** Three files: the pipeline of a run, the pipeline of the tick, and how often the tick runs (not on Vertex AI, which has schedules of its own). */
export function emit(plan: PipelinePlan): readonly OutputFile[] {
  const { platform } = kfpOptions(plan);
  const files = [specFile(plan, lowerRetrain(plan)), specFile(plan, lowerTick(plan))];
  return platform === "vertex" ? files : [...files, recurringRun(plan)];
}

/** Tasks of all groups, each group before what stands in it. */
export function allTasks(tasks: readonly Task[]): Task[] {
  return tasks.flatMap((task) => [task, ...(task.body.kind === "group" ? allTasks(task.body.tasks) : [])]);
}

function specFile(plan: PipelinePlan, pipeline: Pipeline): OutputFile {
  const options = kfpOptions(plan);
  const spec = specDocument(pipeline);
  const platform = options.platform === "kubernetes" ? platformDocument(plan, pipeline) : undefined;
  const defects = specDefects(plain(spec), platform === undefined ? undefined : plain(platform));
  if (defects.length > 0) throw new Error(`the pipeline ${pipeline.name} would be defective: ${defects.join("; ")}`);
  const lines = new Lines();
  for (const line of headerLines(plan, "kfp")) lines.add(`# ${line}`);
  if (options.platform === "vertex") {
    lines.add(
      "# Vertex AI has no platform document: the runtime's image must bring RETRAIN_LEDGER_URL, an address without a password.",
    );
  }
  lines.add("#");
  for (const line of outline(pipeline.root.tasks)) lines.add(`# ${line}`);
  if (pipeline.parameters.length > 0)
    lines.add("# Deciding tasks write one word. A stage is one pod that waits as long as the stage lasts.");
  writeYaml(lines, spec);
  if (platform !== undefined) {
    lines.add("---");
    lines.add("# What Kubernetes adds to the containers above.");
    writeYaml(lines, platform);
  }
  return { path: `kfp/${pipeline.name}.yaml`, text: lines.text(), mapped: lines.mapped };
}

/** The tasks as a person reads them: groups indented. */
function outline(tasks: readonly Task[], depth = 0): string[] {
  return tasks.flatMap((task) => [
    ...outlineRow(depth, task.name, `line ${task.place.line}: ${task.comment}`),
    ...(task.body.kind === "group" ? outline(task.body.tasks, depth + 1) : []),
  ]);
}

function specDocument(pipeline: Pipeline): Yaml {
  const tasks = allTasks(pipeline.root.tasks);
  return {
    pipelineInfo: { name: owned(pipeline.name) },
    schemaVersion: SCHEMA_VERSION,
    sdkVersion: SDK_VERSION,
    root: {
      inputDefinitions: parameters(pipeline.parameters, "STRING"),
      dag: dagOf(pipeline.root.tasks),
    },
    components: Object.fromEntries(
      tasks.map((task) => [componentOf(task), marked(component(task), task.place, task.comment)]),
    ),
    deploymentSpec: {
      executors: Object.fromEntries(
        tasks.flatMap((task) =>
          task.body.kind === "container"
            ? [[executorOf(task), marked({ container: containerOf(task.body) }, task.place)] as const]
            : [],
        ),
      ),
    },
  };
}

const componentOf = (task: Task): string => `comp-${task.name}`;

/** Label of a task's container. */
export const executorOf = (task: Task): string => `exec-${task.name}`;

function parameters(names: readonly string[], type: string): Yaml | undefined {
  if (names.length === 0) return undefined;
  return { parameters: Object.fromEntries(names.map((name) => [name, { parameterType: owned(type) }])) };
}

function inputDefinitions(task: Task): Yaml | undefined {
  const names = Object.entries(task.inputs);
  if (names.length === 0) return undefined;
  return {
    parameters: Object.fromEntries(
      names.map(([name, { kind }]) => [
        name,
        { parameterType: owned(kind === "status" ? "TASK_FINAL_STATUS" : "STRING") },
      ]),
    ),
  };
}

function component(task: Task): Yaml {
  const inputs = inputDefinitions(task);
  if (task.body.kind === "group") return { inputDefinitions: inputs, dag: dagOf(task.body.tasks) };
  return {
    executorLabel: owned(executorOf(task)),
    inputDefinitions: inputs,
    outputDefinitions: parameters(task.body.outputs, "STRING"),
  };
}

function dagOf(tasks: readonly Task[]): Yaml {
  return { tasks: Object.fromEntries(tasks.map((task) => [task.name, marked(taskOf(task), task.place)])) };
}

function taskOf(task: Task): Yaml {
  const { name, inputs, after, condition, retry, isExit } = task;
  return {
    taskInfo: { name: owned(name) },
    componentRef: { name: owned(componentOf(task)) },
    dependentTasks: after.length === 0 ? undefined : after.map(owned),
    inputs:
      Object.keys(inputs).length === 0
        ? undefined
        : { parameters: Object.fromEntries(Object.entries(inputs).map(([name, source]) => [name, sourceOf(source)])) },
    triggerPolicy:
      condition !== undefined
        ? { condition: `inputs.parameter_values['${condition.input}'] == '${condition.word}'` }
        : isExit
          ? { strategy: owned("ALL_UPSTREAM_TASKS_COMPLETED") }
          : undefined,
    // Written empty it means: never take a result of another run. Left out it would mean the server's default.
    cachingOptions: {},
    retryPolicy:
      retry === undefined
        ? undefined
        : {
            maxRetryCount: retry.times,
            backoffDuration: seconds(retry.first),
            backoffFactor: 2,
            backoffMaxDuration: seconds(retry.longest),
          },
  };
}

function sourceOf(source: Source): Yaml {
  switch (source.kind) {
    case "input":
      return { componentInputParameter: owned(source.name) };
    case "output":
      return { taskOutputParameter: { producerTask: owned(source.task), outputParameterKey: owned(source.name) } };
    case "status":
      return { taskFinalStatus: { producerTask: owned(source.task) } };
  }
}

/** A length as protobuf writes it in JSON: seconds with an `s`. */
function seconds(milliseconds: number): string {
  return `${milliseconds / 1000}s`;
}

/** Characters of a word that is broken over lines: the plan that the tick is told. */
const LONG = 1000;

function containerOf(container: Container): Yaml {
  const { image, command, args, env, requests, limits } = container;
  const { cpu, memory, gpu } = limits;
  const accelerator = gpu === undefined ? undefined : { resourceType: "nvidia.com/gpu", resourceCount: String(gpu) };
  return {
    image,
    command,
    args: args.length === 0 ? undefined : args.map((word) => (word.length > LONG ? folded(word) : word)),
    env: env.length === 0 ? undefined : env.map(({ name, value }) => ({ name, value })),
    resources: nonEmpty({
      resourceCpuRequest: requests.cpu,
      resourceMemoryRequest: requests.memory,
      resourceCpuLimit: cpu,
      resourceMemoryLimit: memory,
      accelerator,
    }),
  };
}

function nonEmpty(members: { readonly [key: string]: Yaml | undefined }): Yaml | undefined {
  return Object.values(members).every((member) => member === undefined) ? undefined : members;
}
