import type { PipelinePlan } from "../../../compiler/plan/plan.ts";
import { diagnostic } from "../../../language/diagnostics/report.ts";
import { inertJson } from "../inert.ts";
import { type Construct, construct, constructOf, policyPlace, wholePolicy } from "./construct.ts";

/** Most characters of a plan in one argument; Linux takes 131,072 bytes. */
const LONGEST_ARGUMENT = 100_000;
/** Most characters of a plan in a ConfigMap, which takes 1 MiB with all that belongs to it. */
const LONGEST_FILE = 900_000;

/** A bucket as Vertex AI mounts it into every step. */
const BUCKET = /^\/gcs\/[^/]+/;

function sharesNoDisk({ bindings }: PipelinePlan, target: string): boolean {
  const { kfp } = bindings.engines;
  if (target === "kfp" && kfp?.platform === "vertex") return !BUCKET.test(bindings.work);
  return target !== "local" && bindings.engines[target as "argo" | "kfp" | "airflow"]?.volume === undefined;
}

function neededDisk({ bindings }: PipelinePlan, target: string): string {
  if (target === "kfp" && bindings.engines.kfp?.platform === "vertex") return "`work: /gcs/BUCKET/FOLDER`";
  return `\`targets: { ${target}: { volume: { claim: NAME, mount: PATH } } }\``;
}

function hasVolume({ engines }: PipelinePlan["bindings"], target: string): boolean {
  return target !== "local" && engines[target as "argo" | "kfp" | "airflow"]?.volume !== undefined;
}

function longPlan(name: string, limit: number, indent: number): Construct {
  const find = (plan: PipelinePlan) => {
    const characters = inertJson(plan, indent).length;
    return characters > limit ? [{ place: policyPlace(plan), detail: { characters } }] : [];
  };
  return constructOf("environment", name, find, "target/plan-too-large", ({ target, occurrence, span }) => {
    const characters = Number(occurrence.detail?.["characters"]);
    return diagnostic("target/plan-too-large", span, { target, characters, limit });
  });
}

/** What an environment of the configuration says, and does not say. */
export const environment = {
  sqlite: constructOf(
    "environment",
    "a ledger in SQLite",
    wholePolicy(({ bindings }) => bindings.ledger.kind === "sqlite"),
    "config/ledger-not-shared",
    ({ target, plan, span }) =>
      diagnostic("config/ledger-not-shared", span, { target, environment: plan.bindings.environment }),
  ),
  postgres: construct(
    "environment",
    "a ledger in PostgreSQL",
    wholePolicy(({ bindings }) => bindings.ledger.kind === "postgres"),
  ),
  rehearsal: construct(
    "environment",
    "the clock of a rehearsal",
    wholePolicy(({ bindings }) => bindings.clock.pace !== "real"),
  ),
  noRuntimeImage: constructOf(
    "environment",
    "no image of the runtime",
    wholePolicy(({ bindings }) => (bindings.runtimeImage ?? "").trim() === ""),
    "target/needs-runtime-image",
    ({ target, plan, span }) =>
      diagnostic("target/needs-runtime-image", span, { target, environment: plan.bindings.environment }),
  ),
  noDisk: constructOf(
    "environment",
    "no disk that all steps share",
    wholePolicy(sharesNoDisk),
    "target/needs-shared-disk",
    ({ target, plan, span }) =>
      diagnostic("target/needs-shared-disk", span, {
        target,
        environment: plan.bindings.environment,
        needed: neededDisk(plan, target),
      }),
  ),
  volume: construct(
    "environment",
    "`volume`: a claim that steps share",
    wholePolicy(({ bindings }, target) => hasVolume(bindings, target)),
  ),
  longPlan: longPlan("a plan above 100,000 characters", LONGEST_ARGUMENT, 0),
  hugePlan: longPlan("a plan above 900,000 characters", LONGEST_FILE, 1),
} as const;
