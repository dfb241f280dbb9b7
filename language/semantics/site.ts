import type { Span } from "../text/source.ts";
import type { Measure, Party } from "./checked/measure.ts";
import type { CheckedDataset } from "./checked/policy.ts";

/** Where a condition stands: it decides what can be measured there and what a bare name means. */
export interface Site {
  readonly place: "validate" | "gate" | "shadow" | "live" | "rollback" | "drift" | "decay";
  /** Dataset whose columns a bare name may mean. */
  readonly dataset?: CheckedDataset;
  /** Version that a metric without one belongs to. */
  readonly party?: Party;
}

/** What an operand measures, with what is needed to judge its limits. */
export interface Resolved {
  readonly measure: Measure;
  readonly text: string;
  readonly span: Span;
  /** Name of the metric or function. */
  readonly name: string;
  readonly low?: number;
  readonly high?: number;
  /** What the metric divides by, where that is not all rows. */
  readonly divides?: "positives" | "negatives";
  /** Whether each version has a number of its own; absent where that goes without saying. */
  readonly perVersion?: boolean;
}

/** What a place is called in a message. */
export function siteName(site: Site): string {
  const names = {
    validate: "`validate`",
    gate: "a gate",
    shadow: "a stage that mirrors",
    live: "a stage with live traffic",
    rollback: "`rollback when`",
    drift: "`drift`",
    decay: "`decay`",
  } as const;
  return names[site.place];
}
