import { call } from "./api.ts";
import { NAMESPACE } from "./places.ts";

const ARGO = new Set(["workflows", "workflowtaskresults", "workflowtemplates", "cronworkflows"]);

/** Whether the API server lets an account do something in its namespace. */
export async function accessOf(account: string, verb: string, resource: string): Promise<boolean> {
  const { status, body } = await call("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    spec: {
      user: `system:serviceaccount:${NAMESPACE}:${account}`,
      groups: ["system:serviceaccounts", `system:serviceaccounts:${NAMESPACE}`, "system:authenticated"],
      resourceAttributes: { namespace: NAMESPACE, verb, resource, group: ARGO.has(resource) ? "argoproj.io" : "" },
    },
  });
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
  return (body as { status: { allowed: boolean } }).status.allowed;
}
