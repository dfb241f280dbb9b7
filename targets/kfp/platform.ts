import { retrainName } from "../../compiler/plan/engine-name.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import { wholeSeconds } from "../shared/kubernetes.ts";
import { marked, owned, type Yaml } from "../shared/yaml.ts";
import { allTasks, executorOf } from "./emit.ts";
import { kfpOptions } from "./options.ts";
import type { Pipeline, Task } from "./pipeline.ts";

/** The second document: what Kubernetes adds to each container. Shape: https://github.com/kubeflow/pipelines/blob/master/kubernetes_platform/proto/kubernetes_executor_config.proto */
export function platformDocument(plan: PipelinePlan, pipeline: Pipeline): Yaml {
  const { version } = kfpOptions(plan);
  const tasks = allTasks(pipeline.root.tasks).filter(({ body }) => body.kind === "container");
  return {
    platforms: {
      kubernetes: {
        deploymentSpec: {
          executors: Object.fromEntries(
            tasks.map((task) => [executorOf(task), marked(executorConfig(plan, task), task.place)]),
          ),
        },
        // Releases before 2.17 refuse the whole document for it.
        pipelineConfig: version === "2.16" ? undefined : { activeDeadlineSeconds: wholeSeconds(pipeline.deadline) },
      },
    },
  };
}

function executorConfig(plan: PipelinePlan, { body, place }: Task): Yaml {
  if (body.kind === "group") throw new Error("a group has no executor");
  const { volume } = kfpOptions(plan);
  const { name, digest } = plan.policy;
  const file = place.file.replace(/[^A-Za-z0-9_./-]/g, "?");
  const secrets = Object.entries(body.secrets);
  return {
    activeDeadlineSeconds: wholeSeconds(body.deadline),
    podMetadata: {
      labels: { "retrain.dev/policy": retrainName(name) },
      annotations: { "retrain.dev/policy-digest": digest, "retrain.dev/source": `${file}:${place.line}` },
    },
    pvcMount:
      volume === undefined
        ? undefined
        : [{ ...named("constant", "pvcNameParameter", volume.claim), mountPath: volume.mount }],
    emptyDirMounts:
      body.disk === undefined ? undefined : [{ volumeName: owned("disk"), mountPath: "/tmp", sizeLimit: body.disk }],
    secretAsEnv:
      secrets.length === 0 ? undefined : secrets.map(([variable, reference]) => secretAsEnv(variable, reference)),
    securityContext: { runAsNonRoot: true },
  };
}

/** A name in both of the forms that releases read, as the SDK writes it. */
function named(plain: string, parameter: string, name: string): { [key: string]: Yaml } {
  return { [plain]: name, [parameter]: { runtimeValue: { constant: name } } };
}

function secretAsEnv(variable: string, reference: string): Yaml {
  const [secret = "", ...key] = reference.split("/");
  return {
    ...named("secretName", "secretNameParameter", secret),
    keyToEnv: [{ secretKey: key.join("/"), envVar: variable }],
    optional: false,
  };
}
