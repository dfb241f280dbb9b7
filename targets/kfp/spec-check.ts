import { Folded, Marked, Owned, type Yaml } from "../shared/yaml.ts";

type Json = string | number | boolean | null | readonly Json[] | JsonMap;
interface JsonMap {
  readonly [key: string]: Json | undefined;
}

/** A document as a reader of the written file has it. */
export function plain(value: Yaml): Json {
  if (value instanceof Owned || value instanceof Folded) return value.text;
  if (value instanceof Marked) return plain(value.value);
  if (Array.isArray(value)) return (value as readonly Yaml[]).map(plain);
  if (typeof value !== "object" || value === null) return value as string | number | boolean | null;
  const members = Object.entries(value as { readonly [key: string]: Yaml | undefined });
  return Object.fromEntries(members.flatMap(([key, one]) => (one === undefined ? [] : [[key, plain(one)]])));
}

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const QUANTITY = /^([1-9][0-9]*|[0-9]+\.[0-9]+)([mkMGTPE]|[KMGTPE]i)?$/;
const CONDITION = /^inputs\.parameter_values\['([^'\\]+)'\] == '([a-z_]+)'$/;

/** Defects of a PipelineSpec that neither the schema nor any tool of Kubeflow refuses; empty where there are none. @param platform the second document */
export function specDefects(spec: Json, platform?: Json): string[] {
  const document = map(spec);
  const defects: string[] = [];
  const name = text(map(document["pipelineInfo"])["name"]);
  if (!NAME.test(name) || name.length > 63) defects.push(`the pipeline's name \`${name}\` is none`);
  if (document["schemaVersion"] !== "2.1.0") defects.push("the version of the schema is not 2.1.0");
  const components = map(document["components"]);
  const executors = map(map(document["deploymentSpec"])["executors"]);
  for (const [label, executor] of Object.entries(executors)) defects.push(...containerDefects(label, executor));
  const roots = [["root", map(document["root"])] as const];
  const used = new Set<string>();
  for (const [id, component] of [...roots, ...Object.entries(components).map(([id, one]) => [id, map(one)] as const)]) {
    const label = component["executorLabel"];
    if (label !== undefined) {
      used.add(text(label));
      if (!Object.hasOwn(executors, text(label))) defects.push(`component ${id} has no executor ${text(label)}`);
      defects.push(...placeholderDefects(id, component, executors[text(label)]));
    }
    defects.push(...dagDefects(id, component, components));
  }
  for (const label of Object.keys(executors)) if (!used.has(label)) defects.push(`no component has executor ${label}`);
  if (platform !== undefined) {
    const kubernetes = map(map(map(platform)["platforms"])["kubernetes"]);
    for (const label of Object.keys(map(map(kubernetes["deploymentSpec"])["executors"]))) {
      if (!Object.hasOwn(executors, label)) defects.push(`the platform configures ${label}, which is no executor`);
    }
  }
  return defects;
}

function containerDefects(label: string, executor: Json | undefined): string[] {
  const container = map(map(executor)["container"]);
  const defects: string[] = [];
  if (text(container["image"]).trim() === "") defects.push(`executor ${label} has no image`);
  if (list(container["command"]).length === 0) defects.push(`executor ${label} has no command`);
  for (const [what, amount] of Object.entries(map(container["resources"]))) {
    const quantity = what === "accelerator" ? map(amount)["resourceCount"] : amount;
    if (!QUANTITY.test(text(quantity)))
      defects.push(`executor ${label} asks for ${what} \`${text(quantity)}\`, which is no quantity`);
  }
  return defects;
}

const PLACEHOLDER = /\{\{\$\.(inputs|outputs)\.parameters\['([^']*)'\](?:\.output_file)?\}\}/g;

/** Placeholders of inputs and outputs that the component does not declare, outputs that nothing writes, and anything else that an engine would take for a placeholder. */
function placeholderDefects(id: string, component: JsonMap, executor: Json | undefined): string[] {
  const container = map(map(executor)["container"]);
  const words = [...list(container["command"]), ...list(container["args"])].map(text);
  const defects: string[] = [];
  const written = new Set<string>();
  for (const word of words) {
    for (const [, side = "", name = ""] of word.matchAll(PLACEHOLDER)) {
      const declared = map(map(component[side === "inputs" ? "inputDefinitions" : "outputDefinitions"])["parameters"]);
      if (!Object.hasOwn(declared, name)) defects.push(`component ${id} uses ${side} \`${name}\` without declaring it`);
      if (side === "outputs") written.add(name);
    }
  }
  const variables = list(container["env"]).map((one) => text(map(one)["value"]));
  for (const word of [text(container["image"]), ...words.map((one) => one.replace(PLACEHOLDER, "")), ...variables]) {
    if (word.includes("{{")) defects.push(`component ${id} holds \`{{\` where no placeholder is meant`);
  }
  for (const output of Object.keys(map(map(component["outputDefinitions"])["parameters"]))) {
    if (!written.has(output)) defects.push(`component ${id} declares the output \`${output}\` and does not write it`);
  }
  return defects;
}

function dagDefects(id: string, component: JsonMap, components: JsonMap): string[] {
  const dag = component["dag"];
  if (dag === undefined) return [];
  const tasks = Object.entries(map(map(dag)["tasks"])).map(([name, task]) => [name, map(task)] as const);
  const byName = new Map(tasks);
  const own = definitions(component, "inputDefinitions");
  const defects: string[] = [];
  const exits = new Set(
    tasks.flatMap(([name, task]) =>
      map(task["triggerPolicy"])["strategy"] === "ALL_UPSTREAM_TASKS_COMPLETED" ? [name] : [],
    ),
  );
  if (tasks.length === 0) defects.push(`${id} has no tasks`);
  if (exits.size > 1) defects.push(`${id} has ${exits.size} exit tasks; the engine keeps one`);
  for (const [name, task] of tasks) {
    const at = `task ${name} of ${id}`;
    const reference = text(map(task["componentRef"])["name"]);
    const called = Object.hasOwn(components, reference) ? map(components[reference]) : undefined;
    if (called === undefined) defects.push(`${at} has no component \`${reference}\``);
    if (JSON.stringify(task["cachingOptions"]) !== "{}") defects.push(`${at} does not say that it may not be cached`);
    const after = list(task["dependentTasks"]).map(text);
    for (const other of after) {
      if (!byName.has(other)) defects.push(`${at} waits for \`${other}\`, which is not there`);
      if (exits.has(other)) defects.push(`${at} comes after the exit task ${other}`);
    }
    if (exits.has(name) && after.length !== 1)
      defects.push(`${at} is an exit task and waits for ${after.length} tasks`);
    const wanted = called === undefined ? new Map<string, string>() : definitions(called, "inputDefinitions");
    const given = map(map(task["inputs"])["parameters"]);
    for (const input of wanted.keys()) {
      if (!Object.hasOwn(given, input)) defects.push(`${at} gives nothing for the input \`${input}\``);
    }
    for (const [input, source] of Object.entries(given)) {
      const type = wanted.get(input);
      if (type === undefined) defects.push(`${at} gives the input \`${input}\`, which its component does not have`);
      const { type: got, producer, problem } = sourceType(map(source), own, byName, components);
      if (problem !== undefined) defects.push(`${at}, input \`${input}\`: ${problem}`);
      if (type !== undefined && got !== undefined && got !== type) {
        defects.push(`${at} gives ${got} for the input \`${input}\` of type ${type}`);
      }
      if (producer !== undefined && !after.includes(producer)) {
        defects.push(`${at} reads what ${producer} writes and does not wait for it`);
      }
    }
    defects.push(...conditionDefects(at, task, given));
  }
  return [...defects, ...cycleDefects(id, byName)];
}

function conditionDefects(at: string, task: JsonMap, given: JsonMap): string[] {
  const { condition } = map(task["triggerPolicy"]);
  if (condition === undefined) return [];
  const [, input = ""] = CONDITION.exec(text(condition)) ?? [];
  if (input === "") return [`${at} has a condition that is no comparison of one word`];
  if (!Object.hasOwn(given, input)) return [`${at} has a condition on \`${input}\`, which is not its own input`];
  const source = map(given[input]);
  return source["componentInputParameter"] === undefined
    ? [`${at} has a condition on a word that is answered beside it; the local runner would skip it`]
    : [];
}

function sourceType(
  source: JsonMap,
  own: ReadonlyMap<string, string>,
  tasks: ReadonlyMap<string, JsonMap>,
  components: JsonMap,
): { readonly type?: string; readonly producer?: string; readonly problem?: string } {
  const input = source["componentInputParameter"];
  if (input !== undefined) {
    const type = own.get(text(input));
    return type === undefined ? { problem: `its group has no input \`${text(input)}\`` } : { type };
  }
  const status = source["taskFinalStatus"];
  const output = source["taskOutputParameter"];
  const producer = text(map(status ?? output)["producerTask"]);
  const task = tasks.get(producer);
  if (task === undefined) return { problem: `there is no task \`${producer}\` beside it` };
  if (status !== undefined) return { type: "TASK_FINAL_STATUS", producer };
  const component = map(components[text(map(task["componentRef"])["name"])]);
  const key = text(map(output)["outputParameterKey"]);
  const type = definitions(component, "outputDefinitions").get(key);
  return type === undefined ? { producer, problem: `task ${producer} has no output \`${key}\`` } : { type, producer };
}

/** Names and types of a component's parameters. */
function definitions(component: JsonMap, side: "inputDefinitions" | "outputDefinitions"): Map<string, string> {
  const parameters = map(map(component[side])["parameters"]);
  return new Map(Object.entries(parameters).map(([name, one]) => [name, text(map(one)["parameterType"])]));
}

/** Tasks that wait for themselves. */
function cycleDefects(id: string, tasks: ReadonlyMap<string, JsonMap>): string[] {
  const left = new Map([...tasks].map(([name, task]) => [name, list(task["dependentTasks"]).map(text)]));
  for (;;) {
    const free = [...left].filter(([, after]) => after.every((other) => !left.has(other)));
    if (free.length === 0) break;
    for (const [name] of free) left.delete(name);
  }
  return left.size === 0 ? [] : [`tasks of ${id} wait for each other: ${[...left.keys()].join(", ")}`];
}

const map = (value: Json | undefined): JsonMap =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonMap) : {};
const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);
const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");
