import { readFileSync } from "node:fs";
import { PipelinePlan } from "../../compiler/plan/plan.ts";
import { type Engine, openEngine } from "../engine/engine.ts";
import { bodyOf, keys, type RunStarted } from "../engine/run-records.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { openLedger, openLedgerForReading } from "../ledger/open.ts";
import type { Asked } from "./arguments.ts";
import { exit, StepError } from "./error.ts";
import { clockOf } from "./testing-clock.ts";

/** What a step is told by its surroundings. */
export interface Surroundings {
  /** Absolute folder that relative paths of the bindings start from: the process's working folder. */
  readonly root: string;
  /** Version of the program. */
  readonly program: string;
  /** The variable RETRAIN_CLOCK. */
  readonly clock: string | undefined;
  readonly say: (line: string) => void;
}

/** Name of who acts for a run: the same in every process of the run, so that a step goes on under the lease of the one before it. */
export const holderOf = (run: string): string => `run/${run}`;

/** Opens the engine of a run's own plan; undefined where nobody has started a run of this name. Never makes a ledger: a wrong path must not look like an empty one. */
export async function openRunEngine(asked: Asked, around: Surroundings): Promise<Engine | undefined> {
  const { root } = around;
  await (await openLedgerForReading(asked.ledger, root)).close();
  const ledger = await openLedger(asked.ledger, root);
  try {
    const record = await ledger.find(`${asked.environment}/${asked.policy}`, keys.started(asked.run));
    if (record !== undefined) {
      const started = bodyOf<RunStarted>(record);
      const json = await ledger.plan(started.bound ?? started.plan);
      if (json === undefined) {
        const sentence = `the ledger does not hold the plan of run ${asked.run}; give back the ledger that started it`;
        throw new StepError(exit.broken, sentence);
      }
      return await openWith(readPlan(json, `the plan of run ${asked.run}`), ledger, holderOf(asked.run), asked, around);
    }
  } catch (error) {
    await ledger.close();
    throw error;
  }
  await ledger.close();
  return undefined;
}

/** Opens the engine of the plan that a tick is given. */
export async function openTickEngine(asked: Asked, around: Surroundings, holder: string): Promise<Engine> {
  const plan = givenPlan(asked);
  const ledger = await openLedger(asked.ledger, around.root);
  try {
    return await openWith(plan, ledger, holder, asked, around);
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

async function openWith(
  plan: PipelinePlan,
  ledger: Ledger,
  holder: string,
  asked: Asked,
  { root, program, clock, say }: Surroundings,
): Promise<Engine> {
  const { bindings, policy } = plan;
  if (bindings.environment !== asked.environment || policy.name !== asked.policy) {
    const found = `policy ${policy.name} in environment ${bindings.environment}`;
    throw new StepError(exit.usage, `the plan is of ${found}, not of ${asked.policy} in ${asked.environment}`);
  }
  if (bindings.clock.pace !== "real") {
    const sentence = `environment ${asked.environment} has a rehearsal clock, which moves in one process only; remove \`clock\` from it`;
    throw new StepError(exit.broken, sentence);
  }
  return openEngine(plan, root, program, say, { ledger, holder, ...clockOf(bindings.testing, clock, say) });
}

function givenPlan({ plan }: Asked): PipelinePlan {
  if (plan === undefined) throw new Error("a tick without a plan");
  if ("json" in plan) return readPlan(plan.json, "--plan-json");
  try {
    return readPlan(readFileSync(plan.file, "utf8"), plan.file);
  } catch (error) {
    if (error instanceof StepError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new StepError(exit.broken, `the plan ${plan.file} cannot be read: ${why}`);
  }
}

function readPlan(json: string, from: string): PipelinePlan {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new StepError(exit.usage, `${from} is no JSON`);
  }
  const parsed = PipelinePlan.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const where = first === undefined ? "" : `${first.path.join(".")}: ${first.message}`;
  throw new StepError(exit.usage, `${from} is no plan that this release can read: ${where}`);
}
