import type { Minimum, Requirement } from "../../compiler/plan/condition.ts";

/** What the judge must know besides the requirement and the observation. The same context and observation always give the same finding. */
export interface Context {
  readonly task: "binary" | "multiclass" | "regression";
  /** Score at or above which a binary model says yes, 0..1; decisions in the rows win. */
  readonly decidesAt: number;
  /** Whether a version serves now. */
  readonly champion: boolean;
  /** The policy's `first_model`: with `refuse`, what needs a champion is inconclusive instead of skipped. */
  readonly firstModel: "absolute_gates_only" | "approval" | "refuse";
  /** Digest of the policy; part of the seed of every bootstrap, with the requirement's id and `rowSet`. */
  readonly policyDigest: string;
  /** Hash of the rows observed (of the snapshot); empty where nothing was snapshotted. */
  readonly rowSet?: string;
  /** Present where the same test is looked at again and again while requests come in: stages, the watch, rollback conditions. */
  readonly live?: Live;
}

export interface Live {
  /** Challenger requests at which the sequences are tightest: the stage's `at least N requests`, 1,000 where it names none. Fixed before the first look. */
  readonly planned: number;
  /** Declared share of the challenger, 0..1; tested against the observed split. Absent where requests are mirrored. */
  readonly share?: number;
}

/** What a requirement adds to its test. */
export interface Qualifiers {
  /** Part of the bootstrap's seed. */
  readonly id: string;
  readonly minimum?: Minimum;
  readonly clusteredBy?: string;
  readonly pool?: Requirement["pool"];
  readonly exclude?: Requirement["exclude"];
}
