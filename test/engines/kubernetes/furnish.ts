import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { apply, call, get, type Kind, readText } from "./api.ts";
import { NAMESPACE, places } from "./places.ts";
import { run } from "./process.ts";

const CRDS = ["workflows", "workflowtemplates", "cronworkflows", "workflowtaskresults"];

/** Applies Argo's own definitions, as its module holds them, and waits until they are served. */
export async function installArgo(): Promise<void> {
  const module = run("go", [
    "-C",
    join(import.meta.dirname, "argo"),
    "list",
    "-m",
    "-f",
    "{{.Dir}}",
    "github.com/argoproj/argo-workflows/v4",
  ]).trim();
  for (const file of globSync(`${module}/manifests/base/crds/minimal/argoproj.io_*.yaml`)) {
    const name = `${/argoproj\.io_(\w+)\.yaml$/.exec(file)?.[1] ?? ""}.argoproj.io`;
    const head = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata: { name } };
    await apply(head, readText(file));
  }
  for (const plural of CRDS) {
    while ((await call("GET", `/apis/argoproj.io/v1alpha1/${plural}`)).status !== 200)
      await new Promise((wake) => setTimeout(wake, 100));
  }
}

/** Argo's own containers of a pod keep to Kubernetes' strictest level only where its controller is told so. */
const EXECUTOR = {
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  },
};

/** What a controller-manager and an administrator would make: the account, the certificate, rules for pods, the disk. */
export async function furnish(): Promise<void> {
  const namespace = NAMESPACE;
  const own = (kind: string, name: string, rest: object): Kind => ({
    apiVersion: "v1",
    kind,
    metadata: { name, namespace },
    ...rest,
  });
  // Pods that do not keep to the strictest of Kubernetes' own levels are refused, Argo's own containers included.
  const enforce = { "pod-security.kubernetes.io/enforce": "restricted" };
  await apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels: enforce } });
  await apply(own("ServiceAccount", "default", {}));
  const certificate = readFileSync(join(places.keys, "api/apiserver.crt"), "utf8");
  await apply(own("ConfigMap", "kube-root-ca.crt", { data: { "ca.crt": certificate } }));
  await apply(
    own("ConfigMap", "workflow-controller-configmap", {
      // Its port may be anybody's on this machine.
      data: { executor: JSON.stringify(EXECUTOR), metricsConfig: JSON.stringify({ enabled: false }) },
    }),
  );
  await bindDisk(own);
}

/** A claim and a volume for it; no controller binds them here, so both are told that they are bound. */
async function bindDisk(own: (kind: string, name: string, rest: object) => Kind): Promise<void> {
  const size = { storage: "1Gi" };
  const accessModes = ["ReadWriteMany"];
  const claim = { accessModes, storageClassName: "", volumeName: "work", resources: { requests: size } };
  await apply(own("PersistentVolumeClaim", "work", { spec: claim }));
  const path = `/api/v1/namespaces/${NAMESPACE}/persistentvolumeclaims/work`;
  const { metadata } = await get<{ metadata: { uid: string } }>(path);
  const claimRef = { apiVersion: "v1", kind: "PersistentVolumeClaim", name: "work", namespace: NAMESPACE };
  await apply({
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: "work" },
    spec: {
      capacity: size,
      accessModes,
      hostPath: { path: places.volume },
      claimRef: { ...claimRef, uid: metadata.uid },
    },
  });
  for (const one of ["/api/v1/persistentvolumes/work", path]) {
    const bound = { status: { phase: "Bound" } };
    const { status, body } = await call("PATCH", `${one}/status`, bound, "application/merge-patch+json");
    if (status >= 300) throw new Error(`${one}: ${status} ${JSON.stringify(body)}`);
  }
}
