import { createHash } from "node:crypto";
import type { Lease } from "../ledger/ledger.ts";
import type { Outcome } from "../triggers/outcome.ts";
import { authorOf } from "./author.ts";
import type { Engine } from "./engine.ts";
import { attemptNumber, readHistory } from "./history.ts";
import { bodyOf, keys, type RunStarted } from "./run-records.ts";

/** Name of a run: the policy and eight digits of its firing's key, the same however often it is started. */
export function runName(policy: string, key: string): string {
  return `${policy}-${createHash("sha256").update(key).digest("hex").slice(0, 8)}`;
}

export interface RunOrder {
  readonly key: string;
  readonly firing?: string;
  readonly because: string;
  readonly by?: string;
  /** Keeps the plan with its bindings too, for steps that have no configuration. */
  readonly bound?: boolean;
}

/** Starts a run under a firing's key, or a person's: writes plan and start to the ledger. Starting it again does nothing. */
export async function startRun(engine: Engine, order: RunOrder, lease: Lease): Promise<string> {
  const { plan, ledger, chain, clock } = engine;
  const run = runName(plan.policy.name, order.key);
  if ((await ledger.find(chain, keys.started(run))) !== undefined) return run;
  const json = JSON.stringify(plan);
  await ledger.putPlan(plan.policy.digest, json);
  const bound = createHash("sha256").update(json).digest("hex");
  if (order.bound === true) await ledger.putPlan(bound, json);
  const body: RunStarted = {
    plan: plan.policy.digest,
    ...(order.bound === true ? { bound } : {}),
    ...(order.firing === undefined ? {} : { firing: order.firing }),
    because: order.because,
    ...(order.by === undefined ? {} : { by: order.by }),
    ...(await authors(engine, order.by)),
    attempt: attemptNumber(await readHistory(ledger, chain)),
  };
  await ledger.append({ chain, key: keys.started(run), kind: "run_started", run, at: clock.now(), body }, lease);
  return run;
}

/** Who wrote the policy and started the run, where some approval leaves them out. */
async function authors({ plan, root }: Engine, by: string | undefined): Promise<Pick<RunStarted, "authors">> {
  const isAsked = Object.values(plan.bindings.approvers ?? {}).some(({ notAuthor }) => notAuthor);
  if (!isAsked) return {};
  const written = await authorOf(root, plan.policy.file);
  return written === undefined ? {} : { authors: by === undefined ? written : [...written, by] };
}

type Firing = Extract<Outcome, { kind: "fire" }>;

/** The newest firing, where its run was not started: a life was killed in between, or the run waits for another one's end. */
export async function waitingFiring({ ledger, chain, plan }: Engine): Promise<Firing | undefined> {
  const [firing] = await ledger.list({ chain, kinds: ["firing"], newest: true, limit: 1 });
  if (firing === undefined) return undefined;
  const { outcome } = bodyOf<{ readonly outcome: Outcome }>(firing);
  if (outcome.kind !== "fire") return undefined;
  const started = await ledger.find(chain, keys.started(runName(plan.policy.name, outcome.key)));
  return started === undefined ? outcome : undefined;
}
