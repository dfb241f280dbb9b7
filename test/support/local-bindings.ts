import type { Bindings } from "../../compiler/plan/bindings.ts";
import type { CheckedModel } from "../../language/semantics/checked/policy.ts";

/** Bindings of an environment that has the kinds of registry and server that a policy writes, as far as there are such bindings. */
export function fittingBindings(model: CheckedModel | undefined): Bindings {
  const local = localBindings(model?.registry.name ?? "none");
  const registry =
    model?.registry.type === "mlflow"
      ? ({ kind: "mlflow", name: model.registry.name, url: "http://mlflow.example.com" } as const)
      : local.registry;
  const name = model?.serving.name ?? "none";
  const logs = {
    uri: "s3://lake/inference/*.parquet",
    columns: { key: "key", time: "time", version: "version", score: "score", latency_ms: "latency_ms" },
  };
  const serving =
    model?.serving.type === "kserve"
      ? ({ kind: "kserve", name, namespace: "models", logs } as const)
      : model?.serving.type === "batch"
        ? ({ kind: "batch", name } as const)
        : { ...local.serving, name };
  return { ...local, registry, serving };
}

/** Bindings of a plain environment on one machine, for a model of this name. */
export function localBindings(name: string): Bindings {
  return {
    environment: "local",
    ledger: { kind: "sqlite", path: ".retrain/ledger.db" },
    work: ".retrain/runs",
    registry: { kind: "local", name, folder: ".retrain/registry" },
    serving: { kind: "local", name, url: "http://127.0.0.1:9090", folder: ".retrain/serving" },
    metrics: { prometheus: { url: "http://127.0.0.1:9091", scrapeInterval: 15_000 } },
    clock: { pace: "real" },
    testing: false,
    engines: { local: {} },
  };
}
