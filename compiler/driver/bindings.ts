import type { Bindings } from "../plan/bindings.ts";
import type { Config, Environment } from "./config.ts";
import { Failure } from "./failure.ts";

/** Names of things in the policy that bindings are made for. */
export interface Bound {
  readonly registry: string;
  readonly serving: string;
}

/** The environment that is meant: the one named, the only one, or `local`. */
export function chooseEnvironment(
  config: Config,
  named: string | undefined,
): { name: string; environment: Environment } {
  const names = Object.keys(config.environments);
  const name = named ?? (names.length === 1 ? names[0] : undefined) ?? "local";
  const environment = Object.hasOwn(config.environments, name) ? config.environments[name] : undefined;
  if (environment !== undefined) return { name, environment };
  if (names.length === 0 && name === "local") return { name, environment: DEFAULTS };
  const known = names.length === 0 ? "The configuration has no environments." : `It has: ${names.join(", ")}.`;
  throw new Failure("usage", "config/unknown-environment", `the configuration has no environment \`${name}\``, known);
}

const DEFAULTS: Environment = {
  ledger: "sqlite:.retrain/ledger.db",
  work: ".retrain/runs",
  registries: { local: { folder: ".retrain/registry" } },
  serving: { local: { url: "http://127.0.0.1:9090", folder: ".retrain/serving" } },
  targets: { local: {} },
};

function clockOf(environment: Environment): Bindings["clock"] {
  const { clock } = environment;
  if (clock === undefined) return { pace: "real" };
  const { start, participants } = clock;
  if (clock.pace === "work") return { pace: "work", start, participants };
  return { pace: "scaled", factor: clock.pace, start, participants };
}

/** Where a policy's things are in an environment. */
export function bindingsFor(name: string, environment: Environment, bound: Bound): Bindings {
  return {
    environment: name,
    ledger: { kind: "sqlite", path: environment.ledger.slice("sqlite:".length) },
    work: environment.work,
    registry: {
      kind: "local",
      name: bound.registry,
      folder: `${environment.registries.local.folder}/${bound.registry}`,
    },
    serving: {
      kind: "local",
      name: bound.serving,
      url: environment.serving.local.url,
      folder: `${environment.serving.local.folder}/${bound.serving}`,
    },
    clock: clockOf(environment),
  };
}
