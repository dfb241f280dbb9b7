import { readFileSync } from "node:fs";
import { engineName, retrainName } from "../../compiler/plan/engine-name.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import { type Api, ask, refusal } from "./http.ts";
import { type Starter, StarterError } from "./starter.ts";

/** Where Kubernetes puts a pod's own token and the authority of its API server. */
const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Longest name of a workflow. */
const NAME = 63;

/** Starts runs on Argo Workflows: a Workflow of the policy's WorkflowTemplate, under a name that the run gives, so that a second one collides. */
export function argoStarter(plan: PipelinePlan, given?: Api): Starter {
  const namespace = plan.bindings.engines.argo?.namespace ?? "default";
  return {
    async start(run, signal) {
      const api = given ?? inCluster();
      const body = {
        apiVersion: "argoproj.io/v1alpha1",
        kind: "Workflow",
        metadata: { name: engineName(run, NAME), namespace },
        spec: {
          workflowTemplateRef: { name: retrainName(plan.policy.name) },
          arguments: { parameters: [{ name: "run", value: run }] },
        },
      };
      const path = `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/workflows`;
      const answer = await ask(api, { method: "POST", path, body }, signal);
      // 409: an earlier tick has started it.
      if (answer.status === 201 || answer.status === 200 || answer.status === 409) return;
      throw refusal(api, "the new workflow", answer);
    },
  };
}

/** The API server as a pod sees it. Throws StarterError outside of a cluster. */
function inCluster(): Api {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = "443" } = process.env;
  if (host === undefined)
    throw new StarterError("refused", "this is no pod of a cluster: KUBERNETES_SERVICE_HOST is not set");
  try {
    return {
      base: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
      authority: readFileSync(`${ACCOUNT}/ca.crt`, "utf8"),
      token: readFileSync(`${ACCOUNT}/token`, "utf8").trim(),
    };
  } catch (error) {
    const sentence = `the pod has no token of its account at ${ACCOUNT}; let it be mounted (automountServiceAccountToken)`;
    throw new StarterError("refused", sentence, { cause: error });
  }
}
