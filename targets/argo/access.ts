import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import { owned, type Yaml } from "../shared/yaml.ts";
import { argoOptions } from "./options.ts";

/** The tick's own account: it starts runs, which no other step may. */
export function tickAccount(plan: PipelinePlan): string {
  return `${argoOptions(plan).serviceAccount}-tick`;
}

/** Accounts of the steps and of the tick, with the least that they need. */
export function accessDocuments(plan: PipelinePlan): { comment: string; document: Yaml }[] {
  const { namespace, serviceAccount: steps } = argoOptions(plan);
  const tick = tickAccount(plan);
  const head = (kind: string, name: string, version: string) => ({
    apiVersion: owned(version),
    kind: owned(kind),
    metadata: {
      name: owned(name),
      namespace: owned(namespace),
      labels: { "app.kubernetes.io/managed-by": "retrain" },
    },
  });
  const account = (name: string): Yaml => head("ServiceAccount", name, "v1");
  const rights = "rbac.authorization.k8s.io/v1";
  const role = (name: string, resource: string, verbs: readonly string[]): Yaml => ({
    ...head("Role", name, rights),
    rules: [{ apiGroups: ["argoproj.io"], resources: [owned(resource)], verbs: verbs.map(owned) }],
  });
  const binding = (name: string, subjects: readonly string[]): Yaml => ({
    ...head("RoleBinding", name, rights),
    roleRef: { apiGroup: owned("rbac.authorization.k8s.io"), kind: owned("Role"), name: owned(name) },
    subjects: subjects.map((subject) => ({
      kind: owned("ServiceAccount"),
      name: owned(subject),
      namespace: owned(namespace),
    })),
  });
  const executor = `${steps}-executor`;
  return [
    { comment: "Every step of a run.", document: account(steps) },
    { comment: "The monitor's tick.", document: account(tick) },
    {
      comment: "Argo's executor beside each step reports what the step left.",
      document: role(executor, "workflowtaskresults", ["create", "patch"]),
    },
    { comment: "", document: binding(executor, [steps, tick]) },
    { comment: "Only the tick starts runs.", document: role(tick, "workflows", ["create"]) },
    { comment: "", document: binding(tick, [tick]) },
  ];
}
