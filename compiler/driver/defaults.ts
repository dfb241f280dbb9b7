import type { Config, Environment } from "./config.ts";

/** What an environment without any field says. A test compares it with the schema; it stands here so that the schema's library is not loaded where there is no configuration. */
export const DEFAULT_ENVIRONMENT: Environment = {
  ledger: "sqlite:.retrain/ledger.db",
  work: ".retrain/runs",
  registries: { local: { folder: ".retrain/registry" } },
  serving: { local: { url: "http://127.0.0.1:9090", folder: ".retrain/serving" } },
  metrics: {},
  freezes: [],
  testing: false,
  targets: { local: {} },
};

/** What an empty configuration says. */
export const DEFAULT_CONFIG: Config = {
  policies: ["**/*.retrain"],
  guardrails: [],
  out: "pipelines",
  environments: {},
};
