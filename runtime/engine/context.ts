import type { Lease } from "../ledger/ledger.ts";
import type { Engine } from "./engine.ts";
import { bodyOf, keys, type SnapshotFacts, type StepEnded } from "./run-records.ts";
import type { Turns } from "./turns.ts";

/** One run under way: everything a verb or step of it works with. */
export interface RunContext {
  readonly engine: Engine;
  readonly run: string;
  readonly lease: Lease;
  /** Aborted when the run is cancelled or its lease is lost. */
  readonly signal: AbortSignal;
  /** What must not overlap with a tick of the monitor beside this run: the beginning of the rollout, after which no other run takes its place. */
  readonly turns?: Turns;
}

/** What a verb or step says: the word for its edge, one plain sentence, and facts for later nodes. */
export interface NodeResult {
  readonly word: string;
  readonly sentence: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** What an earlier node of this run left; undefined when it has not ended. */
export async function nodeFacts<Facts>(context: RunContext, node: string): Promise<Facts | undefined> {
  const record = await context.engine.ledger.find(context.engine.chain, keys.stepEnded(context.run, node));
  return record === undefined ? undefined : (bodyOf<StepEnded>(record).facts as Facts);
}

/** Facts of the snapshot, which every later node may rely on. */
export async function snapshotFacts(context: RunContext): Promise<SnapshotFacts> {
  const facts = await nodeFacts<SnapshotFacts>(context, "snapshot");
  if (facts === undefined) throw new Error(`run ${context.run} has no snapshot`);
  return facts;
}
