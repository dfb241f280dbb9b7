import type { PipelinePlan } from "../../compiler/plan/plan.ts";
import type { Ledger, LedgerRecord } from "../ledger/ledger.ts";
import { loadRollout } from "../rollout/records.ts";
import type { RolloutState } from "../rollout/state.ts";
import type { RunFact } from "../triggers/input.ts";
import { gpuHoursUsed } from "./gpu-hours.ts";
import { bodyOf, keys, type RunEnded, type RunStarted, type SnapshotFacts, type StepEnded } from "./run-records.ts";

/** Runs looked back on, newest first: enough for any cooldown, budget or breaker. */
const REMEMBERED = 200;

/** One run as the ledger tells it. */
export interface RunHistory {
  readonly run: string;
  readonly started: RunStarted;
  readonly startedAt: number;
  readonly ended?: RunEnded;
  readonly endedAt?: number;
  /** When `train` was first started. */
  readonly trainedAt?: number;
  readonly snapshot?: SnapshotFacts;
  readonly rollout?: RolloutState;
  /** Real time of the author's steps, milliseconds by node. */
  readonly measured: Readonly<Record<string, number>>;
}

type History = Pick<Ledger, "list" | "find">;

/** The newest runs of a policy, oldest first. */
export async function readHistory(ledger: History, chain: string): Promise<readonly RunHistory[]> {
  const started = await ledger.list({ chain, kinds: ["run_started"], newest: true, limit: REMEMBERED });
  return Promise.all([...started].reverse().map((record) => readRun(ledger, chain, record)));
}

async function readRun(ledger: History, chain: string, started: LedgerRecord): Promise<RunHistory> {
  const run = started.run;
  if (run === undefined) throw new Error(`record ${chain}#${started.sequence} starts a run without a name`);
  const [ended, train, snapshot, rollout, ...steps] = await Promise.all([
    ledger.find(chain, keys.ended(run)),
    ledger.find(chain, keys.stepStarted(run, "train", 1)),
    ledger.find(chain, keys.stepEnded(run, "snapshot")),
    loadRollout(ledger, chain, run),
    ledger.find(chain, keys.stepEnded(run, "train")),
    ledger.find(chain, keys.stepEnded(run, "evaluate")),
  ]);
  const left = snapshot === undefined ? undefined : bodyOf<StepEnded>(snapshot);
  return {
    run,
    started: bodyOf<RunStarted>(started),
    startedAt: started.at,
    ...(ended === undefined ? {} : { ended: bodyOf<RunEnded>(ended), endedAt: ended.at }),
    ...(train === undefined ? {} : { trainedAt: train.at }),
    ...(left?.word === "ready" ? { snapshot: left.facts as unknown as SnapshotFacts } : {}),
    ...(rollout === undefined ? {} : { rollout }),
    measured: Object.fromEntries(steps.flatMap((record) => (record === undefined ? [] : [measuredIn(record)]))),
  };
}

function measuredIn(record: LedgerRecord): [node: string, milliseconds: number] {
  const { node, facts } = bodyOf<StepEnded>(record);
  const { measured } = facts as { measured?: { milliseconds?: number } };
  return [node, measured?.milliseconds ?? 0];
}

/** A run that has not ended, the newest one; there is at most one while everything goes well. */
export function openRun(history: readonly RunHistory[]): RunHistory | undefined {
  return history.findLast((one) => one.ended === undefined);
}

/** The runs as the trigger engine wants to know them; `plan` says how many gpus a step has. */
export function runFacts(history: readonly RunHistory[], plan: PipelinePlan): RunFact[] {
  return history.map((one) => {
    const { rollout } = one;
    const isBack = rollout?.outcome === "rolled_back" || rollout?.outcome === "rollback_failed";
    return {
      run: one.run,
      startedAt: one.startedAt,
      gpuHours: gpuHoursUsed(plan, one.measured),
      ...(one.started.firing === undefined ? {} : { key: one.started.firing }),
      ...(one.trainedAt === undefined ? {} : { trainedAt: one.trainedAt }),
      ...(rollout?.promotedAt == null ? {} : { promotedAt: rollout.promotedAt }),
      ...(isBack && rollout.rollback !== null ? { rolledBackAt: rollout.rollback.since } : {}),
      ...(one.endedAt === undefined || one.ended === undefined
        ? {}
        : { endedAt: one.endedAt, outcome: one.ended.outcome }),
      ...(one.snapshot === undefined ? {} : { rowSet: one.snapshot.rowSet }),
    };
  });
}

/** The version that serves as champion by what the ledger says was done; the registry's alias only repeats it. */
export interface Champion {
  readonly version: string;
  readonly promotedAt: number;
}

/** Follows promotions and rollbacks in the order of the runs. */
export function championOf(history: readonly RunHistory[]): Champion | undefined {
  const promoted = new Map<string, number>();
  let champion: Champion | undefined;
  for (const { rollout } of history) {
    if (rollout?.promotedAt == null) continue;
    promoted.set(rollout.start.challenger, rollout.promotedAt);
    champion = { version: rollout.start.challenger, promotedAt: rollout.promotedAt };
    const isBack = rollout.outcome === "rolled_back" && rollout.rollback !== null;
    if (!isBack) continue;
    const { to, since } = rollout.rollback;
    champion = to === null ? undefined : { version: to, promotedAt: promoted.get(to) ?? since };
  }
  return champion;
}

/** Runs since the last promotion, the coming one included: how often the gate has been tried on nearly the same data. */
export function attemptNumber(history: readonly RunHistory[]): number {
  const last = history.findLastIndex((one) => one.rollout?.promotedAt != null);
  return history.length - last;
}
