import type { Node } from "../../compiler/plan/graph.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import type { Disk } from "../shared/disk.ts";
import { byteQuantity, cpuQuantity, escaped } from "../shared/kubernetes.ts";
import { engineName } from "../shared/names.ts";
import type { Task, Word } from "./lower.ts";
import { diskOf, optionsOf } from "./options.ts";

/** A text of a pod: as it stands, or pieces of which some are known only in a run. */
type Text = string | { readonly text: readonly (string | { readonly of: string })[] };
export type Json =
  | string
  | number
  | boolean
  | null
  | undefined
  | Text
  | readonly Json[]
  | { readonly [key: string]: Json };

/** The file that Kubernetes shows as a container's last words: so the answer needs no second container, no image beside the step's and no right to run commands in pods. 4,096 bytes are kept of it. */
export const LAST_WORDS = "/dev/termination-log";

/** One user and one group for every pod, so that all steps read and write the shared disk. */
const USER = 8737;

/** Label and taint of the nodes that may be taken away; the cluster gives it to them. */
const SPOT = { key: "retrain.dev/capacity", value: "spot" };

/** What all pods of a policy have in common, as Kubernetes has it. */
export interface Pods {
  readonly pod: Json;
  readonly container: Json;
}

export function podsOf(plan: PipelinePlan): Pods {
  const { claim, mount } = needed(plan);
  return {
    pod: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        namespace: optionsOf(plan).namespace,
        labels: {
          "app.kubernetes.io/managed-by": "retrain",
          "retrain.dev/policy": engineName(plan.policy.name, 63),
        },
        annotations: { "retrain.dev/policy-digest": plan.policy.digest },
      },
      spec: {
        serviceAccountName: optionsOf(plan).serviceAccount,
        automountServiceAccountToken: false,
        restartPolicy: "Never",
        securityContext: {
          runAsNonRoot: true,
          runAsUser: USER,
          runAsGroup: USER,
          fsGroup: USER,
          seccompProfile: { type: "RuntimeDefault" },
        },
        volumes: [
          { name: "work", persistentVolumeClaim: { claimName: claim } },
          { name: "tmp", emptyDir: {} },
        ],
      },
    },
    container: {
      name: "base",
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      },
      volumeMounts: [
        { name: "work", mountPath: mount },
        { name: "tmp", mountPath: "/tmp" },
      ],
    },
  };
}

function needed(plan: PipelinePlan): Disk {
  const disk = diskOf(plan);
  if (disk === undefined) throw new Error("steps share no disk; the check refuses that");
  return disk;
}

/** What the pod of one task adds: its time limit and the nodes it may run on, and its container, in which words that only a run knows are `{"text": [...]}`. */
export function ownPod(plan: PipelinePlan, task: Task, node?: Node): { readonly spec: Json; readonly container: Json } {
  const { mount, policy } = needed(plan);
  const step = node?.kind === "step" ? node.step : undefined;
  const [program, ...rest] = task.command.map(textOf);
  const spot = {
    nodeSelector: { [SPOT.key]: SPOT.value },
    tolerations: [{ key: SPOT.key, operator: "Equal", value: SPOT.value, effect: "NoSchedule" }],
  };
  return {
    spec: { activeDeadlineSeconds: task.timeout, ...(step?.spot ? spot : {}) },
    container: {
      image: step === undefined ? (plan.bindings.runtimeImage ?? "") : (step.image ?? ""),
      command: [program],
      ...(rest.length === 0 ? {} : { args: rest }),
      workingDir: step === undefined ? mount : policy,
      env: variables(plan, task),
      resources: step === undefined ? { requests: { cpu: "100m", memory: "512Mi" } } : resourcesOf(step.resources),
    },
  };
}

function variables({ bindings }: PipelinePlan, task: Task): Json {
  const named = Object.entries(task.environment ?? {}).map(([name, word]) => ({ name, value: textOf(word) }));
  const secret = Object.entries(task.secrets ?? {}).map(([name, reference]) => {
    const [from = "", ...key] = reference.split("/");
    return { name, valueFrom: { secretKeyRef: { name: from, key: key.join("/") } } };
  });
  const clock = { name: "retrain-testing", key: "clock", optional: true };
  const moved =
    task.runtime && bindings.testing ? [{ name: "RETRAIN_CLOCK", valueFrom: { configMapKeyRef: clock } }] : [];
  return [...named, ...secret, ...moved];
}

/** What the step asks for is what it gets: requests and limits are the same. */
function resourcesOf({ cpu, memory, disk, gpu }: Readonly<Record<string, number>>): Json {
  const amounts = {
    ...(cpu === undefined ? {} : { cpu: cpuQuantity(cpu) }),
    ...(memory === undefined ? {} : { memory: byteQuantity(memory) }),
    ...(disk === undefined ? {} : { "ephemeral-storage": byteQuantity(disk) }),
    ...(gpu === undefined || gpu === 0 ? {} : { "nvidia.com/gpu": String(gpu) }),
  };
  return Object.keys(amounts).length === 0 ? {} : { requests: amounts, limits: amounts };
}

/** Kubernetes reads `$(NAME)` in words and variables, and `$$` as one dollar; so does the program with what it fills in. */
function textOf(word: Word): Text {
  if (typeof word === "string") return escaped(word);
  // A dollar at the end of a piece must not meet what is filled in behind it.
  return { text: word.map((piece) => (typeof piece === "string" ? escaped(`${piece}(`).slice(0, -1) : piece)) };
}
