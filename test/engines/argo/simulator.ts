import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  dependenciesOf,
  dependsHolds,
  filled,
  type LastRetry,
  type Phase,
  retryHolds,
  whenHolds,
} from "./expressions.ts";
import { type ArgoObject, type DagTemplate, type PodTemplate, readObjects, type WorkflowSpec } from "./workflow.ts";

/** What stands for a cluster. Everything that a generated file says is carried out; how long a retry waits is not. */
export interface Cluster {
  /** Generated files, as they are. */
  readonly files: readonly string[];
  /** What stands for the disk that all pods share. */
  readonly disk: string;
  /** Folder for what belongs to one pod only. */
  readonly scratch: string;
  /** Variables of every container beside its own: PATH, and what stands for what Kubernetes mounts. */
  readonly environment: () => Readonly<Record<string, string>>;
  /** `secret/key` and `configMap/key`. */
  readonly values: () => Readonly<Record<string, string>>;
  /** Addresses of the cluster's network, and what stands for them on this machine. */
  readonly addresses: Readonly<Record<string, string>>;
}

/** A container that was started, and how it ended. */
export interface Started {
  readonly template: string;
  readonly words: readonly string[];
  readonly code: number | null;
  readonly said: string;
}

interface Result {
  readonly phase: Phase;
  readonly outputs: Readonly<Record<string, string>>;
}

interface Workflow {
  readonly spec: WorkflowSpec;
  readonly parameters: Readonly<Record<string, string>>;
  readonly end: AbortSignal;
}

/** Longest wait before a retry, milliseconds. */
const WAIT = 200;

/**
 * Carries out what Argo's controller would make of the generated files: DAGs with nested groups, `depends` and `when`, retries by exit code, deadlines, outputs
 * with their defaults, the mutex, the exit task. Containers are processes of this machine. A field, a word or a placeholder that it does not know is an error.
 */
export class ArgoSimulator {
  readonly started: Started[] = [];
  readonly #cluster: Cluster;
  readonly #objects: readonly ArgoObject[];
  readonly #workflows = new Map<string, Promise<"Succeeded" | "Failed">>();
  readonly #mutexes = new Map<string, Promise<unknown>>();
  readonly #children = new Set<ChildProcess>();
  #isTicking = false;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#objects = readObjects(cluster.files);
  }

  /** One firing of the CronWorkflow; none while another one is under way (`Forbid`). */
  async tick(): Promise<"Succeeded" | "Failed" | "forbidden"> {
    const cron = this.#objects.find((one) => one.kind === "CronWorkflow");
    if (cron === undefined) throw new Error("no CronWorkflow");
    if (this.#isTicking) return "forbidden";
    this.#isTicking = true;
    try {
      return await this.#run(cron.spec.workflowSpec, {});
    } finally {
      this.#isTicking = false;
    }
  }

  /** What the API server does with a new Workflow: 201 and it begins, or 409 where one of its name is there. */
  submit(name: string, template: string, parameters: Readonly<Record<string, string>>): 201 | 404 | 409 {
    const found = this.#objects.find((one) => one.kind === "WorkflowTemplate" && one.metadata.name === template);
    if (found?.kind !== "WorkflowTemplate") return 404;
    if (this.#workflows.has(name)) return 409;
    const ending = this.#run(found.spec, parameters);
    // Whoever asks how it ended is told; nobody has to.
    ending.catch(() => {});
    this.#workflows.set(name, ending);
    return 201;
  }

  /** How a workflow ended. */
  workflow(name: string): Promise<"Succeeded" | "Failed"> {
    const found = this.#workflows.get(name);
    if (found === undefined) throw new Error(`no workflow ${name}`);
    return found;
  }

  close(): void {
    for (const child of this.#children) child.kill("SIGKILL");
  }

  async #run(spec: WorkflowSpec, parameters: Readonly<Record<string, string>>): Promise<"Succeeded" | "Failed"> {
    for (const { name } of spec.arguments?.parameters ?? [])
      if (parameters[name] === undefined) throw new Error(`the workflow is given no parameter ${name}`);
    const end = new AbortController();
    const deadline = setTimeout(() => end.abort(), spec.activeDeadlineSeconds * 1_000);
    const workflow = { spec, parameters, end: end.signal };
    const names = (spec.synchronization?.mutexes ?? []).map(({ name }) => name);
    const release = Promise.withResolvers<void>();
    const before = names.map((name) => this.#mutexes.get(name));
    for (const name of names) this.#mutexes.set(name, release.promise);
    try {
      await Promise.all(before);
      const { phase } = await this.#template(workflow, spec.entrypoint, {});
      // The exit task runs however the run ended, past its deadline too; where it fails, the workflow has failed.
      const exit =
        spec.onExit === undefined
          ? "Succeeded"
          : (await this.#template({ ...workflow, end: new AbortController().signal }, spec.onExit, {})).phase;
      return phase === "Succeeded" && exit === "Succeeded" ? "Succeeded" : "Failed";
    } finally {
      clearTimeout(deadline);
      release.resolve();
    }
  }

  #template(workflow: Workflow, name: string, inputs: Readonly<Record<string, string>>): Promise<Result> {
    const template = workflow.spec.templates.find((one) => one.name === name);
    if (template === undefined) throw new Error(`no template ${name}`);
    for (const { name: wanted } of template.inputs?.parameters ?? [])
      if (inputs[wanted] === undefined) throw new Error(`template ${name} is given no parameter ${wanted}`);
    return "dag" in template ? this.#dag(workflow, template, inputs) : this.#pod(workflow, template, inputs);
  }

  async #dag(
    workflow: Workflow,
    { dag: { tasks } }: DagTemplate,
    inputs: Readonly<Record<string, string>>,
  ): Promise<Result> {
    const results = new Map<string, Promise<Result>>();
    const nothing = (phase: Phase): Result => ({ phase, outputs: {} });
    const carryOut = async (task: (typeof tasks)[number]): Promise<Result> => {
      const done = new Map<string, Result>();
      for (const name of dependenciesOf(task.depends)) done.set(name, await resultOf(name));
      const phaseOf = (name: string): Phase => done.get(name)?.phase ?? "Omitted";
      if (task.depends !== undefined && !dependsHolds(task.depends, phaseOf)) return nothing("Omitted");
      const output = (name: string, parameter: string) => done.get(name)?.outputs[parameter];
      if (task.when !== undefined && !whenHolds(task.when, output)) return nothing("Skipped");
      const value = (name: string): string | undefined => {
        const [, from = "", parameter = ""] =
          /^tasks\.([-a-z0-9]+)\.outputs\.parameters\.([-a-z0-9]+)$/.exec(name) ?? [];
        return from === "" ? known(workflow, inputs)(name) : all.get(from)?.outputs[parameter];
      };
      const given = (task.arguments?.parameters ?? []).map((one) => [one.name, filled(one.value, value)] as const);
      return this.#template(workflow, task.template, Object.fromEntries(given));
    };
    // Ancestors' outputs may be read as well as those of direct dependencies: they have ended.
    const all = new Map<string, Result>();
    const resultOf = (name: string): Promise<Result> => {
      const task = tasks.find((one) => one.name === name);
      if (task === undefined) throw new Error(`a task depends on ${name}, which is not in its DAG`);
      const begun =
        results.get(name) ??
        carryOut(task).then((result) => {
          all.set(name, result);
          return result;
        });
      results.set(name, begun);
      return begun;
    };
    for (const { name } of tasks) await resultOf(name);
    // A leaf that was passed over has the phase of what it waited for.
    const settled = (name: string): Phase[] => {
      const phase = all.get(name)?.phase ?? "Omitted";
      const before = dependenciesOf(tasks.find((one) => one.name === name)?.depends);
      return phase === "Skipped" || phase === "Omitted" ? before.flatMap(settled) : [phase];
    };
    const inner = new Set(tasks.flatMap(({ depends }) => dependenciesOf(depends)));
    const phases = tasks.filter(({ name }) => !inner.has(name)).flatMap(({ name }) => settled(name));
    return nothing(phases.find((phase) => phase === "Failed" || phase === "Error") ?? "Succeeded");
  }

  async #pod(workflow: Workflow, template: PodTemplate, inputs: Readonly<Record<string, string>>): Promise<Result> {
    const { retryStrategy: retry } = template;
    for (let attempt = 0; ; attempt += 1) {
      const result = await this.#attempt(workflow, template, inputs);
      if (!("status" in result)) return result;
      const again =
        retry !== undefined &&
        attempt < Number(retry.limit) &&
        (retry.expression === undefined || retryHolds(retry.expression, result));
      if (!again || workflow.end.aborted) return { phase: result.status, outputs: {} };
      await sleep(WAIT);
    }
  }

  async #attempt(
    workflow: Workflow,
    template: PodTemplate,
    inputs: Readonly<Record<string, string>>,
  ): Promise<Result | LastRetry> {
    const { container } = template;
    const fill = (text: string) => filled(text, known(workflow, inputs));
    for (const text of Object.values(template.metadata?.annotations ?? {})) fill(text);
    const mounts = this.#mounts(workflow.spec, container.volumeMounts);
    const { values, environment } = this.#cluster;
    const own = container.env.flatMap((variable): (readonly [string, string])[] => {
      if ("value" in variable) return [[variable.name, outside(fill(variable.value), mounts)]];
      const { valueFrom } = variable;
      const from = "secretKeyRef" in valueFrom ? valueFrom.secretKeyRef : valueFrom.configMapKeyRef;
      const value = values()[`${from.name}/${from.key}`];
      if (value !== undefined) return [[variable.name, value]];
      if ("optional" in from && from.optional === true) return [];
      throw new Error(`the cluster has no ${from.name}/${from.key}`);
    });
    const words = [...container.command, ...container.args].map((word) => outside(fill(word), mounts));
    const [program = "", ...rest] = words;
    const child = spawn(program, rest, {
      cwd: outside(container.workingDir, mounts),
      env: { ...environment(), ...Object.fromEntries(own) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#children.add(child);
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (said += text));
    const limit =
      template.activeDeadlineSeconds === undefined ? undefined : Number(fill(String(template.activeDeadlineSeconds)));
    const kill = () => void child.kill("SIGKILL");
    const deadline = limit === undefined ? undefined : setTimeout(kill, limit * 1_000);
    workflow.end.addEventListener("abort", kill);
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (status, signal) => resolve(status ?? (signal === "SIGTERM" ? 143 : 137)));
    });
    clearTimeout(deadline);
    workflow.end.removeEventListener("abort", kill);
    this.#children.delete(child);
    this.started.push({ template: template.name, words, code, said });
    if (code !== 0) return { status: "Failed", exitCode: String(code) };
    const outputs = (template.outputs?.parameters ?? []).map(({ name, valueFrom }) => {
      const file = outside(valueFrom.path, mounts);
      const text = existsSync(file) ? inside(readFileSync(file, "utf8"), mounts) : valueFrom.default;
      if (text === undefined) throw new Error(`${template.name} left no output ${name}`);
      return [name, text] as const;
    });
    return { phase: "Succeeded", outputs: Object.fromEntries(outputs) };
  }

  /** Folders of this machine by the path at which a pod sees them. */
  #mounts(spec: WorkflowSpec, mounted: PodTemplate["container"]["volumeMounts"]): ReadonlyMap<string, string> {
    const { disk, scratch, addresses } = this.#cluster;
    return new Map(
      mounted.map(({ name, mountPath }) => {
        const volume = spec.volumes.find((one) => one.name === name);
        if (volume === undefined) throw new Error(`no volume ${name}`);
        if ("persistentVolumeClaim" in volume) return [mountPath, disk];
        const folder = mkdtempSync(join(scratch, "pod-"));
        if ("emptyDir" in volume) return [mountPath, folder];
        const map = this.#objects.find(
          (one) => one.kind === "ConfigMap" && one.metadata.name === volume.configMap.name,
        );
        if (map?.kind !== "ConfigMap") throw new Error(`no ConfigMap ${volume.configMap.name}`);
        mkdirSync(folder, { recursive: true });
        for (const [file, text] of Object.entries(map.data)) {
          const heard = Object.entries(addresses).reduce((told, [there, here]) => told.replaceAll(there, here), text);
          writeFileSync(join(folder, file), heard);
        }
        return [mountPath, folder];
      }),
    );
  }
}

function known({ parameters }: Workflow, inputs: Readonly<Record<string, string>>) {
  return (name: string): string | undefined => {
    const [, kind, parameter = ""] = /^(workflow|inputs)\.parameters\.([-a-z0-9]+)$/.exec(name) ?? [];
    if (kind === undefined) return undefined;
    return kind === "workflow" ? parameters[parameter] : inputs[parameter];
  };
}

/** A text of a pod as this machine has to read it: with the folders that stand for what is mounted. */
function outside(text: string, mounts: ReadonlyMap<string, string>): string {
  const paths = [...mounts.keys()].map((path) => path.replace(/[.]/g, "\\."));
  return text.replace(new RegExp(`(?<![\\w/.-])(${paths.join("|")})(?=/|$)`, "g"), (path) => mounts.get(path) ?? path);
}

/** A text that a process left, as a pod would have written it. */
function inside(text: string, mounts: ReadonlyMap<string, string>): string {
  return [...mounts].reduce((told, [path, folder]) => told.replaceAll(folder, path), text);
}
