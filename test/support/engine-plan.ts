import type { Bindings } from "../../compiler/plan/bindings.ts";
import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import { fixturePlan } from "./fixture-plan.ts";

/** Bindings of an environment whose steps are pods of Kubeflow Pipelines. */
export const kfpBindings: Partial<Bindings> = {
  environment: "production",
  ledger: { kind: "postgres", secret: "retrain/ledger-url" },
  runtimeImage: "registry.example.com/retrain@sha256:0123456789abcdef",
  engines: {
    kfp: {
      platform: "kubernetes",
      version: "2.17",
      namespace: "kubeflow",
      api: "http://ml-pipeline.kubeflow:8888",
      serviceAccount: "pipeline-runner",
      volume: { claim: "retrain", mount: "/work" },
    },
  },
};

/** The plan with an image for each of the author's steps that has none. */
export function withImages(plan: PipelinePlan): PipelinePlan {
  const nodes = plan.retrain.nodes.map((node) =>
    node.kind === "step"
      ? {
          ...node,
          step: { ...node.step, image: node.step.image ?? "registry.example.com/step@sha256:fedcba9876543210" },
        }
      : node,
  );
  return { ...plan, retrain: { ...plan.retrain, nodes } };
}

/** The plan of the flight delays example for Kubeflow Pipelines. */
export function kfpPlan(bindings: Partial<Bindings> = {}): PipelinePlan {
  return withImages(fixturePlan({ ...kfpBindings, ...bindings }));
}

/** Bindings of an environment whose steps are pods of Argo Workflows. */
export const argoBindings: Partial<Bindings> = {
  environment: "production",
  ledger: { kind: "postgres", secret: "retrain/ledger-url" },
  runtimeImage: "registry.example.com/retrain@sha256:0123456789abcdef",
  engines: {
    argo: {
      namespace: "models",
      serviceAccount: "retrain",
      version: "4.0",
      volume: { claim: "retrain", mount: "/work" },
    },
  },
};

/** The plan of the flight delays example for Argo Workflows. */
export function argoPlan(bindings: Partial<Bindings> = {}): PipelinePlan {
  return withImages(fixturePlan({ ...argoBindings, ...bindings }));
}

/** Bindings of an environment whose steps are pods that Airflow starts. */
export function airflowPods(version: "3.3" | "2.11"): Partial<Bindings> {
  return {
    environment: "production",
    ledger: { kind: "postgres", secret: "retrain/ledger-url" },
    runtimeImage: "registry.example.com/retrain@sha256:0123456789abcdef",
    engines: {
      airflow: {
        version,
        executor: "kubernetes",
        runtime: ["retrain-runtime"],
        namespace: "models",
        serviceAccount: "retrain",
        volume: { claim: "retrain", mount: "/work" },
      },
    },
  };
}

type Train = Extract<PipelinePlan["retrain"]["nodes"][number], { kind: "step" }>["step"];

/** The plan of the flight delays example for pods of Airflow, with another train step. */
export function airflowPodsPlan(version: "3.3" | "2.11", change: Partial<Train> = {}): PipelinePlan {
  const plan = withImages(fixturePlan(airflowPods(version)));
  const nodes = plan.retrain.nodes.map((node) =>
    node.kind === "step" && node.name === "train" ? { ...node, step: { ...node.step, ...change } } : node,
  );
  return { ...plan, retrain: { ...plan.retrain, nodes } };
}
