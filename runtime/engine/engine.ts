import { mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { PipelinePlan } from "../../compiler/plan/plan.ts";
import type { Clock } from "../clock/clock.ts";
import { thisProcess } from "../ledger/identity.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { openLedger } from "../ledger/open.ts";
import { openRegistry } from "../registries/open.ts";
import type { Registry } from "../registries/registry.ts";
import { type DuckDbSource, openDuckDbSource } from "../sources/duckdb/open.ts";
import { type MetricSource, openMetrics } from "../sources/metrics.ts";
import { openTraffic } from "../traffic/open.ts";
import type { Traffic } from "../traffic/traffic.ts";
import { asTaskClock, openClock, type TaskClock } from "./open-clock.ts";

/** Everything a plan needs to be carried out on this machine, opened. */
export interface Engine {
  readonly plan: PipelinePlan;
  /** Absolute folder of the configuration: relative paths of the bindings start there. */
  readonly root: string;
  /** Absolute folder of the policy file: relative paths of datasets and steps start there. */
  readonly policyFolder: string;
  /** `ENVIRONMENT/POLICY`: the policy's chain in the ledger, and the name of its lease. */
  readonly chain: string;
  readonly holder: string;
  /** Version of the program that runs here; stands in every decision. */
  readonly program: string;
  readonly ledger: Ledger;
  readonly clock: Clock & TaskClock;
  readonly source: DuckDbSource;
  readonly registry: Registry;
  readonly traffic: Traffic;
  /** Where live metrics are asked for; undefined where the environment names no store. */
  readonly metrics: MetricSource | undefined;
  /** Tells a person at the terminal; nothing depends on it. */
  readonly say: (line: string) => void;
  close(): Promise<void>;
}

/** Memory of the data engine: enough to sort some million rows without its scratch folder, little enough to leave room for the author's steps. */
const MEMORY = "256MB";

/** Name of a policy's chain and lease. */
export function chainOf(plan: PipelinePlan): string {
  return `${plan.bindings.environment}/${plan.policy.name}`;
}

/** What the caller has already, in place of what would be opened; the ledger is then the engine's to close. */
export interface Opened {
  readonly ledger?: Ledger;
  /** A clock for tests of engines. Rows later than it are the future, as in a rehearsal. */
  readonly clock?: Clock;
  readonly holder?: string;
}

/** Opens what the plan's bindings name. Rejects with LedgerError, FileError, ParticipantError or ClockError. */
export async function openEngine(
  plan: PipelinePlan,
  root: string,
  program: string,
  say: (line: string) => void,
  opened: Opened = {},
): Promise<Engine> {
  const { bindings } = plan;
  const policyFolder = dirname(resolve(root, plan.policy.file));
  const scratch = join(resolve(root, bindings.work), ".scratch");
  mkdirSync(scratch, { recursive: true });
  const ledger = opened.ledger ?? (await openLedger(bindings.ledger, root));
  const source = openDuckDbSource({
    root: policyFolder,
    scratch,
    memory: MEMORY,
    rehearsal: bindings.clock.pace !== "real" || opened.clock !== undefined,
  });
  const holder = opened.holder ?? thisProcess();
  try {
    const { clock: given } = opened;
    const clock = given === undefined ? await openClock({ plan, ledger, source, holder }) : asTaskClock(given);
    return {
      plan,
      root,
      policyFolder,
      chain: chainOf(plan),
      holder,
      program,
      ledger,
      clock,
      source,
      registry: openRegistry(bindings.registry, root),
      traffic: openTraffic(bindings.serving),
      metrics: await openMetrics(bindings.metrics),
      say,
      async close() {
        await clock.close();
        await source.close();
        await ledger.close();
      },
    };
  } catch (error) {
    await source.close();
    await ledger.close();
    throw error;
  }
}

/** Absolute folder of one run's files. */
export function runFolder(engine: Engine, run: string): string {
  return join(resolve(engine.root, engine.plan.bindings.work), run);
}

/** The same engine with the plan that a run was started with: a run keeps its plan, whatever the policy says by now. */
export async function withPlanOf(engine: Engine, digest: string): Promise<Engine> {
  if (digest === engine.plan.policy.digest) return engine;
  const json = await engine.ledger.plan(digest);
  if (json === undefined) throw new Error(`the ledger does not hold the plan ${digest}`);
  // What the run means is kept; where things are is the configuration's, which may have moved them.
  return { ...engine, plan: { ...PipelinePlan.parse(JSON.parse(json)), bindings: engine.plan.bindings } };
}
