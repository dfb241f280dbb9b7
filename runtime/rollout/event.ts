import type { Instant } from "../clock/clock.ts";
import type { Verdict } from "../judge/finding.ts";
import type { Truth } from "../triggers/streak.ts";
import type { Proof } from "./approval.ts";

/** What a look at traffic and evidence gave. */
export interface Look {
  readonly kind: "look";
  readonly at: Instant;
  /** Whether the observed share is the one asked for. `mismatch`: the sample ratio contradicts it, so nothing live is concluded. */
  readonly traffic: "converged" | "converging" | "mismatch";
  /** Share of the newest live requests that the challenger answered; null where there were none. */
  readonly observedShare: number | null;
  /** Verdict of the stage's requirements together; pass where it has none. */
  readonly verdict: Verdict;
  /** One plain sentence with the numbers. */
  readonly sentence: string;
  /** Whether the stage's minimum (`at least N requests`) has been reached. */
  readonly minimumMet: boolean;
  /** What counts towards that minimum so far; absent where the stage has none or nothing counts yet. */
  readonly counted?: number;
  /** Rollback conditions; empty while the challenger answers nobody. */
  readonly conditions: readonly { readonly id: string; readonly truth: Truth; readonly sentence: string }[];
  /** Revision of the route, where it is not the one that we set. */
  readonly foreignRevision: number | null;
  readonly frozen: { readonly until: Instant; readonly because: string } | null;
  /** While going back: whether the traffic is seen to be back; unknown while no request was seen. */
  readonly restored: Truth;
}

/** A person's word about a run, from the ledger. */
export interface Command {
  readonly kind: "command";
  readonly at: Instant;
  /** Sequence of its record in the ledger. */
  readonly record: number;
  readonly command: "approve" | "deny" | "hold" | "resume" | "rollback";
  readonly by: string;
  /** How it was shown who that is. */
  readonly proof: Proof;
  readonly because: string;
  /** Why an approval does not count; absent where it does. */
  readonly refused?: string;
  /** `rollback --to`: another version than the pinned one. */
  readonly to?: string;
}

/** What became of one smoke request. */
export interface SmokeAnswer {
  /** File and line of the request. */
  readonly request: string;
  /** HTTP status of the answer; null where none came. */
  readonly status: number | null;
  /** Real time until the answer, or until it was given up. */
  readonly milliseconds: number;
  /** What was wrong, in words. */
  readonly error?: string;
}

export type RolloutEvent =
  | Look
  | Command
  /** An effect is done. `answers`: to smoke requests. `revision`: of the route, after a change of the route. `detail`: what became of a message. */
  | {
      readonly kind: "done";
      readonly at: Instant;
      readonly key: string;
      readonly revision?: number;
      readonly detail?: string;
      readonly answers?: readonly SmokeAnswer[];
    }
  /** An attempt failed. `permanent`: repeating cannot help, for example a version that does not load. */
  | {
      readonly kind: "failed";
      readonly at: Instant;
      readonly key: string;
      readonly detail: string;
      readonly permanent: boolean;
      readonly answers?: readonly SmokeAnswer[];
    }
  /** Somebody else changed the route before ours could be set. */
  | { readonly kind: "elsewhere"; readonly at: Instant; readonly revision: number }
  /** An earlier run's rollback condition holds: this rollout ends before it touches traffic. */
  | { readonly kind: "abort"; readonly at: Instant; readonly because: string }
  /** A later run is about to change traffic: the keep of this one ends. */
  | { readonly kind: "superseded"; readonly at: Instant; readonly by: string };
