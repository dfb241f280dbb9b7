import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import { owned, type Yaml } from "../shared/yaml.ts";
import { policyName } from "./names.ts";
import { diskOf } from "./options.ts";

/** The user of every pod, that of Argo's own containers: with one user and one group all steps can read and write the shared disk. */
const USER = 8737;

/** Security of whole pods, Argo's own containers included. */
export const podSecurity: Yaml = {
  runAsNonRoot: true,
  runAsUser: USER,
  runAsGroup: USER,
  fsGroup: USER,
  seccompProfile: { type: owned("RuntimeDefault") },
};

/** Security of a container. */
export const containerSecurity: Yaml = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: [owned("ALL")] },
};

/** The disk that all steps share. `tmp` is a folder of each pod. */
export function volumes(plan: PipelinePlan): { readonly [key: string]: Yaml }[] {
  const disk = diskOf(plan);
  if (disk === undefined) throw new Error("steps share no disk; the check refuses that");
  return [
    { name: owned("work"), persistentVolumeClaim: { claimName: disk.claim } },
    { name: owned("tmp"), emptyDir: {} },
  ];
}

export function mounts(plan: PipelinePlan): { readonly [key: string]: Yaml }[] {
  return [
    { name: owned("work"), mountPath: diskOf(plan)?.mount ?? "" },
    { name: owned("tmp"), mountPath: "/tmp" },
  ];
}

export function labels(plan: PipelinePlan): Yaml {
  return { "app.kubernetes.io/managed-by": "retrain", "retrain.dev/policy": policyName(plan.policy.name) };
}

/** What leads from an object back to the policy. Texts of a policy stand in none of them, only its path. */
export function annotations(plan: PipelinePlan, line: number): Yaml {
  return { "retrain.dev/policy-digest": plan.policy.digest, "retrain.dev/source": sourceOf(plan.policy.file, line) };
}

export const sourceOf = (file: string, line: number): string => `${file.replace(/[^A-Za-z0-9_./-]/g, "?")}:${line}`;

/** `secret/key` as a reference. */
export function secretReference(reference: string): Yaml {
  const [name = "", ...key] = reference.split("/");
  return { secretKeyRef: { name, key: key.join("/") } };
}

/** Variables of the runtime's own steps. */
export function runtimeEnvironment({ bindings }: PipelinePlan): Yaml[] {
  const { ledger, testing } = bindings;
  return [
    ...(ledger.kind === "postgres" ? [{ name: "RETRAIN_LEDGER_URL", valueFrom: secretReference(ledger.secret) }] : []),
    ...(testing
      ? [
          {
            name: "RETRAIN_CLOCK",
            valueFrom: { configMapKeyRef: { name: "retrain-testing", key: "clock", optional: true } },
          },
        ]
      : []),
  ];
}
