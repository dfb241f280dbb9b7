import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";
import { z } from "zod";

/** The part of Argo's objects that generated files use. Anything else is refused by its name, so that nothing passes in silence. */

const Name = z.string().regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
const Seconds = z.union([z.int().positive(), z.string()]);
const Labels = z.record(z.string(), z.string());
const Metadata = z.strictObject({
  name: Name,
  namespace: Name,
  labels: Labels.optional(),
  annotations: Labels.optional(),
});

const Argument = z.strictObject({ name: Name, value: z.string() });
const Task = z.strictObject({
  name: Name,
  template: Name,
  depends: z.string().optional(),
  when: z.string().optional(),
  arguments: z.strictObject({ parameters: z.array(Argument) }).optional(),
});

const SecretKey = z.strictObject({ name: z.string(), key: z.string() });
const Variable = z.union([
  z.strictObject({ name: z.string(), value: z.string() }),
  z.strictObject({ name: z.string(), valueFrom: z.strictObject({ secretKeyRef: SecretKey }) }),
  z.strictObject({
    name: z.string(),
    valueFrom: z.strictObject({
      configMapKeyRef: z.strictObject({ name: z.string(), key: z.string(), optional: z.boolean().optional() }),
    }),
  }),
]);

/** What a process of this machine cannot be held to, and what it is without. */
const ContainerSecurity = z.strictObject({
  allowPrivilegeEscalation: z.literal(false),
  readOnlyRootFilesystem: z.literal(true),
  capabilities: z.strictObject({ drop: z.tuple([z.literal("ALL")]) }),
});
const PodSecurity = z.strictObject({
  runAsNonRoot: z.literal(true),
  runAsUser: z.int(),
  runAsGroup: z.int(),
  fsGroup: z.int(),
  seccompProfile: z.strictObject({ type: z.literal("RuntimeDefault") }),
});
const Amounts = z.record(z.string(), z.string());

const Container = z.strictObject({
  image: z.string().min(1),
  command: z.array(z.string()).min(1),
  args: z.array(z.string()).default([]),
  workingDir: z.string(),
  env: z.array(Variable).default([]),
  resources: z.strictObject({ requests: Amounts, limits: Amounts.optional() }).optional(),
  securityContext: ContainerSecurity,
  volumeMounts: z.array(
    z.strictObject({ name: z.string(), mountPath: z.string().startsWith("/"), readOnly: z.boolean().optional() }),
  ),
});
export type Container = z.infer<typeof Container>;

const Retry = z.strictObject({
  limit: z.string().regex(/^\d+$/),
  retryPolicy: z.literal("Always"),
  expression: z.string().optional(),
  backoff: z.strictObject({ duration: z.string(), factor: z.string(), cap: z.string() }),
});
export type Retry = z.infer<typeof Retry>;

const Output = z.strictObject({
  name: Name,
  valueFrom: z.strictObject({ path: z.string(), default: z.string().optional() }),
});

const Dag = z.strictObject({
  name: Name,
  inputs: z.strictObject({ parameters: z.array(z.strictObject({ name: Name })) }).optional(),
  dag: z.strictObject({ tasks: z.array(Task).min(1) }),
});
const Pod = z.strictObject({
  name: Name,
  inputs: z.strictObject({ parameters: z.array(z.strictObject({ name: Name })) }).optional(),
  metadata: z.strictObject({ labels: Labels.optional(), annotations: Labels.optional() }).optional(),
  activeDeadlineSeconds: Seconds.optional(),
  retryStrategy: Retry.optional(),
  container: Container,
  outputs: z.strictObject({ parameters: z.array(Output) }).optional(),
});
const Template = z.union([Dag, Pod]);
export type Template = z.infer<typeof Template>;
export type DagTemplate = z.infer<typeof Dag>;
export type PodTemplate = z.infer<typeof Pod>;

const Volume = z.union([
  z.strictObject({ name: z.string(), persistentVolumeClaim: z.strictObject({ claimName: z.string() }) }),
  z.strictObject({ name: z.string(), emptyDir: z.strictObject({}) }),
  z.strictObject({ name: z.string(), configMap: z.strictObject({ name: z.string() }) }),
]);

const Spec = z.strictObject({
  entrypoint: Name,
  onExit: Name.optional(),
  arguments: z.strictObject({ parameters: z.array(z.strictObject({ name: Name })) }).optional(),
  serviceAccountName: Name,
  activeDeadlineSeconds: z.int().positive(),
  synchronization: z.strictObject({ mutexes: z.array(z.strictObject({ name: Name })) }).optional(),
  // What is kept of finished pods and workflows, for how long, and under which labels, decides nothing.
  podGC: z.strictObject({ strategy: z.literal("OnPodSuccess") }),
  ttlStrategy: z.strictObject({ secondsAfterSuccess: z.int(), secondsAfterFailure: z.int() }),
  workflowMetadata: z.strictObject({ labels: Labels }).optional(),
  securityContext: PodSecurity,
  volumes: z.array(Volume),
  templates: z.array(Template).min(1),
});
export type WorkflowSpec = z.infer<typeof Spec>;

const Objects = z.discriminatedUnion("kind", [
  z.strictObject({
    apiVersion: z.literal("argoproj.io/v1alpha1"),
    kind: z.literal("WorkflowTemplate"),
    metadata: Metadata,
    spec: Spec,
  }),
  z.strictObject({
    apiVersion: z.literal("argoproj.io/v1alpha1"),
    kind: z.literal("CronWorkflow"),
    metadata: Metadata,
    spec: z.strictObject({
      // Whoever drives the simulator says when a tick is due.
      schedules: z.array(z.string()).length(1),
      timezone: z.literal("UTC"),
      concurrencyPolicy: z.literal("Forbid"),
      startingDeadlineSeconds: z.int().positive(),
      successfulJobsHistoryLimit: z.int(),
      failedJobsHistoryLimit: z.int(),
      workflowMetadata: z.strictObject({ labels: Labels }),
      workflowSpec: Spec,
    }),
  }),
  z.strictObject({
    apiVersion: z.literal("v1"),
    kind: z.literal("ConfigMap"),
    metadata: Metadata,
    data: z.record(z.string(), z.string()),
  }),
]);
export type ArgoObject = z.infer<typeof Objects>;

/** Objects of generated files as they stand. Throws an error that names a field which the simulator does not know. */
export function readObjects(files: readonly string[]): readonly ArgoObject[] {
  return files.flatMap((file) =>
    parseAllDocuments(readFileSync(file, "utf8")).map((document) => {
      const found = Objects.safeParse(document.toJS());
      if (found.success) return found.data;
      throw new Error(`${file}: the simulator does not know all of this:\n${z.prettifyError(found.error)}`);
    }),
  );
}
