import type { LedgerRecord } from "../ledger/ledger.ts";
import type { Snapshot } from "../sources/source.ts";
import type { RunFact } from "../triggers/input.ts";

/** Body of `run_started`. */
export interface RunStarted {
  /** Digest under which the ledger keeps the plan that this run follows to its end. */
  readonly plan: string;
  /** SHA-256 of the whole plan, bindings included, under which the ledger keeps it too: steps of an engine have no configuration. Absent on one machine. */
  readonly bound?: string;
  /** Key of the firing that started it; absent for a run by hand. */
  readonly firing?: string;
  /** Why, in words: the causes, or what a person wrote. */
  readonly because: string;
  /** Who started it by hand, as the terminal was told. */
  readonly by?: string;
  /** Who wrote the policy as it stood then and who started the run, by every name known; only where an approval leaves out authors, and absent where it cannot be told. */
  readonly authors?: readonly string[];
  /** Runs since the last promotion, this one included: how often the gate has been tried. */
  readonly attempt: number;
}

/** Body of `step_started`. */
export interface StepStarted {
  readonly node: string;
  readonly attempt: number;
  /** Real time, epoch milliseconds, at which a step was left to an engine; absent on one machine. */
  readonly handedOver?: number;
}

/** Body of `step_ended`: the word on the node's edge, and what later nodes read. */
export interface StepEnded {
  readonly node: string;
  readonly word: string;
  readonly sentence: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Body of `run_ended`. */
export interface RunEnded {
  readonly outcome: NonNullable<RunFact["outcome"]>;
  /** The node after which it ended. */
  readonly node: string;
  readonly sentence: string;
}

/** Facts of the snapshot node. */
export interface SnapshotFacts {
  readonly snapshots: Readonly<Record<string, Snapshot>>;
  /** Version that is champion as the run begins; absent for the first model. */
  readonly champion?: string;
  /** All row-set hashes in one: what a validation stop waits on. */
  readonly rowSet: string;
}

/** Reads the body of a record of a known kind; the ledger's hash chain vouches for its shape. */
export function bodyOf<Body>(record: LedgerRecord): Body {
  return record.body as Body;
}

/** Keys of a run's records: the same in every life of the run. */
export const keys = {
  started: (run: string) => `run/${run}/started`,
  stepStarted: (run: string, node: string, attempt: number) => `run/${run}/${node}/started/${attempt}`,
  stepEnded: (run: string, node: string) => `run/${run}/${node}/ended`,
  decision: (run: string, program: string) => `run/${run}/decision/${program}`,
  ended: (run: string) => `run/${run}/ended`,
} as const;
