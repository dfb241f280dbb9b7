import * as z from "zod";

/** A name that Kubernetes takes for a namespace, account or claim. */
const KubernetesName = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, "must be small letters, digits and hyphens, at most 63");

/** The disk that all steps of a run share: an existing PersistentVolumeClaim and where it is mounted. `work` and the policy's folder are read from there. */
const Volume = z.strictObject({
  claim: KubernetesName.describe("name of the PersistentVolumeClaim"),
  mount: z
    .string()
    .regex(/^\/[A-Za-z0-9/._-]+$/, "must be an absolute path")
    .describe("where it is mounted in every step; relative paths of the configuration start there"),
});

/** Argo Workflows: where the generated objects live. */
export const ArgoOptions = z.strictObject({
  namespace: KubernetesName.default("default").describe("namespace of the generated objects"),
  serviceAccount: KubernetesName.default("retrain").describe(
    "account that the steps run as; generated with its rights",
  ),
  version: z.enum(["3.7", "4.0", "4.1"]).default("4.0").describe("version of Argo Workflows"),
  volume: Volume.optional().describe("disk that all steps share"),
});
export type ArgoOptions = z.infer<typeof ArgoOptions>;

/** Kubeflow Pipelines 2. */
export const KfpOptions = z.strictObject({
  platform: z.enum(["kubernetes", "vertex"]).default("kubernetes").describe("who runs the pipeline"),
  version: z.enum(["2.16", "2.17"]).default("2.17").describe("version of Kubeflow Pipelines"),
  namespace: KubernetesName.default("kubeflow").describe("namespace in which runs are started"),
  api: z
    .url({ protocol: /^https?$/ })
    .default("http://ml-pipeline.kubeflow:8888")
    .describe("origin of the API that the tick starts runs with"),
  serviceAccount: KubernetesName.default("pipeline-runner").describe("account that the steps run as"),
  volume: Volume.optional().describe("disk that all steps share"),
});
export type KfpOptions = z.infer<typeof KfpOptions>;

/** Apache Airflow. */
export const AirflowOptions = z.strictObject({
  version: z.enum(["2.11", "3.3"]).default("3.3").describe("version of Airflow"),
  executor: z
    .enum(["local", "kubernetes"])
    .default("local")
    .describe("steps are processes of the worker, or pods of their own"),
  runtime: z
    .array(z.string().min(1))
    .min(1)
    .default(["retrain-runtime"])
    .describe("how a worker starts the runtime; with executor `local` only"),
  namespace: KubernetesName.default("default").describe("namespace of the pods; with executor `kubernetes` only"),
  serviceAccount: KubernetesName.default("retrain").describe("account of the pods; with executor `kubernetes` only"),
  volume: Volume.optional().describe("disk that all pods share; with executor `kubernetes` only"),
});
export type AirflowOptions = z.infer<typeof AirflowOptions>;

/** What an environment says about each engine that it has; generated files and the runtime's starter read it. */
export const Engines = z.strictObject({
  local: z.strictObject({}).optional().describe("this machine; has no fields yet"),
  argo: ArgoOptions.optional().describe("Argo Workflows"),
  kfp: KfpOptions.optional().describe("Kubeflow Pipelines"),
  airflow: AirflowOptions.optional().describe("Apache Airflow"),
});
export type Engines = z.infer<typeof Engines>;

/** Names of the engines that run steps away from the command line. */
export const StepEngine = z.enum(["argo", "kfp", "airflow"]);
export type StepEngine = z.infer<typeof StepEngine>;
