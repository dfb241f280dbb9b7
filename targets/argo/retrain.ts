import { retrainName } from "../../compiler/plan/engine-name.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import { duration } from "../../compiler/reading/quantities.ts";
import { policyPlace } from "../shared/constructs/construct.ts";
import { wholeSeconds } from "../shared/kubernetes.ts";
import { outlineRow } from "../shared/lines.ts";
import { marked, owned, type Yaml } from "../shared/yaml.ts";
import { decideTemplate, finishTemplate, input, snapshotTemplate, stepTemplate, valuesOf } from "./container.ts";
import { deadlineOf, type Group, lowerRetrain, runDeadline, type Task } from "./lower.ts";
import { argoOptions } from "./options.ts";
import { annotations, labels, podSecurity, sourceOf, volumes } from "./pod.ts";

const DAY = 86_400;
/** Milliseconds. */
const HOUR = 3_600_000;

/** The graph as a person reads it: groups indented, with the word that each task waits for. */
export function outline(plan: PipelinePlan): string[] {
  const groups = lowerRetrain(plan);
  const rows = (name: string, depth: number): string[] => {
    const group = groups.find((one) => one.name === name);
    return (group?.tasks ?? []).flatMap((task) => [
      ...outlineRow(depth, `${task.name}${waits(task)}`, task.comment),
      ...(task.group === undefined ? [] : rows(task.group, depth + 1)),
    ]);
  };
  return rows("run", 1);
}

function waits({ after }: Task): string {
  if (after === undefined) return "";
  return after.word === undefined ? `, after ${after.task}` : `, when ${after.task} says ${after.word}`;
}

/** The template of a policy's runs. */
export function retrainDocument(plan: PipelinePlan): { comment: string; document: Yaml } {
  const name = retrainName(plan.policy.name);
  const { namespace, serviceAccount } = argoOptions(plan);
  const groups = lowerRetrain(plan);
  const { nodes } = plan.retrain;
  const snapshot = nodes.find((node) => node.kind === "verb" && node.verb === "snapshot");
  const line = policyPlace(plan).line;
  const document: Yaml = {
    apiVersion: owned("argoproj.io/v1alpha1"),
    kind: owned("WorkflowTemplate"),
    metadata: marked(
      { name: owned(name), namespace: owned(namespace), labels: labels(plan), annotations: annotations(plan, line) },
      policyPlace(plan),
    ),
    spec: {
      entrypoint: owned("run"),
      onExit: owned("finish"),
      arguments: marked(
        { parameters: [{ name: owned("run") }] },
        undefined,
        "the run's name, which the tick gives; by it every step finds its policy in the ledger",
      ),
      serviceAccountName: owned(serviceAccount),
      activeDeadlineSeconds: marked(
        wholeSeconds(runDeadline(plan)),
        undefined,
        `${duration(Math.ceil(runDeadline(plan) / HOUR) * HOUR)} at most: every step with its retries and every stage at its longest, and a tenth more`,
      ),
      synchronization: { mutexes: [{ name: owned(name) }] },
      podGC: marked({ strategy: owned("OnPodSuccess") }, undefined, "pods that failed stay, for their logs"),
      ttlStrategy: { secondsAfterSuccess: 7 * DAY, secondsAfterFailure: 30 * DAY },
      workflowMetadata: { labels: labels(plan) },
      securityContext: podSecurity,
      volumes: volumes(plan),
      templates: [
        ...groups.map((group) => dagTemplate(plan, group)),
        ...(snapshot === undefined ? [] : [snapshotTemplate(plan, snapshot, deadlineOf(plan, snapshot))]),
        marked(
          decideTemplate(plan),
          undefined,
          "a step of the runtime: judges, writes one word, and nothing else goes on",
        ),
        ...nodes.flatMap((node) => (node.kind === "step" ? [stepTemplate(plan, node)] : [])),
        finishTemplate(plan),
      ],
    },
  };
  return { comment: "", document };
}

function dagTemplate(plan: PipelinePlan, { name, comment, tasks, inputs }: Group): Yaml {
  const template: Yaml = {
    name: owned(name),
    inputs: inputs.length === 0 ? undefined : { parameters: inputs.map((one) => ({ name: owned(one) })) },
    dag: { tasks: tasks.map((task) => marked(taskOf(plan, task), task.place, task.comment)) },
  };
  return marked(template, undefined, comment);
}

function taskOf(plan: PipelinePlan, task: Task): Yaml {
  const { node, after } = task;
  const starts = {
    name: owned(task.name),
    depends: after === undefined ? undefined : owned(`${after.task}.Succeeded`),
    when:
      after?.word === undefined
        ? undefined
        : `{{= tasks['${after.task}'].outputs.parameters.word == '${after.word}' }}`,
  };
  const parameters = (given: Readonly<Record<string, string>>): Yaml | undefined =>
    Object.keys(given).length === 0
      ? undefined
      : { parameters: Object.entries(given).map(([name, value]) => ({ name: owned(name), value })) };
  if (node === undefined) {
    const group = lowerRetrain(plan).find(({ name }) => name === task.group);
    const given = Object.fromEntries(
      (group?.inputs ?? []).map((name) => [name, `{{tasks.snapshot.outputs.parameters.${name}}}`]),
    );
    return { ...starts, template: owned(task.group ?? ""), arguments: parameters(given) };
  }
  if (node.kind === "step") {
    const given = Object.fromEntries(valuesOf(plan, node).map((name) => [name, input(name)]));
    return { ...starts, template: owned(task.name), arguments: parameters(given) };
  }
  if (node.verb === "snapshot") return { ...starts, template: owned("snapshot") };
  const { file, line } = node.place;
  const given = {
    verb: node.verb,
    node: node.id,
    source: sourceOf(file, line),
    deadline: String(wholeSeconds(deadlineOf(plan, node))),
  };
  return { ...starts, template: owned("decide"), arguments: parameters(given) };
}
