import { handedOver, runtimeArguments } from "../../compiler/plan/command-line.ts";
import type { Node } from "../../compiler/plan/graph.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import { describe } from "../shared/describe.ts";
import { type Segment, told } from "../shared/handover.ts";
import { byteQuantity, cpuQuantity, escaped, parameterOf, wholeSeconds } from "../shared/kubernetes.ts";
import { taskName } from "../shared/names.ts";
import { marked, owned, type Yaml } from "../shared/yaml.ts";
import { RETRY, SHORT } from "./lower.ts";
import { diskOf } from "./options.ts";
import {
  annotations,
  containerSecurity,
  labels,
  mounts,
  runtimeEnvironment,
  secretReference,
  sourceOf,
} from "./pod.ts";

/** The run's name, in any template. */
export const RUN = "{{workflow.parameters.run}}";
export const input = (name: string): string => `{{inputs.parameters.${name}}}`;

const WORD_FILE = "/tmp/retrain/word";
const valueFile = (parameter: string): string => `/tmp/retrain/${parameter}`;

/** By the exit code of the runtime: 75 is an environment that may come back, 137 and 143 a pod that was killed. Anything else is an answer or a mistake. */
const WORTH_RETRYING = "lastRetry.status == 'Error' || asInt(lastRetry.exitCode) in [75, 137, 143]";

type Members = { readonly [key: string]: Yaml | undefined };

function backoff(first: number, longest: number): Yaml {
  return { duration: `${wholeSeconds(first)}s`, factor: "2", cap: `${wholeSeconds(longest)}s` };
}

export const runtimeRetry: Yaml = {
  limit: String(RETRY.times),
  retryPolicy: owned("Always"),
  expression: WORTH_RETRYING,
  backoff: backoff(RETRY.first, RETRY.longest),
};

/** A container of the runtime. Policy, run and node stand on its command line, never a rule. */
export function runtimeContainer(plan: PipelinePlan, args: readonly string[], more: readonly Members[] = []): Yaml {
  const environment = runtimeEnvironment(plan);
  return {
    image: plan.bindings.runtimeImage ?? "",
    command: ["retrain-runtime"],
    args,
    workingDir: diskOf(plan)?.mount,
    env: environment.length === 0 ? undefined : environment,
    resources: { requests: { cpu: "100m", memory: "512Mi" } },
    securityContext: containerSecurity,
    volumeMounts: [...mounts(plan), ...more],
  };
}

/** The template of every deciding step but the snapshot: which one it is comes in as parameters. */
export function decideTemplate(plan: PipelinePlan): Yaml {
  const args = runtimeArguments(plan, { verb: input("verb"), node: input("node"), run: RUN });
  return {
    name: owned("decide"),
    inputs: { parameters: ["verb", "node", "source", "deadline"].map((name) => ({ name: owned(name) })) },
    metadata: podMetadata(plan, input("source")),
    activeDeadlineSeconds: input("deadline"),
    retryStrategy: runtimeRetry,
    container: runtimeContainer(plan, [...args, "--word", WORD_FILE]),
    outputs: { parameters: [wordOutput] },
  };
}

/** A word that was not written is `none`, on which nothing goes on. */
const wordOutput: Yaml = { name: owned("word"), valueFrom: { path: WORD_FILE, default: "none" } };

/** The snapshot, which hands over what the author's steps are told. */
export function snapshotTemplate(plan: PipelinePlan, node: Node, deadline: number): Yaml {
  const values = handedOver(plan);
  const args = runtimeArguments(plan, { verb: "snapshot", node: node.id, run: RUN });
  return marked(
    {
      name: owned("snapshot"),
      metadata: podMetadata(plan, sourceOf(node.place.file, node.place.line)),
      activeDeadlineSeconds: wholeSeconds(deadline),
      retryStrategy: runtimeRetry,
      container: runtimeContainer(plan, [
        ...args,
        ...values.flatMap((name) => ["--value", `${name}=${valueFile(parameterOf(name))}`]),
        "--word",
        WORD_FILE,
      ]),
      outputs: {
        parameters: [
          wordOutput,
          ...values.map((name) => {
            const parameter = parameterOf(name);
            return { name: owned(parameter), valueFrom: { path: valueFile(parameter), default: "" } };
          }),
        ],
      },
    },
    node.place,
    "fixes the rows of a run and hands over what the author's steps are told",
  );
}

/** The exit task. */
export function finishTemplate(plan: PipelinePlan): Yaml {
  const args = runtimeArguments(plan, { verb: "finish", run: RUN });
  return marked(
    {
      name: owned("finish"),
      metadata: podMetadata(plan),
      activeDeadlineSeconds: wholeSeconds(SHORT),
      retryStrategy: runtimeRetry,
      container: runtimeContainer(plan, [...args, "--word", WORD_FILE]),
    },
    undefined,
    "runs however the run ended: closes it in the ledger and gives its lease back; moves no traffic",
  );
}

export function podMetadata(plan: PipelinePlan, source?: string): Yaml {
  const digest = { "retrain.dev/policy-digest": plan.policy.digest };
  return {
    labels: labels(plan),
    annotations: source === undefined ? digest : { ...digest, "retrain.dev/source": source },
  };
}

/** Values of the snapshot that a node's command or variables hold, as parameters; sorted. */
export function valuesOf(plan: PipelinePlan, node: Extract<Node, { kind: "step" }>): string[] {
  const { command, environment } = told(plan, node, "", "");
  const words = [...command, ...environment.map(({ value }) => value)];
  const names = words.flat().flatMap((segment) => (segment.kind === "value" ? [parameterOf(segment.name)] : []));
  return [...new Set(names)].sort();
}

function word(segments: readonly Segment[]): string {
  return segments
    .map((segment) => {
      if (segment.kind === "text") return escaped(segment.text);
      return segment.kind === "run" ? RUN : input(parameterOf(segment.name));
    })
    .join("");
}

/** Label and taint of the nodes that may be taken away; the cluster gives it to them. */
const SPOT = { key: "retrain.dev/capacity", value: "spot" };

/** The author's step: the author's image, an argument array, no address or credential of ours. */
export function stepTemplate(plan: PipelinePlan, node: Extract<Node, { kind: "step" }>): Yaml {
  const disk = diskOf(plan);
  const { step } = node;
  const { command, environment, secrets } = told(plan, node, disk?.work ?? "", disk?.policy ?? "");
  const [program = "", ...rest] = command.map(word);
  const { times, first, longest } = step.retry;
  const values = valuesOf(plan, node);
  const env: Yaml[] = [
    ...environment.map(({ name, value }) => ({ name, value: word(value) })),
    ...Object.entries(secrets).map(([name, reference]) => ({ name, valueFrom: secretReference(reference) })),
  ];
  return marked(
    {
      name: owned(taskName(node.id)),
      inputs: values.length === 0 ? undefined : { parameters: values.map((name) => ({ name: owned(name) })) },
      metadata: { labels: labels(plan), annotations: annotations(plan, node.place.line) },
      activeDeadlineSeconds: wholeSeconds(step.timeout),
      retryStrategy:
        times === 0
          ? undefined
          : { limit: String(times), retryPolicy: owned("Always"), backoff: backoff(first, longest) },
      nodeSelector: step.spot ? { [SPOT.key]: SPOT.value } : undefined,
      tolerations: step.spot
        ? [{ key: SPOT.key, operator: owned("Equal"), value: SPOT.value, effect: owned("NoSchedule") }]
        : undefined,
      container: {
        image: step.image ?? "",
        command: [program],
        args: rest.length === 0 ? undefined : rest,
        workingDir: disk?.policy,
        env,
        resources: resourcesOf(step.resources),
        securityContext: containerSecurity,
        volumeMounts: mounts(plan),
      },
    },
    node.place,
    `line ${node.place.line}: ${describe(plan, node)}`,
  );
}

/** What the step asks for is what it gets: requests and limits are the same. */
function resourcesOf({ cpu, memory, disk, gpu }: Readonly<Record<string, number>>): Yaml | undefined {
  const amounts = {
    cpu: cpu === undefined ? undefined : cpuQuantity(cpu),
    memory: memory === undefined ? undefined : byteQuantity(memory),
    "ephemeral-storage": disk === undefined ? undefined : byteQuantity(disk),
    "nvidia.com/gpu": gpu === undefined || gpu === 0 ? undefined : String(gpu),
  };
  if (Object.values(amounts).every((amount) => amount === undefined)) return undefined;
  return { requests: amounts, limits: amounts };
}
