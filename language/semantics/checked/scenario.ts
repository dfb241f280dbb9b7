import type { Span } from "../../text/source.ts";
import type { CountNoun } from "./condition.ts";
import type { Measure } from "./measure.ts";

/** A value that a scenario says instead of a source. Values are in the unit of the measure. */
export interface CheckedGiven {
  readonly measure: Measure;
  /** As the scenario writes it. */
  readonly text: string;
  readonly value: number;
  readonly over?: { readonly count: number; readonly of: CountNoun };
  /** Both ends in the unit of the measure; of the difference where the requirement compares. */
  readonly interval?: { readonly low: number; readonly high: number };
  /** Milliseconds since the scenario began; absent for what holds all the time. */
  readonly at?: number;
  readonly span: Span;
}

export type CheckedExpectation = { readonly span: Span } & (
  | {
      readonly kind: "verdict";
      readonly subject: "gate" | "stage";
      readonly name: string;
      readonly verdict: "pass" | "fail" | "inconclusive";
      /** Text of the requirement that decides. */
      readonly because?: string;
    }
  | { readonly kind: "run"; readonly at: number; readonly because?: "schedule" | "data" | "drift" | "decay" | "event" }
  | { readonly kind: "runs"; readonly count: number }
);

/** A test that lives beside a policy. */
export interface CheckedScenario {
  readonly title: string;
  readonly given: readonly CheckedGiven[];
  /** A predictions file instead of single values, from the policy's folder. */
  readonly predictions?: string;
  readonly expectations: readonly CheckedExpectation[];
  readonly span: Span;
}
