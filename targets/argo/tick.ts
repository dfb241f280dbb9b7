import { runtimeArguments } from "../../compiler/plan/command-line.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import { policyPlace } from "../shared/constructs/construct.ts";
import { fiveFieldCron } from "../shared/cron.ts";
import { inertJson } from "../shared/inert.ts";
import { wholeSeconds } from "../shared/kubernetes.ts";
import { literal, marked, owned, type Yaml } from "../shared/yaml.ts";
import { tickAccount } from "./access.ts";
import { podMetadata, runtimeContainer } from "./container.ts";
import { SHORT } from "./lower.ts";
import { tickName } from "./names.ts";
import { argoOptions } from "./options.ts";
import { annotations, labels, podSecurity, sourceOf, volumes } from "./pod.ts";

const HOUR = 3600;
const FOLDER = "/etc/retrain";
const FILE = "plan.json";

/** The monitor's tick: when it runs, and the plan that it is told. */
export function tickDocuments(plan: PipelinePlan): { comment: string; document: Yaml }[] {
  const { namespace } = argoOptions(plan);
  const place = policyPlace(plan);
  const name = tickName(plan.policy.name);
  const metadata = {
    name: owned(name),
    namespace: owned(namespace),
    labels: labels(plan),
    annotations: annotations(plan, place.line),
  };
  return [
    { comment: "", document: cron(plan, metadata) },
    {
      comment:
        "The compiled policy as the tick reads it; every rule and limit stands here and in the ledger, in no engine's syntax.",
      document: {
        apiVersion: owned("v1"),
        kind: owned("ConfigMap"),
        metadata: marked(metadata, place),
        data: { [FILE]: literal(inertJson(plan, 1)) },
      },
    },
  ];
}

function cron(plan: PipelinePlan, metadata: { readonly [key: string]: Yaml }): Yaml {
  const place = policyPlace(plan);
  const args = runtimeArguments(plan, { verb: "tick", engine: "argo", plan: ["--plan", `${FOLDER}/${FILE}`] });
  return {
    apiVersion: owned("argoproj.io/v1alpha1"),
    kind: owned("CronWorkflow"),
    metadata: marked(metadata, place),
    spec: {
      schedules: [fiveFieldCron(plan.monitor.every)],
      timezone: owned("UTC"),
      concurrencyPolicy: marked(
        owned("Forbid"),
        undefined,
        "one tick at a time; the next one is the retry of a late or broken one",
      ),
      startingDeadlineSeconds: Math.max(60, wholeSeconds(plan.monitor.every)),
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 5,
      workflowMetadata: { labels: labels(plan) },
      workflowSpec: {
        entrypoint: owned("tick"),
        serviceAccountName: owned(tickAccount(plan)),
        activeDeadlineSeconds: wholeSeconds(SHORT),
        podGC: { strategy: owned("OnPodSuccess") },
        ttlStrategy: { secondsAfterSuccess: HOUR, secondsAfterFailure: 7 * 24 * HOUR },
        securityContext: podSecurity,
        volumes: [...volumes(plan), { name: owned("plan"), configMap: { name: owned(tickName(plan.policy.name)) } }],
        templates: [
          {
            name: owned("tick"),
            metadata: podMetadata(plan, sourceOf(place.file, place.line)),
            container: runtimeContainer(plan, args, [{ name: owned("plan"), mountPath: FOLDER, readOnly: true }]),
          },
        ],
      },
    },
  };
}
