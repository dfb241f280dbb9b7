import { setTimeout as sleep } from "node:timers/promises";
import { call, get } from "./api.ts";
import { NAMESPACE } from "./places.ts";

const ARGO = `/apis/argoproj.io/v1alpha1/namespaces/${NAMESPACE}`;
const PODS = `/api/v1/namespaces/${NAMESPACE}/pods`;

/** A node of a workflow, as Argo's controller reports it. */
export interface WorkflowNode {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly type: string;
  readonly phase: string;
  readonly message?: string;
  readonly startedAt: string;
  readonly templateName?: string;
  readonly outputs?: {
    readonly exitCode?: string;
    readonly parameters?: readonly { readonly name: string; readonly value?: string }[];
  };
}

export interface Workflow {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    /** Who has written the object. */
    readonly managedFields?: readonly { readonly manager?: string }[];
  };
  readonly spec: { readonly arguments?: { readonly parameters?: readonly { name: string; value?: string }[] } };
  readonly status?: {
    readonly phase?: string;
    readonly message?: string;
    readonly startedAt?: string;
    readonly nodes?: Readonly<Record<string, WorkflowNode>>;
  };
}

export interface Pod {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly status: { readonly phase: string };
}

const ENDED = new Set(["Succeeded", "Failed", "Error"]);
export const hasEnded = ({ status }: Workflow): boolean => ENDED.has(status?.phase ?? "");

export async function workflows(): Promise<readonly Workflow[]> {
  return (await get<{ items: readonly Workflow[] }>(`${ARGO}/workflows`)).items;
}

/** A workflow by name; undefined where there is none. */
export async function workflow(name: string): Promise<Workflow | undefined> {
  const { status, body } = await call("GET", `${ARGO}/workflows/${name}`);
  if (status === 404) return undefined;
  if (status !== 200) throw new Error(`workflow ${name}: ${status} ${JSON.stringify(body)}`);
  return body as Workflow;
}

/** Starts a workflow of a CronWorkflow as it stands in the cluster, as `argo submit --from cronwf/NAME` does. */
export async function submitFrom(cron: string): Promise<string> {
  const { spec } = await get<{ spec: { workflowSpec: object; workflowMetadata?: { labels?: object } } }>(
    `${ARGO}/cronworkflows/${cron}`,
  );
  const labels = { ...spec.workflowMetadata?.labels, "workflows.argoproj.io/cron-workflow": cron };
  const { status, body } = await call("POST", `${ARGO}/workflows`, {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Workflow",
    metadata: { generateName: `${cron}-`, labels },
    spec: spec.workflowSpec,
  });
  if (status !== 201) throw new Error(`${cron}: ${status} ${JSON.stringify(body)}`);
  return (body as Workflow).metadata.name;
}

/** Stops or lets go on the firing of a CronWorkflow, as `argo cron suspend` and `resume` do. */
export async function suspendCron(cron: string, suspend: boolean): Promise<void> {
  const patch = { spec: { suspend } };
  const { status, body } = await call("PATCH", `${ARGO}/cronworkflows/${cron}`, patch, "application/merge-patch+json");
  if (status !== 200) throw new Error(`${cron}: ${status} ${JSON.stringify(body)}`);
}

/** Waits until a workflow is as `wanted` says, which is told of it as it is; rejects after `seconds`. */
export async function untilWorkflow(
  name: string,
  wanted: (workflow: Workflow) => boolean,
  seconds = 300,
): Promise<Workflow> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    // The API server may be asked while the machine is busy; one answer more or less is no matter.
    const now = await workflow(name).catch(() => undefined);
    if (now !== undefined && wanted(now)) return now;
    if (performance.now() > end)
      throw new Error(`${name} after ${seconds} s:\n${now === undefined ? "none" : told(now).join("\n")}`);
    await sleep(250);
  }
}

/** Nodes that are pods or retries, in the order in which they started: name, phase, exit code where it is not 0, word. */
export function told({ status }: Workflow): string[] {
  const nodes = Object.values(status?.nodes ?? {}).filter(({ type }) => type === "Pod" || type === "Skipped");
  nodes.sort((a, b) => a.startedAt.localeCompare(b.startedAt) || a.name.localeCompare(b.name));
  return nodes.map(({ displayName, phase, outputs, message }) => {
    const word = outputs?.parameters?.find(({ name }) => name === "word")?.value;
    const code = outputs?.exitCode === undefined || outputs.exitCode === "0" ? "" : ` exit ${outputs.exitCode}`;
    const why = phase === "Failed" || phase === "Error" ? ` (${message ?? ""})` : "";
    return `${displayName} ${phase}${code}${word === undefined ? "" : ` ${word}`}${why}`;
  });
}

/** Pods of a workflow. */
export async function podsOf(workflow: string): Promise<readonly Pod[]> {
  const selector = encodeURIComponent(`workflows.argoproj.io/workflow=${workflow}`);
  return (await get<{ items: readonly Pod[] }>(`${PODS}?labelSelector=${selector}`)).items;
}

/** The pod of a running task, by the task's name. */
export async function podOf(workflow: string, task: string): Promise<string> {
  for (;;) {
    const found = (await podsOf(workflow)).find(
      ({ metadata, status }) =>
        metadata.annotations?.["workflows.argoproj.io/node-name"]?.includes(`.${task}`) === true &&
        status.phase === "Running",
    );
    if (found !== undefined) return found.metadata.name;
    await sleep(200);
  }
}

/** What the container of a step printed. */
export async function logOf(pod: string): Promise<string> {
  const { body } = await call("GET", `${PODS}/${pod}/log?container=main`);
  return typeof body === "string" ? body : JSON.stringify(body);
}

export async function deletePod(name: string): Promise<void> {
  await call("DELETE", `${PODS}/${name}?gracePeriodSeconds=0`);
}

/** Removes every workflow, template, cron and pod: no garbage collector runs here. */
export async function removeAll(): Promise<void> {
  for (const plural of ["cronworkflows", "workflows", "workflowtemplates", "workflowtaskresults"])
    await call("DELETE", `${ARGO}/${plural}`);
  await call("DELETE", `${PODS}?gracePeriodSeconds=0`);
  while ((await get<{ items: readonly Pod[] }>(PODS)).items.length > 0) await sleep(200);
}
