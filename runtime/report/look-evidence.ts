import type { Decision, Finding } from "../judge/finding.ts";
import type { Pairs, Rates } from "../judge/observation.ts";

/** What a look of a rollout rested on, as its record keeps it. */
export interface LookEvidence {
  /** The stage's requirements; absent while the traffic has not reached its share. */
  readonly decision?: Decision;
  /** Rollback conditions: `fail` where one holds, which takes the version back. */
  readonly conditions: readonly Finding[];
  /** ISO instants of the stretch that was judged. */
  readonly from?: string;
  readonly to?: string;
  readonly rates?: Rates;
  readonly pairs?: Pairs;
  /** Version of the runtime that judged. */
  readonly runtime?: string;
}
