import type { Bindings } from "../plan/bindings.ts";
import type { Config, Environment } from "./config.ts";
import { DEFAULT_ENVIRONMENT } from "./defaults.ts";
import { Failure } from "./failure.ts";

/** Names of things in the policy that bindings are made for. */
export interface Bound {
  readonly registry: string;
  readonly serving: string;
  /** What the policy writes before the names: `local`, `mlflow`, `kserve`, ... */
  readonly registryKind: string;
  readonly servingKind: string;
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
  if (names.length === 0 && name === "local") return { name, environment: DEFAULT_ENVIRONMENT };
  const known = names.length === 0 ? "The configuration has no environments." : `It has: ${names.join(", ")}.`;
  throw new Failure("usage", "config/unknown-environment", `the configuration has no environment \`${name}\``, known);
}

function clockOf(environment: Environment): Bindings["clock"] {
  const { clock } = environment;
  if (clock === undefined) return { pace: "real" };
  const { start, participants } = clock;
  if (clock.pace === "work") return { pace: "work", start, participants };
  return { pace: "scaled", factor: clock.pace, start, participants };
}

/** Where an environment keeps its ledger. */
export function ledgerOf(environment: Environment): Bindings["ledger"] {
  const { ledger } = environment;
  if (typeof ledger === "string") return { kind: "sqlite", path: ledger.slice("sqlite:".length) };
  return { kind: "postgres", secret: ledger.postgres.secret };
}

function registryOf(environment: Environment, { registry, registryKind }: Bound): Bindings["registry"] {
  const { local, mlflow } = environment.registries;
  if (registryKind === "mlflow" && mlflow !== undefined) return { kind: "mlflow", name: registry, url: mlflow.url };
  return { kind: "local", name: registry, folder: `${local.folder}/${registry}` };
}

function servingOf(environment: Environment, { serving, servingKind }: Bound): Bindings["serving"] {
  const { local, kserve, batch } = environment.serving;
  if (servingKind === "kserve" && kserve !== undefined) {
    const { namespace, logs } = kserve;
    const uri = logs?.uri.replaceAll("${serving.name}", serving);
    return {
      kind: "kserve",
      name: serving,
      namespace,
      ...(logs === undefined || uri === undefined ? {} : { logs: { ...logs, uri } }),
    };
  }
  if (servingKind === "batch" && batch !== undefined) return { kind: "batch", name: serving };
  return { kind: "local", name: serving, url: local.url, folder: `${local.folder}/${serving}` };
}

function metricsOf({ metrics: { prometheus } }: Environment): Pick<Bindings, "metrics"> {
  if (prometheus === undefined) return {};
  return { metrics: { prometheus: { url: prometheus.url, scrapeInterval: prometheus.scrape_interval } } };
}

/** Groups of approvers as a plan holds them, sorted: their order in the configuration means nothing. */
export function approversOf(groups: NonNullable<Config["approvers"]>): NonNullable<Bindings["approvers"]> {
  const sorted = Object.entries(groups).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(
    sorted.map(([name, group]) => [name, { members: group.members, notAuthor: group.not_author }]),
  );
}

/** Names become folders: they may not lead out of the one they belong in. */
const FOLDER_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** Where a policy's things are in an environment. Throws Failure (`usage`) for a name that is no name of a folder. */
export function bindingsFor(
  name: string,
  environment: Environment,
  bound: Bound,
  approvers?: Config["approvers"],
): Bindings {
  for (const what of ["registry", "serving"] as const) {
    const value = bound[what];
    if (FOLDER_NAME.test(value)) continue;
    const help = "Write letters, digits, dots, hyphens and underscores: it becomes the name of a folder.";
    throw new Failure(
      "usage",
      "config/unsafe-name",
      `the ${what} name \`${value}\` cannot be used on this machine`,
      help,
    );
  }
  return {
    environment: name,
    ledger: ledgerOf(environment),
    work: environment.work,
    ...(approvers === undefined ? {} : { approvers: approversOf(approvers) }),
    registry: registryOf(environment, bound),
    serving: servingOf(environment, bound),
    ...metricsOf(environment),
    clock: clockOf(environment),
    testing: environment.testing,
    ...(environment.runtime === undefined ? {} : { runtimeImage: environment.runtime.image }),
    engines: environment.targets,
  };
}
