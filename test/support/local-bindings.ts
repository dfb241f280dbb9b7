import type { Bindings } from "../../compiler/plan/bindings.ts";

/** Bindings of a plain environment on one machine, for a model of this name. */
export function localBindings(name: string): Bindings {
  return {
    environment: "local",
    ledger: { kind: "sqlite", path: ".retrain/ledger.db" },
    work: ".retrain/runs",
    registry: { kind: "local", name, folder: ".retrain/registry" },
    serving: { kind: "local", name, url: "http://127.0.0.1:9090", folder: ".retrain/serving" },
    clock: { pace: "real" },
    testing: false,
    engines: { local: {} },
  };
}
